package dev.thermae.http.resource;

import dev.thermae.CodeCache;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.Store;
import java.io.IOException;
import java.time.Duration;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP cache for any OkHttp client: a private cache by RFC 9111, RFC 5861 and RFC 8246, whose
 * stored responses carry compiled code. Thread-safe; there is nothing to close.
 *
 * <pre>{@code
 * OkHttpClient client =
 *     new OkHttpClient.Builder().addInterceptor(CachingInterceptor.of(cache)).build();
 * }</pre>
 *
 * <p>GET is answered from the store or by the call itself, whose timeouts, cancellation, cookies,
 * authenticator and listeners hold as ever. HEAD is answered from a stored GET where that is fresh.
 * A request with conditions or a range of its own, a {@code Host} field, or an {@code Upgrade} goes
 * past the cache; so does every other method, and one that is not safe makes what is stored for its
 * URL void (RFC 9111 section 4.4). OkHttp's own cache is switched off for each call.
 *
 * <p>Redirects: OkHttp follows them below an application interceptor, which sees the last response
 * only. That one is handed on and not stored, since nobody can tell under which hop's rules. {@link
 * #installOn} is the way to have each hop cached under its own.
 *
 * <p>A response that may be stored is read to its end, at most {@link Builder#maximumBytes}, before
 * it is handed out; what is cut short fails then, and is never stored. Longer bodies, event streams
 * and whatever may not be stored are handed on unread.
 *
 * <p>A response says how it came about: {@code cacheResponse()} and {@code networkResponse()} as
 * with OkHttp's cache, {@code Age}, and a member {@code thermae} of {@code Cache-Status} (RFC
 * 9211). The call's event listener is told of {@code cacheHit}, {@code cacheMiss}, {@code
 * cacheConditionalHit} and {@code satisfactionFailure} once the outcome is known, which for a miss
 * is after the network's events.
 */
public final class CachingInterceptor implements Interceptor {
  private final CallCache calls;
  private final @Nullable Boolean ownRedirects;
  private final boolean otherSchemes;

  private CachingInterceptor(
      CallCache calls, @Nullable Boolean ownRedirects, boolean otherSchemes) {
    this.calls = calls;
    this.ownRedirects = ownRedirects;
    this.otherSchemes = otherSchemes;
  }

  /** A cache over a code cache's store, in every other respect as {@link #builder} makes them. */
  public static CachingInterceptor of(CodeCache cache) {
    return builder(cache).build();
  }

  /** A cache over a code cache's store, clock, counters and namespace. */
  public static Builder builder(CodeCache cache) {
    return new Builder(cache.store())
        .time(cache.time())
        .counters(cache.counters())
        .namespace(cache.namespace());
  }

  /** A cache that keeps what it fetches in {@code store}, which stays the caller's. */
  public static Builder builder(Store store) {
    return new Builder(store);
  }

  /**
   * What the cache knows of a response that it brought: its source, and the entry to which code is
   * attached. Null for a response that is not stored.
   *
   * <pre>{@code
   * Fetched fetched = CachingInterceptor.fetched(response);
   * if (fetched != null) {
   *   cache.compile(engine, fetched.source(), Shape.SCRIPT, fetched.entry());
   * }
   * }</pre>
   */
  public static @Nullable Fetched fetched(Response response) {
    return response.request().tag(Fetched.class);
  }

  /**
   * Adds this cache to a client that is being built and moves the following of redirects into it,
   * so that each hop is cached under its own rules. Whether redirects are followed stays what the
   * builder says by now; its own cache is switched off.
   *
   * @return the builder
   */
  public OkHttpClient.Builder installOn(OkHttpClient.Builder builder) {
    OkHttpClient said = builder.build();
    return builder
        .cache(null)
        .followRedirects(false)
        .followSslRedirects(false)
        .addInterceptor(
            new CachingInterceptor(calls, said.followRedirects(), said.followSslRedirects()));
  }

  /** Makes what is stored for {@code url} void, every variant (RFC 9111 section 4.4). */
  public void invalidate(String url) throws IOException {
    calls.invalidate(url);
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    if (chain.connection() != null) {
      throw new IllegalStateException(
          "a cache is an application interceptor: addInterceptor, not addNetworkInterceptor");
    }
    Chain uncached = chain.getCache() == null ? chain : chain.withCache(null);
    boolean follow = ownRedirects == null ? chain.getFollowRedirects() : ownRedirects;
    boolean other = ownRedirects == null ? chain.getFollowSslRedirects() : otherSchemes;
    Response response = calls.answer(uncached, uncached.request());
    int hops = 0;
    for (Request next = next(response, follow, other);
        next != null;
        next = next(response, follow, other)) {
      response.close();
      if (++hops > Redirects.MAXIMUM) {
        throw Redirects.tooMany(hops);
      }
      chain.getEventListener().followUpDecision(chain.call(), response, next);
      response = Redirects.after(response, calls.answer(uncached, next));
    }
    return response;
  }

  private static @Nullable Request next(Response response, boolean follow, boolean otherSchemes) {
    return follow ? Redirects.next(response, otherSchemes) : null;
  }

  /** Settings of a {@link CachingInterceptor}; not thread-safe. */
  public static final class Builder {
    private final ResourceLoaderBuilder settings;

    private Builder(Store store) {
      settings = ResourceLoader.builder(store).maximumBytes(16L << 20);
    }

    /** Where time comes from. */
    public Builder time(TimeSource source) {
      settings.time(source);
      return this;
    }

    /** Who counts faults of the store, such as a full disk. */
    public Builder counters(Counters counters) {
      settings.counters(counters);
      return this;
    }

    /** Tenant or trust domain; see {@link ResourceLoaderBuilder#namespace}. */
    public Builder namespace(String name) {
      settings.namespace(name);
      return this;
    }

    /**
     * Says that the namespace belongs to one user; see {@link ResourceLoaderBuilder#singleUser}.
     */
    public Builder singleUser(boolean isSingle) {
      settings.singleUser(isSingle);
      return this;
    }

    /** What becomes of code when a 200 replaces a body. */
    public Builder onReplace(OnReplace rule) {
      settings.onReplace(rule);
      return this;
    }

    /** Bytes that a body may have as received to be stored; default 16 MiB. */
    public Builder maximumBytes(long bytes) {
      settings.maximumBytes(bytes);
      return this;
    }

    /** See {@link ResourceLoaderBuilder#staleWhenDisconnected}; default one day. */
    public Builder staleWhenDisconnected(Duration limit) {
      settings.staleWhenDisconnected(limit);
      return this;
    }

    /** No heuristic lifetime is longer (RFC 9111 section 4.2.2); default one day. */
    public Builder maximumHeuristic(Duration limit) {
      settings.maximumHeuristic(limit);
      return this;
    }

    /** Builds the interceptor; nothing is opened. */
    public CachingInterceptor build() {
      return new CachingInterceptor(new CallCache(settings), null, false);
    }
  }
}
