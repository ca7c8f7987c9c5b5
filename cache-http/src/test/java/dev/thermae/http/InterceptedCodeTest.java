package dev.thermae.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Shape;
import dev.thermae.event.Temperature;
import dev.thermae.http.resource.CachingInterceptor;
import dev.thermae.http.resource.FakeTime;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.testing.PromptServer;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code lives as long as the response that any OkHttp client fetched through the interceptor. */
class InterceptedCodeTest {
  private final TextEngine engine = new TextEngine();
  private final MockWebServer server = PromptServer.create();
  @TempDir Path folder;
  private FakeTime time = new FakeTime();

  @BeforeEach
  void start() throws IOException {
    time = new FakeTime(Files.getLastModifiedTime(folder).toMillis() + 3_600_000);
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** A fresh process, as far as the cache can tell. */
  private void step(String body, Temperature temperature, int compiles) throws IOException {
    int before = engine.compiles.get();
    try (CodeCache cache =
        CodeCache.builder()
            .directory(folder)
            .time(time)
            .policy(CachePolicy.chrome().withMinimumBytes(0))
            .build()) {
      OkHttpClient client =
          new OkHttpClient.Builder().addInterceptor(CachingInterceptor.of(cache)).build();
      Request request = new Request.Builder().url(server.url("/a.js")).build();
      try (Response response = client.newCall(request).execute()) {
        assertThat(response.body().string()).isEqualTo(body);
        Fetched fetched = CachingInterceptor.fetched(response);
        assertThat(fetched).isNotNull();
        Compiled<String> unit =
            cache.compile(engine, fetched.source(), Shape.SCRIPT, fetched.entry());
        assertThat(unit.temperature()).isEqualTo(temperature);
        assertThat(unit.code()).isEqualTo(body);
      }
      client.connectionPool().evictAll();
    }
    assertThat(engine.compiles.get() - before).isEqualTo(compiles);
    time.advanceSeconds(1);
  }

  private void answer(int status, String body) {
    MockResponse.Builder response =
        new MockResponse.Builder()
            .code(status)
            .addHeader("Cache-Control", "max-age=60")
            .addHeader("ETag", '"' + body + '"');
    server.enqueue((status == 304 ? response : response.body(body)).build());
  }

  @Test
  void coldWarmHotAndAgainAfterEveryReplacement() throws IOException {
    answer(200, "one");
    step("one", Temperature.COLD, 1);
    step("one", Temperature.WARM, 1);
    step("one", Temperature.HOT, 0);

    time.advanceSeconds(60);
    answer(304, "one");
    step("one", Temperature.HOT, 0);

    time.advanceSeconds(60);
    answer(200, "two");
    step("two", Temperature.COLD, 1);
    assertThat(server.getRequestCount()).isEqualTo(3);
  }

  /** What the interceptor stored, a loader over the same cache finds. */
  @Test
  void sharesItsStoreWithLoaders() throws IOException {
    answer(200, "one");
    step("one", Temperature.COLD, 1);
    try (CodeLoader<String> loader =
        CodeLoader.builder(engine)
            .directory(folder)
            .time(time)
            .policy(CachePolicy.chrome().withMinimumBytes(0))
            .build()) {
      assertThat(loader.load(server.url("/a.js").toString()).temperature())
          .isEqualTo(Temperature.WARM);
    }
    assertThat(server.getRequestCount()).isEqualTo(1);
  }
}
