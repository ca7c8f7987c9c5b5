package dev.thermae.http.resource;

import dev.thermae.event.Counters;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.NoRoomException;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an answer does to the store. A store that fails is reported and gone around: the answer is
 * the caller's all the same. Thread-safe.
 */
final class ResponseWriter {
  private final ResourceLoader loader;
  private final Store store;
  private final Rules rules;
  private final boolean keepSameBytes;
  private final Counters counters;
  private final FlowWriter flows;

  ResponseWriter(
      ResourceLoader loader,
      Store store,
      Rules rules,
      boolean keepSameBytes,
      Counters counters,
      FlowWriter flows) {
    this.flows = flows;
    this.loader = loader;
    this.store = store;
    this.rules = rules;
    this.keepSameBytes = keepSameBytes;
    this.counters = counters;
  }

  /**
   * A 304: the head is rewritten and the generation stays (RFC 9111 section 4.3.4). Null where the
   * answer selects another response than the stored one, or that was replaced meanwhile.
   */
  @Nullable Fetched refresh(Exchange exchange, Candidate old, Answer answer, long requested) {
    if (!Validation.selects(answer.headers(), old.metadata().headers())) {
      return null;
    }
    long arrived = answer.arrived();
    Metadata news = Heads.stored(Heads.kept(answer.metadata()), arrived);
    Metadata whole = Heads.updated(old.metadata(), news);
    Storability verdict = Storability.judge(exchange.control(), answer.sent(), whole, 1, rules);
    if (verdict != Storability.STORE) { // one user's fields are not everybody's
      String why = "304, and the stored head stays as it is: " + verdict.words();
      return old.fetched(loader, exchange.url(), arrived, Fetched.Outcome.REVALIDATED, why);
    }
    Metadata updated = Heads.without(whole, Storability.withheld(whole, answer.sent(), rules));
    long initialAge = Freshness.initialAge(answer.headers(), requested, arrived);
    long lifetime = Freshness.lifetime(updated, arrived, rules);
    byte[] metadata = MetadataCodec.encode(updated);
    EntryHead head = old.head().validated(requested, arrived, initialAge, lifetime, metadata);
    StoredEntry entry;
    try {
      entry = store.withHead(old.entry(), head);
    } catch (IOException e) {
      counters.onFault("head of " + exchange.url(), e);
      entry = old.entry();
    }
    loader.told(exchange.url(), updated.headers());
    return entry == null
        ? null
        : new Fetched(
            loader,
            exchange.url(),
            entry,
            head,
            old.body(),
            arrived,
            Fetched.Outcome.REVALIDATED,
            "the origin answered " + answer.status());
  }

  /**
   * HEAD tells what a GET would be answered: what is stored is updated, or no longer fresh (RFC
   * 9111 section 4.3.5).
   */
  Fetched head(Exchange exchange, @Nullable Candidate old, Answer answer, long requested) {
    if (old != null && answer.status() == 200) {
      if (!Validation.describes(answer.headers(), old.metadata().headers(), old.head())) {
        outdate(exchange, old, requested);
      } else {
        Fetched kept = refresh(exchange, old, answer, requested);
        if (kept != null) {
          return kept;
        }
      }
    }
    return pass(exchange, answer, requested, "an answer to HEAD");
  }

  private void outdate(Exchange exchange, Candidate old, long requested) {
    EntryHead was = old.head();
    EntryHead head =
        was.validated(requested, was.responseTime(), was.initialAge(), 0, was.metadata());
    try {
      store.withHead(old.entry(), head);
    } catch (IOException e) {
      counters.onFault("head of " + exchange.url(), e);
    }
  }

  /** Any other answer: stored where that is allowed, and handed out. */
  Fetched write(Exchange exchange, Answer answer, long requested) {
    Metadata kept = Heads.kept(answer.metadata());
    Heads.Times times = Heads.Times.of(kept, requested, answer.arrived(), rules);
    String names = Variants.names(kept.headers());
    Storability verdict = judge(exchange, answer, kept, times.lifetime(), names);
    if (verdict != Storability.STORE || names == null) {
      if (verdict.voids(answer.status(), answer.sent())) {
        forget(exchange, requested);
      }
      return pass(exchange, answer, requested, verdict.words());
    }
    String location = location(exchange, answer);
    Metadata received = Heads.stored(kept, answer.arrived());
    List<String> withheld = Storability.withheld(kept, answer.sent(), rules);
    EntryHead head =
        Heads.create(
            loader.key(exchange.url()),
            Variants.selecting(names, exchange.request().wire()),
            Heads.without(received, withheld),
            times,
            answer.body(),
            location,
            answer.arriving() != null
                ? null
                : Heads.SourceText.of(loader, exchange.url(), kept, answer.body()));
    Arriving arriving = answer.arriving();
    if (arriving != null) {
      Fetched through = flows.store(exchange, head, received, answer, arriving);
      return through == null ? pass(exchange, answer, requested, Fetched.NO_ROOM) : through;
    }
    try {
      Fetched same = keepSameBytes ? keep(exchange, head, answer) : null;
      Fetched stored = same == null ? put(exchange, head, answer) : same;
      loader.told(exchange.url(), kept.headers());
      attach(exchange, stored, answer.code());
      return stored == null
          ? pass(exchange, answer, requested, "a newer response is stored already")
          : stored.received(received);
    } catch (NoRoomException e) {
      counters.onDropped("body of " + exchange.url() + ": " + e.getMessage());
      return pass(exchange, answer, requested, Fetched.NO_ROOM);
    } catch (IOException e) {
      counters.onFault("body of " + exchange.url(), e);
      return pass(exchange, answer, requested, Fetched.STORE_FAILED);
    }
  }

