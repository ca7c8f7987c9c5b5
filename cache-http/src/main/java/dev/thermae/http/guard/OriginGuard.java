package dev.thermae.http.guard;

import java.io.IOException;
import java.net.Proxy;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTTP clients that reach allowed origins only, and for those that are not internal only
 * addresses on the public internet. Thread-safe.
 *
 * <p>Every request is judged, so each hop of a redirect that its caller follows. The client follows
 * none by itself, and uses no proxy: a proxy would resolve names out of our sight. A name is
 * resolved once for a connection, its addresses are judged, and one of those is connected to, so
 * that a resolver that answers differently the next time gains nothing. Internal and public origins
 * share no connections.
 */
public final class OriginGuard implements Supplier<OkHttpClient>, Interceptor, AutoCloseable {
  private static final int IDLE_CONNECTIONS = 32;

  /** Common servers close idle connections after five seconds: we must be the first. */
  private static final int IDLE_SECONDS = 4;

  private final OriginRules rules;
  private final Supplier<OkHttpClient> supplier;
  private final SocketFactory sockets;
  private final ConnectionPool internalPool = pool();
  private final ConnectionPool publicPool = pool();
  private @Nullable OkHttpClient client;

  /**
   * A guard that lets through what {@code rules} say.
   *
   * @param supplier who makes the client beneath, asked when the first request goes out; its
   *     timeouts, TLS settings, interceptors and resolver are used, its pool and its proxy not. It
   *     stays the caller's to close.
   */
  public OriginGuard(OriginRules rules, Supplier<OkHttpClient> supplier) {
    this(rules, supplier, new GuardedSockets());
  }

  OriginGuard(OriginRules rules, Supplier<OkHttpClient> supplier, SocketFactory sockets) {
    this.rules = rules;
    this.supplier = supplier;
    this.sockets = sockets;
  }

  private static ConnectionPool pool() {
    return new ConnectionPool(IDLE_CONNECTIONS, IDLE_SECONDS, TimeUnit.SECONDS);
  }

  /** The guarded client, always the same. */
  @Override
  public synchronized OkHttpClient get() {
    OkHttpClient known = client;
    if (known == null) {
      known =
          supplier
              .get()
              .newBuilder()
              .proxy(Proxy.NO_PROXY)
              .followRedirects(false)
              .followSslRedirects(false)
              .addInterceptor(this) // the last, so that what it judges is what is sent
              .build();
      client = known;
    }
    return known;
  }

  /**
   * Judges one request and sends it on.
   *
   * @throws RefusedException when its origin is not allowed or has no address that is
   */
  @Override
  public Response intercept(Chain chain) throws IOException {
    HttpUrl url = chain.request().url();
    Chain direct = chain.withProxy(Proxy.NO_PROXY);
    rules.check(url);
    if (rules.judge(url) == OriginRules.Verdict.INTERNAL) {
      return direct.withConnectionPool(internalPool).proceed(chain.request());
    }
    return direct
        .withConnectionPool(publicPool)
        .withDns(new GuardedDns(chain.getDns()))
        .withSocketFactory(sockets)
        .proceed(chain.request());
  }

  /** Closes idle connections; the client beneath stays open. */
  @Override
  public void close() {
    internalPool.evictAll();
    publicPool.evictAll();
  }
}
