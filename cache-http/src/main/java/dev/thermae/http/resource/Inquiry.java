package dev.thermae.http.resource;

import dev.thermae.store.EntryHead;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a {@link ResourceLoader} of certain settings would do: nothing is sent, and nothing in
 * the store changes. Thread-safe.
 */
public final class Inquiry {
  private final ResourceLoader loader;
  private final Rules rules;

  private Inquiry(ResourceLoaderBuilder settings) {
    loader = settings.build();
    rules = settings.rules();
  }

  /** What a loader of these settings would do. */
  public static Inquiry of(ResourceLoaderBuilder settings) {
    return new Inquiry(settings);
  }

  /**
   * The normal form of a URL, in which responses are stored.
   *
   * @throws FetchException when it is no URL for HTTP
   */
  public String normalize(String url) throws IOException {
    String plain = UrlText.withoutFragment(url);
    return UrlText.isNormal(plain) ? plain : UrlParser.normalize(plain);
  }

  /** The key of a URL in normal form. */
  public String key(String url) {
    return loader.key(url);
  }

  /** A stored response as it would be handed out, its body read when asked for. */
  public Fetched view(String url, StoredEntry entry, long now) {
    return new Fetched(loader, url, entry, entry.head(), null, now, null, null);
  }

  /** What would become of a request for which nothing is stored. */
  public Outlook missing(ResourceRequest request) {
    return unstored(request, "nothing is stored for the request");
  }

  private static Outlook unstored(ResourceRequest request, String why) {
    CacheControl control = CacheControl.ofRequest(request.wire());
    boolean refused = control.is(CacheControl.ONLY_IF_CACHED);
    return new Outlook(
        refused ? Outlook.Action.REFUSED : Outlook.Action.FETCHED,
        refused ? "the request says only-if-cached, and " + why : why,
        HeaderList.EMPTY,
        0,
        "",
        new Outlook.Stale(false, null, null, null));
  }

  /**
   * What would become of a request that selects a stored response.
   *
   * @param readable whether its body is
   */
  public Outlook outlook(ResourceRequest request, EntryHead head, boolean readable, long now)
      throws IOException {
    Metadata response = MetadataCodec.decode(head.metadata());
    CacheControl stored = CacheControl.ofResponse(response.headers(), rules);
    CacheControl control = CacheControl.ofRequest(request.wire());
    long staleAt = head.responseTime() - head.initialAge() + head.lifetime();
    String rule = FreshnessRule.of(response, stored, rules).words(response, stored);
    Outlook.Stale stale = stale(control, stored, head, Math.max(now, staleAt));
    if (request.isPastCache()) {
      String why = "the request has conditions or a range, which go past the cache";
      return new Outlook(Outlook.Action.FETCHED, why, HeaderList.EMPTY, staleAt, rule, stale);
    }
    if (!readable) {
      Outlook lost = unstored(request, "the stored body cannot be read");
      return new Outlook(lost.action(), lost.why(), HeaderList.EMPTY, staleAt, rule, stale);
    }
    Freshness.Verdict verdict = Freshness.judge(control, stored, head, now, rules);
    if (verdict != Freshness.Verdict.VALIDATE) {
      boolean fresh = verdict == Freshness.Verdict.FRESH;
      String accepted =
          verdict == Freshness.Verdict.STALE_ACCEPTED
              ? "it is stale, and the request accepts that"
              : "it is stale, and stale-while-revalidate lets the origin be asked meanwhile";
      String why = fresh ? "it is fresh" : accepted;
      return new Outlook(Outlook.Action.SERVED, why, HeaderList.EMPTY, staleAt, rule, stale);
    }
    String why = whyNot(control, stored, head, now);
    if (control.is(CacheControl.ONLY_IF_CACHED)) {
      String refused = "the request says only-if-cached, and " + why;
      return new Outlook(Outlook.Action.REFUSED, refused, HeaderList.EMPTY, staleAt, rule, stale);
    }
    HeaderList conditions = Validation.conditions(HeaderList.EMPTY, response.headers());
    return conditions.size() == 0
        ? new Outlook(
            Outlook.Action.FETCHED,
            why + ", and has no validator",
            conditions,
            staleAt,
            rule,
            stale)
        : new Outlook(Outlook.Action.VALIDATED, why, conditions, staleAt, rule, stale);
  }

  /** In the order in which {@link Freshness#judge} looks. */
  private static String whyNot(
      CacheControl request, CacheControl stored, EntryHead head, long now) {
    if (request.is(CacheControl.NO_CACHE)) {
      return "the request says no-cache";
    }
    if (stored.is(CacheControl.NO_CACHE)) {
      return "it says no-cache";
    }
    if (now < head.responseTime()) {
      return "it comes from the future: a clock was wrong";
    }
    long remaining = head.lifetime() - head.age(now);
    if (remaining > 0) {
      return request.minFresh() >= 0 && remaining < request.minFresh() * 1000
          ? "the request says min-fresh=" + request.minFresh()
          : "the request says max-age=" + request.maxAge();
    }
    return "it is stale";
  }

  /** Asks {@link Freshness} about a moment when the response is stale. */
  private Outlook.Stale stale(
      CacheControl request, CacheControl stored, EntryHead head, long when) {
    long staleAt = head.responseTime() - head.initialAge() + head.lifetime();
    long ifError = Math.max(request.staleIfError(), stored.staleIfError()) * 1000;
    long away = Math.max(ifError, rules.disconnectedMillis());
    boolean onError = Freshness.mayStandIn(request, stored, head, when, false, rules);
    boolean unreachable = Freshness.mayStandIn(request, stored, head, when, true, rules);
    CacheControl asking = CacheControl.ofRequest(HeaderList.of("Cache-Control", "max-stale"));
    Freshness.Verdict asked = Freshness.judge(asking, stored, head, when, rules);
    return new Outlook.Stale(
        asked == Freshness.Verdict.STALE_ACCEPTED,
        onError ? Long.valueOf(staleAt + ifError) : null,
        unreachable ? Long.valueOf(staleAt + away) : null,
        forbidding(stored));
  }

  private @Nullable String forbidding(CacheControl stored) {
    if (stored.is(CacheControl.NO_CACHE)) {
      return "no-cache";
    }
    if (stored.is(CacheControl.MUST_REVALIDATE)) {
      return "must-revalidate";
    }
    if (rules.shared() && stored.is(CacheControl.PROXY_REVALIDATE)) {
      return "proxy-revalidate";
    }
    return rules.shared() && stored.sharedMaxAge() >= 0 ? "s-maxage" : null;
  }
}
