package dev.thermae.http.resource;

import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens when a stored response cannot simply be handed out: judge it, ask the origin, and
 * see what its answer means for the store. Thread-safe.
 */
final class OriginWalk implements AutoCloseable {
  /** How long it is believed that what is answered for a key cannot be shared. */
  private static final long UNSHARED_MILLIS = 10_000;

  /** No revalidation in the background sooner than this after one that failed. */
  private static final long PAUSE_MILLIS = 5_000;

  private final ResourceLoader loader;
  private final Rules rules;
  private final TimeSource time;
  private final Counters counters;
  private final ResourceLoaderBuilder settings;
  private final ResponseWriter writer;
  private final Collapsing collapsing = new Collapsing();
  private final FlowWriter flows;

  private final Recent<Boolean> unshared = new Recent<>();
  private final Recent<Boolean> paused = new Recent<>();
  private final Recent<FetchException> failures = new Recent<>();
  private @Nullable Transport transport;
  private @Nullable Revalidation revalidation;

  OriginWalk(ResourceLoader loader, ResourceLoaderBuilder settings, Counters counters) {
    this.loader = loader;
    this.time = settings.time;
    this.counters = counters;
    this.rules = settings.rules();
    this.settings = settings;
    this.flows = new FlowWriter(loader, settings.store, counters, time, settings.maximumBytes);
    this.writer =
        new ResponseWriter(loader, settings.store, rules, settings.keepSameBytes, counters, flows);
  }

  /**
   * One hop.
   *
   * @param found what the store has, readable or not
   * @param lost whether it is known that it cannot be read
   * @param own the request's own way to the origin, if it has one
   */
  Fetched fetch(
      ResourceRequest request,
      String url,
      @Nullable StoredEntry found,
      boolean lost,
      @Nullable Transport own)
      throws IOException {
    CacheControl control = CacheControl.ofRequest(request.wire());
    Exchange exchange = new Exchange(request, url, control, found, own);
    StoredEntry entry = lost ? null : found;
    Candidate candidate = entry == null ? null : Candidate.open(entry, request, rules);
    Fetched served = candidate == null ? null : serve(exchange, candidate);
    if (served != null) {
      return served;
    }
    if (control.is(CacheControl.ONLY_IF_CACHED)) {
      Metadata timeout = new Metadata(504, "Gateway Timeout", HeaderList.EMPTY);
      return new Fetched(
          loader, url, timeout, new byte[0], 0, null, "only-if-cached, and nothing usable stored");
    }
    // A call of the caller's own keeps its own time-outs and cancellation: it waits for nobody.
    boolean alone =
        own != null
            || !request.isPlain()
            || request.isHead()
            || candidate != null && candidate.head().lifetime() == 0;
    Fetched arriving = alone ? null : flows.underWay(loader.key(url));
    Fetched joined = arriving == null ? null : share(exchange, arriving);
    if (joined != null) {
      return joined;
    }
    Fetched brought = alone ? null : collapsed(exchange, entry, candidate);
    return brought == null ? forward(exchange, entry, candidate) : brought;
  }

  /** What is stored, where it may be used now; null where the origin has to be asked. */
  private @Nullable Fetched serve(Exchange exchange, Candidate candidate) {
    long now = time.millis();
    return switch (Freshness.judge(
        exchange.control(), candidate.control(), candidate.head(), now, rules)) {
      case FRESH -> candidate.fetched(loader, exchange.url(), now, Fetched.Outcome.FRESH, null);
      case STALE_ACCEPTED -> {
        String why = "the request accepts stale responses";
        yield candidate.fetched(loader, exchange.url(), now, Fetched.Outcome.FRESH, why);
      }
      case STALE_WHILE_REVALIDATE -> {
        if (exchange.transport() != null && settings.client == null) {
          yield null; // that way to the origin ends with the caller's request
        }
        revalidate(exchange.withoutTransport(), candidate, now);
        String why = "stale-while-revalidate";
        yield candidate.fetched(loader, exchange.url(), now, Fetched.Outcome.STALE, why);
      }
      case VALIDATE -> null;
    };
  }

