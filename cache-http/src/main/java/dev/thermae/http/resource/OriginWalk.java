package dev.thermae.http.resource;

import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * What happens when a stored response cannot simply be handed out: judge it, ask the origin, and
 * see what its answer means for the store. Thread-safe.
 */
final class OriginWalk implements AutoCloseable {
  private final ResourceLoader loader;
  private final Rules rules;
  private final TimeSource time;
  private final ResourceLoader.Builder settings;
  private final ResponseWriter writer;
  private @Nullable Transport transport;

  OriginWalk(ResourceLoader loader, ResourceLoader.Builder settings, Counters counters) {
    this.loader = loader;
    this.time = settings.time;
    this.rules =
        new Rules(
            settings.shared,
            settings.singleUser,
            settings.disconnectedMillis,
            settings.heuristicMillis);
    this.settings = settings;
    this.writer =
        new ResponseWriter(loader, settings.store, rules, settings.keepSameBytes, counters);
  }

  /** One hop; {@code entry} is what the store has, readable or not. */
  Fetched fetch(ResourceRequest request, String url, @Nullable StoredEntry entry)
      throws IOException {
    CacheControl control = CacheControl.ofRequest(request.wire());
    Exchange exchange = new Exchange(request, url, control);
    Candidate candidate = entry == null ? null : Candidate.open(entry, request, rules);
    if (candidate != null) {
      long now = time.millis();
      Freshness.Verdict verdict =
          Freshness.judge(control, candidate.control(), candidate.head(), now, rules);
      if (verdict == Freshness.Verdict.FRESH) {
        return candidate.fetched(loader, url, now, Fetched.Outcome.FRESH, null);
      }
      if (verdict == Freshness.Verdict.STALE_ACCEPTED) {
        String why = "the request accepts stale responses";
        return candidate.fetched(loader, url, now, Fetched.Outcome.FRESH, why);
      }
    }
    if (control.is(CacheControl.ONLY_IF_CACHED)) {
      Metadata timeout = new Metadata(504, "Gateway Timeout", HeaderList.EMPTY);
      return new Fetched(
          loader, url, timeout, new byte[0], 0, null, "only-if-cached, and nothing usable stored");
    }
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
    Answer answer;
    try {
      boolean head = exchange.request().isHead();
      answer =
          head ? transport().head(exchange.url(), fields) : transport().get(exchange.url(), fields);
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

  /** RFC 9111 section 4.2.4. A caller that was interrupted is not a network that failed. */
  private Fetched disconnected(Exchange exchange, @Nullable Candidate candidate, IOException cause)
      throws FetchException {
    FetchException failure = FetchException.failed(exchange.url(), cause);
    boolean interrupted =
        cause instanceof InterruptedIOException && Thread.currentThread().isInterrupted();
    if (candidate == null || interrupted) {
      throw failure;
    }
    long now = time.millis();
    if (!Freshness.mayStandIn(
        exchange.control(), candidate.control(), candidate.head(), now, true, rules)) {
      throw failure;
    }
    String said = failure.getMessage();
    return candidate.fetched(loader, exchange.url(), now, Fetched.Outcome.STALE, said);
  }

  /** Built when a request must go out, and not for one that the store can answer. */
  private synchronized Transport transport() {
    Transport known = transport;
    if (known == null) {
      known =
          new OkHttpTransport(
              settings.client, settings.timeoutMillis, settings.maximumBytes, settings.time);
      transport = known;
    }
    return known;
  }

  @Override
  public synchronized void close() {
    if (transport != null) {
      transport.close();
    }
  }
}
