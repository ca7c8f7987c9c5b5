package dev.thermae.bench;

import com.github.mizosoft.methanol.HttpCache;
import com.github.mizosoft.methanol.Methanol;
import dev.thermae.CodeCache;
import dev.thermae.http.resource.CachingInterceptor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import okhttp3.Cache;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.cache.CacheConfig;
import org.apache.hc.client5.http.impl.cache.CachingHttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** An HTTP client with a cache, set up as a user of it would. */
interface Peer extends AutoCloseable {
  /** Room for the cache, in bytes. */
  long ROOM = 64L << 20;

  /** The body at a URL, all of it. */
  byte[] get(String url) throws Exception;

  /** Which one. */
  enum Kind {
    /** Ours, in a folder. */
    THERMAE_DISK,
    /** Ours, in memory. */
    THERMAE_MEMORY,
    /** OkHttp's own, which has no other place. */
    OKHTTP_DISK,
    /** Methanol's, in a folder. */
    METHANOL_DISK,
    /** Methanol's, in memory. */
    METHANOL_MEMORY,
    /** Apache HttpClient's, in memory. */
    APACHE_MEMORY
  }

  /** Builds one; its folder is made when it needs one. */
  static Peer of(Kind kind, Path folder) throws IOException {
    return switch (kind) {
      case THERMAE_DISK -> thermae(CodeCache.builder().directory(folder).build());
      case THERMAE_MEMORY -> thermae(CodeCache.builder().inMemory().build());
      case OKHTTP_DISK -> okHttp(new Cache(folder.toFile(), ROOM));
      case METHANOL_DISK -> methanol(HttpCache.newBuilder().cacheOnDisk(folder, ROOM).build());
      case METHANOL_MEMORY -> methanol(HttpCache.newBuilder().cacheOnMemory(ROOM).build());
      case APACHE_MEMORY -> apache();
    };
  }

  private static Peer thermae(CodeCache cache) {
    OkHttpClient client =
        new OkHttpClient.Builder().addInterceptor(CachingInterceptor.of(cache)).build();
    return new OkHttp(client, cache);
  }

  private static Peer okHttp(Cache cache) {
    return new OkHttp(new OkHttpClient.Builder().cache(cache).build(), cache);
  }

  /** OkHttp with either cache. */
  record OkHttp(OkHttpClient client, AutoCloseable cache) implements Peer {
    @Override
    public byte[] get(String url) throws IOException {
      Request request = new Request.Builder().url(url).build();
      try (Response response = client.newCall(request).execute()) {
        return response.body().bytes();
      }
    }

    @Override
    public void close() throws Exception {
      cache.close();
      client.dispatcher().executorService().shutdown();
      client.connectionPool().evictAll();
    }
  }

  private static Peer methanol(HttpCache cache) {
    Methanol client = Methanol.newBuilder().cache(cache).build();
    return new Peer() {
      @Override
      public byte[] get(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
      }

      @Override
      public void close() throws Exception {
        cache.close();
      }
    };
  }

  private static Peer apache() {
    CacheConfig config = CacheConfig.custom().setSharedCache(false).setMaxObjectSize(ROOM).build();
    CloseableHttpClient client = CachingHttpClientBuilder.create().setCacheConfig(config).build();
    return new Peer() {
      @Override
      public byte[] get(String url) throws IOException {
        return client.execute(
            new HttpGet(url), response -> EntityUtils.toByteArray(response.getEntity()));
      }

      @Override
      public void close() throws IOException {
        client.close();
      }
    };
  }
}