  private Storability judge(
      Exchange exchange, Answer answer, Metadata kept, long lifetime, @Nullable String names) {
    if (exchange.request().isPastCache()) {
      return Storability.PAST_CACHE;
    }
    Storability verdict =
        Storability.judge(exchange.control(), answer.sent(), kept, lifetime, rules);
    if (verdict != Storability.STORE || names == null) {
      return verdict == Storability.STORE ? Storability.VARY : verdict;
    }
    String asked = Variants.selecting(names, exchange.request().wire());
    if (!asked.equals(Variants.selecting(names, answer.sent()))) {
      return Storability.CLIENT_VARIES;
    }
    return answer.whole() ? Storability.STORE : Storability.NOT_WHOLE;
  }

  private @Nullable Fetched put(Exchange exchange, EntryHead head, Answer answer)
      throws IOException {
    try (NewBody body = store.newBody(head.key())) {
      body.write(answer.body());
      StoredEntry entry = store.put(head, body);
      return entry == null
          ? null
          : fetched(exchange, entry, head, answer, Fetched.Outcome.STORED, "a new generation");
    }
  }

  /** Code that cannot be kept costs a compile, and nothing else. */
  private void attach(
      Exchange exchange, @Nullable Fetched stored, NearTier.@Nullable NearCode code) {
    StoredEntry entry = stored == null ? null : stored.entry();
    if (entry == null || code == null) {
      return;
    }
    try {
      code.attach(entry);
    } catch (NoRoomException e) {
      counters.onDropped("code of " + exchange.url() + ": " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      counters.onFault("code of " + exchange.url(), e);
    }
  }

  /** The opt-in: what is stored is what was answered, so its generation stays. */
  private @Nullable Fetched keep(Exchange exchange, EntryHead head, Answer answer)
      throws IOException {
    StoredEntry old = store.find(head.key(), exchange.request());
    if (old == null || !isSame(old, head, answer)) {
      return null;
    }
    EntryHead updated =
        old.head()
            .validated(
                head.requestTime(),
                head.responseTime(),
                head.initialAge(),
                head.lifetime(),
                head.metadata());
    StoredEntry entry = store.withHead(old, updated);
    return entry == null
        ? null
        : fetched(
            exchange, entry, updated, answer, Fetched.Outcome.KEPT, "a 200 with the same bytes");
  }

  private static boolean isSame(StoredEntry entry, EntryHead head, Answer answer) {
    EntryHead old = entry.head();
    boolean sameHead =
        answer.status() == 200
            && old.flags() == head.flags()
            && old.requestTime() <= head.requestTime()
            && old.bodyLength() == head.bodyLength()
            && old.selecting().equals(head.selecting())
            && old.charset().equals(head.charset());
    if (!sameHead || !Arrays.equals(entry.body(), answer.body())) {
      return false;
    }
    try {
      HeaderList fields = MetadataCodec.decode(old.metadata()).headers();
      return sameField(fields, answer.headers(), "Content-Type")
          && sameField(fields, answer.headers(), "Content-Encoding");
    } catch (MetadataException e) {
      return false; // of another version: stored anew
    }
  }

  private static boolean sameField(HeaderList one, HeaderList other, String name) {
    return one.all(name).equals(other.all(name));
  }

  private Fetched fetched(
      Exchange exchange,
      StoredEntry entry,
      EntryHead head,
      Answer answer,
      Fetched.Outcome outcome,
      String why) {
    return new Fetched(
        loader, exchange.url(), entry, head, answer.body(), answer.arrived(), outcome, why);
  }

  /** Hands an answer on without storing it. */
  Fetched pass(Exchange exchange, Answer answer, long requested, String why) {
    Metadata kept = Heads.kept(answer.metadata());
    long age = Freshness.initialAge(kept.headers(), requested, answer.arrived());
    String location = location(exchange, answer);
    Fetched passed = new Fetched(loader, exchange.url(), kept, answer.body(), age, location, why);
    Arriving arriving = answer.arriving();
    return arriving == null ? passed : passed.flowing(new BodyFlow(arriving));
  }

  private static @Nullable String location(Exchange exchange, Answer answer) {
    return Storability.isRedirect(answer.status())
        ? UrlParser.resolve(exchange.url(), answer.headers().first("Location"))
        : null;
  }

  /** A success that must not be stored replaces what is: that is void now. */
  private void forget(Exchange exchange, long requested) {
    String key = loader.key(exchange.url());
    try {
      if (store.find(key, exchange.request()) != null) {
        store.invalidate(key, requested + 1);
      }
    } catch (IOException e) {
      counters.onFault("head of " + exchange.url(), e);
    }
  }
}