  /** RFC 5861 section 3: asks the origin while nobody waits, once at a time for each resource. */
  private void revalidate(Exchange exchange, Candidate candidate, long now) {
    String key = loader.key(exchange.url());
    if (collapsing.isUnderWay(key) || paused.of(key, now) != null) {
      return;
    }
    revalidation()
        .submit(
            key,
            () -> {
              try {
                Fetched news =
                    collapsing.join(
                        key,
                        exchange.url(),
                        false,
                        () -> validate(exchange, candidate),
                        other -> other);
                if (!isBrought(news)) {
                  paused.learn(key, Boolean.TRUE, time.millis(), PAUSE_MILLIS);
                }
              } catch (IOException e) {
                paused.learn(key, Boolean.TRUE, time.millis(), PAUSE_MILLIS);
                counters.onFault("revalidation of " + exchange.url(), e);
              }
            });
  }

  /** To its end, though nobody reads it yet; false where it breaks off. */
  private static boolean isBrought(@Nullable Fetched news) {
    BodyFlow flow = news == null ? null : news.flow();
    if (flow == null) {
      return true;
    }
    Pieces interest = flow.open(0, 0);
    try {
      flow.bring();
    } finally {
      if (interest != null) {
        interest.close();
      }
    }
    return flow.isWhole();
  }

  /** Shares the answer to a request that is under way already, where there is one. */
  private @Nullable Fetched collapsed(
      Exchange exchange, @Nullable StoredEntry entry, @Nullable Candidate candidate)
      throws IOException {
    String resource = loader.key(exchange.url());
    String same = resource + '\n' + exchange.request().wire();
    for (String key : List.of(resource, same)) {
      if (unshared.of(resource, time.millis()) != null) {
        break;
      }
      Fetched brought =
          collapsing.join(
              key,
              exchange.url(),
              true,
              () -> ask(resource, exchange, entry, candidate),
              other -> share(exchange, other));
      if (brought != null) {
        return brought;
      }
    }
    return null;
  }

  private Fetched ask(
      String resource,
      Exchange exchange,
      @Nullable StoredEntry entry,
      @Nullable Candidate candidate)
      throws IOException {
    Fetched since = storedSince(resource, exchange);
    if (since != null) {
      return since;
    }
    Fetched brought = forward(exchange, entry, candidate);
    boolean stored = brought.entry() != null || brought.flow() != null && brought.head() != null;
    boolean reusable = stored && brought.timeToLive() > 0;
    if (!reusable && brought.outcome() != Fetched.Outcome.STALE) {
      unshared.learn(resource, Boolean.TRUE, time.millis(), UNSHARED_MILLIS);
    }
    return brought;
  }

  /**
   * What was stored after this request had looked, where it may be used: by a request that was
   * answered before this one could wait for it.
   */
  private @Nullable Fetched storedSince(String resource, Exchange exchange) {
    ResourceRequest request = exchange.request();
    StoredEntry now = settings.store.find(resource, request.selector());
    StoredEntry found = exchange.found();
    if (now == null || found != null && isSame(now.head(), found.head())) {
      return null;
    }
    Candidate candidate = Candidate.open(now, request, rules);
    return candidate == null ? null : serve(exchange, candidate);
  }

  private static boolean isSame(EntryHead one, EntryHead other) {
    return one.generation().equals(other.generation())
        && one.responseTime() == other.responseTime();
  }

  /** Another request's answer, where the store could hand it to this one. */
  private @Nullable Fetched share(Exchange exchange, Fetched brought) throws IOException {
    EntryHead head = brought.head();
    boolean takesFlows = exchange.request().streamFrom() < Long.MAX_VALUE;
    boolean readable = brought.flow() == null ? brought.entry() != null : takesFlows;
    if (!readable
        || head == null
        || !exchange.request().selecting(head.selecting()).equals(head.selecting())) {
      return null;
    }
    boolean standsIn = brought.outcome() == Fetched.Outcome.STALE;
    long now = time.millis();
    if (!standsIn && !head.isFresh(now)) {
      return null;
    }
    return brought.shared(standsIn ? Fetched.Outcome.STALE : Fetched.Outcome.FRESH, now);
  }

  private Fetched forward(
      Exchange exchange, @Nullable StoredEntry entry, @Nullable Candidate candidate)
      throws IOException {
    Forwarding why = why(exchange, entry, candidate);
    return validate(exchange, candidate).forwarded(why);
  }

  private Forwarding why(
      Exchange exchange, @Nullable StoredEntry entry, @Nullable Candidate candidate) {
    if (exchange.request().isPastCache()) {
      return Forwarding.BYPASS;
    } else if (entry == null) {
      // Whatever is stored selects itself.
      StoredEntry other = settings.store.find(loader.key(exchange.url()), stored -> stored);
      return other == null ? Forwarding.URI_MISS : Forwarding.VARY_MISS;
    } else if (candidate == null) {
      return Forwarding.STALE;
    }
    Freshness.Verdict unasked =
        Freshness.judge(
            CacheControl.NONE, candidate.control(), candidate.head(), time.millis(), rules);
    return unasked == Freshness.Verdict.FRESH ? Forwarding.REQUEST : Forwarding.STALE;
  }

