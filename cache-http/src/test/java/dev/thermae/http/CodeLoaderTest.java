package dev.thermae.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.engine.CompileException;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.http.resource.FakeTime;
import dev.thermae.http.resource.FetchException;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.Fetched.Outcome;
import dev.thermae.http.resource.OnReplace;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.http.testing.PromptServer;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rule: a 304 keeps what is attached, a 200 makes the script cold. */
class CodeLoaderTest {
  private final TextEngine engine = new TextEngine();
  private final MockWebServer server = PromptServer.create();
  private OnReplace onReplace = OnReplace.CLEAR;
  @TempDir Path folder;
  private FakeTime time = new FakeTime();

  /** Marks carry the file system's time: our clock is an hour ahead of it. */
  @BeforeEach
  void start() throws IOException {
    time = new FakeTime(Files.getLastModifiedTime(folder).toMillis() + 3_600_000);
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void answer(int status, String body, String tag) {
    MockResponse.Builder response =
        new MockResponse.Builder()
            .code(status)
            .addHeader("ETag", tag)
            .addHeader("Cache-Control", "max-age=60");
    server.enqueue((status == 304 ? response : response.body(body)).build());
  }

  private CodeLoaderBuilder<String> settings() {
    return CodeLoader.builder(engine)
        .directory(folder)
        .time(time)
        .onReplace(onReplace)
        .policy(CachePolicy.chrome().withMinimumBytes(0));
  }

  /** A fresh isolate over the same folder. */
  private void step(String body, Outcome outcome, Temperature temperature, int compiles)
      throws IOException {
    int before = engine.compiles.get();
    String url = server.url("/a.js").toString();
    try (CodeLoader<String> loader = settings().build()) {
      Fetched fetched = loader.fetch(ResourceRequest.get(url));
      Compiled<String> unit = loader.compile(fetched);
      String step = fetched.why() + " / " + unit;
      assertThat(fetched.outcome()).as(step).isEqualTo(outcome);
      assertThat(unit.temperature()).as(step).isEqualTo(temperature);
      assertThat(unit.code()).isEqualTo(body);
      assertThat(loader.load(url).origin()).isEqualTo(Origin.MEMORY);
    }
    assertThat(engine.compiles.get() - before).isEqualTo(compiles);
    time.advanceSeconds(1);
  }

  @ParameterizedTest
  @EnumSource(OnReplace.class)
  void coldWarmHot(OnReplace rule) throws IOException {
    onReplace = rule;
    boolean keeps = rule == OnReplace.KEEP_IF_SAME_BYTES;
    answer(200, "one", "\"1\"");
    try (CodeLoader<String> loader = settings().build()) {
      assertThat(loader.load(server.url("/a.js").toString()).temperature())
          .isEqualTo(Temperature.COLD);
    }
    time.advanceSeconds(1);
    step("one", Outcome.FRESH, Temperature.WARM, 1);
    step("one", Outcome.FRESH, Temperature.HOT, 0);
    time.advanceSeconds(60);
    answer(304, "", "\"1\"");
    step("one", Outcome.REVALIDATED, Temperature.HOT, 0);
    time.advanceSeconds(60);
    answer(200, "two", "\"2\"");
    stepOnce("two", Outcome.STORED, Temperature.COLD);
    step("two", Outcome.FRESH, Temperature.WARM, 1);
    step("two", Outcome.FRESH, Temperature.HOT, 0);
    time.advanceSeconds(60);
    answer(200, "two", "\"3\"");
    stepOnce(
        "two", keeps ? Outcome.KEPT : Outcome.STORED, keeps ? Temperature.HOT : Temperature.COLD);
    step("two", Outcome.FRESH, keeps ? Temperature.HOT : Temperature.WARM, keeps ? 0 : 1);
  }

  /** Without the second load from memory, which would mark again. */
  private void stepOnce(String body, Outcome outcome, Temperature temperature) throws IOException {
    try (CodeLoader<String> loader = settings().build()) {
      Fetched fetched = loader.fetch(ResourceRequest.get(server.url("/a.js").toString()));
      assertThat(fetched.outcome()).isEqualTo(outcome);
      Compiled<String> unit = loader.compile(fetched);
      assertThat(unit.temperature()).isEqualTo(temperature);
      assertThat(unit.code()).isEqualTo(body);
    }
    time.advanceSeconds(1);
  }

  @Test
  void whatMustNotBeStoredIsCompiledAndStaysInMemory() throws IOException {
    for (int i = 0; i < 3; i++) {
      server.enqueue(
          new MockResponse.Builder().addHeader("Cache-Control", "no-store").body("secret").build());
      try (CodeLoader<String> loader = settings().policy(CachePolicy.eager()).build()) {
        Compiled<String> unit = loader.load(server.url("/a.js").toString());
        assertThat(unit.temperature()).isEqualTo(Temperature.COLD);
      }
    }
    assertThat(engine.compiles).hasValue(3);
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(file -> file.toString().matches(".*\\.[bc]"))).isEmpty();
    }
  }

  @Test
  void anAnswerThatIsNoSuccessIsAnException() {
    String url = server.url("/a.js").toString();
    server.enqueue(new MockResponse.Builder().code(404).body("no such script").build());
    try (CodeLoader<String> loader = settings().build()) {
      assertThatThrownBy(() -> loader.load(url))
          .isInstanceOfSatisfying(FetchException.class, e -> assertThat(e.status()).isEqualTo(404))
          .hasMessage("GET " + url + ": the origin answered 404 Client Error");
    }
    assertThat(engine.compiles).hasValue(0);
  }

  @Test
  void aScriptAtFaultIsTheCallersError() throws IOException {
    answer(200, "syntax error", "\"1\"");
    String url = server.url("/a.js").toString();
    try (CodeLoader<String> loader = settings().build()) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> loader.load(url))
            .isInstanceOf(CompileException.class)
            .hasMessageContaining(url + ":1:1");
      }
    }
    assertThat(engine.compiles).hasValue(1);
  }

  @Test
  void aGivenCacheIsSharedAndStaysOpen() throws IOException {
    answer(200, "one", "\"1\"");
    String url = server.url("/a.js").toString();
    try (CodeCache cache = CodeCache.builder().inMemory().time(time).build()) {
      try (CodeLoader<String> loader = CodeLoader.builder(engine).cache(cache).build()) {
        assertThat(loader.cache()).isSameAs(cache);
        assertThat(loader.load(url).origin()).isEqualTo(Origin.COMPILED);
      }
      try (CodeLoader<String> loader = CodeLoader.builder(engine).cache(cache).build()) {
        assertThat(loader.load(url).origin()).isEqualTo(Origin.MEMORY);
        assertThat(loader.resources()).isNotNull();
      }
      assertThatThrownBy(() -> CodeLoader.builder(engine).cache(cache).namespace("x").build())
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
