package dev.thermae.cli;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** One HTTP client, made when the first request goes out. Thread-safe. */
final class SharedClient implements Supplier<OkHttpClient>, AutoCloseable {
  private static final int IDLE_CONNECTIONS = 32;

  /** Common servers close idle connections after five seconds: we must be the first. */
  private static final int IDLE_SECONDS = 4;

  private @Nullable OkHttpClient client;

  @Override
  public synchronized OkHttpClient get() {
    OkHttpClient known = client;
    if (known == null) {
      known =
          new OkHttpClient.Builder()
              .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, IDLE_SECONDS, TimeUnit.SECONDS))
              .build();
      client = known;
    }
    return known;
  }

  @Override
  public synchronized void close() {
    OkHttpClient known = client;
    if (known != null) {
      known.dispatcher().executorService().shutdown();
      known.connectionPool().evictAll();
    }
  }
}