  /** RFC 9111 section 4.3. */
  private Fetched validate(Exchange exchange, @Nullable Candidate candidate) throws IOException {
    HeaderList plain = exchange.request().wire();
    HeaderList fields =
        candidate == null ? plain : Validation.conditions(plain, candidate.metadata().headers());
    long requested = time.millis();
    String key = loader.key(exchange.url());
    FetchException failed = failures.of(key, requested);
    if (failed != null) {
      return standIn(exchange, candidate, failed.again());
    }
    Answer answer;
    try {
      Transport own = exchange.transport();
      String method = exchange.request().isHead() ? "HEAD" : "GET";
      answer =
          (own == null ? transport() : own)
              .send(method, exchange.url(), fields, exchange.request().streamFrom());
    } catch (FetchException e) {
      throw e;
    } catch (IOException e) {
      return disconnected(exchange, candidate, e);
    }
    if (answer.status() == 304 && fields.size() > plain.size() && candidate != null) {
      Fetched kept = writer.refresh(exchange, candidate, answer, requested);
      return kept != null ? kept.answered(304) : validate(exchange, null);
    }
    return answered(exchange, candidate, answer, requested).answered(answer.status());
  }

  private Fetched answered(
      Exchange exchange, @Nullable Candidate candidate, Answer answer, long requested)
      throws IOException {
    if (answer.status() == 304 && !exchange.request().isPastCache()) {
      throw FetchException.answered(
          exchange.url(), 304, answer.protocol() + " 304, though nothing conditional was asked");
    }
    if (candidate != null && isServerError(answer.status())) {
      String said = said(answer);
      long now = time.millis();
      if (Freshness.mayStandIn(
          exchange.control(), candidate.control(), candidate.head(), now, false, rules)) {
        return candidate.fetched(loader, exchange.url(), now, Fetched.Outcome.STALE, said);
      }
      return writer.pass(exchange, answer, requested, said);
    }
    return exchange.request().isHead()
        ? writer.head(exchange, candidate, answer, requested)
        : writer.write(exchange, answer, requested);
  }

  /** RFC 5861 section 4. */
  private static boolean isServerError(int status) {
    return status == 500 || status == 502 || status == 503 || status == 504;
  }

  private static String said(Answer answer) {
    return answer.protocol() + ' ' + answer.status() + ' ' + answer.metadata().reason();
  }

  /** A caller that was interrupted is not a network that failed. */
  private Fetched disconnected(Exchange exchange, @Nullable Candidate candidate, IOException cause)
      throws FetchException {
    FetchException failure = FetchException.failed(exchange.url(), cause);
    if (cause instanceof InterruptedIOException && Thread.currentThread().isInterrupted()) {
      throw failure;
    }
    if (exchange.transport() == null) {
      String key = loader.key(exchange.url());
      failures.learn(key, failure, time.millis(), rules.negativeMillis());
    }
    return standIn(exchange, candidate, failure);
  }

  /** RFC 9111 section 4.2.4. */
  private Fetched standIn(Exchange exchange, @Nullable Candidate candidate, FetchException failure)
      throws FetchException {
    long now = time.millis();
    if (candidate == null
        || !Freshness.mayStandIn(
            exchange.control(), candidate.control(), candidate.head(), now, true, rules)) {
      throw failure;
    }
    String said = failure.getMessage();
    return candidate.fetched(loader, exchange.url(), now, Fetched.Outcome.STALE, said);
  }

  /** Nobody joins what is under way under this key. */
  void forget(String key) {
    flows.forget(key);
  }

  /** Long bodies that are being stored. */
  Collection<Fetched> underWay() {
    return flows.all();
  }

  /** Built when a request must go out, and not for one that the store can answer. */
  private synchronized Transport transport() {
    Transport known = transport;
    if (known == null) {
      known = settings.newTransport();
      transport = known;
    }
    return known;
  }

  private synchronized Revalidation revalidation() {
    Revalidation known = revalidation;
    if (known == null) {
      known = new Revalidation(settings.executor, counters);
      revalidation = known;
    }
    return known;
  }

  @Override
  public synchronized void close() {
    if (revalidation != null) {
      revalidation.close();
    }
    if (transport != null) {
      transport.close();
    }
  }
}
