package dev.thermae.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.groovy.GroovyEngine;
import dev.thermae.engine.groovy.GroovyUnit;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.http.proxy.CodeStats;
import dev.thermae.http.proxy.ProxyServer;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.ResourceRequest;
import groovy.lang.Binding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.Test;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;

/** One compile at the proxy, none at the workers; whatever becomes of the proxy, right results. */
class ProxyFleetTest extends FleetFixture {
  private static final String JS =
      "function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2); }\n f(10) + x;\n";
  private static final String[] FRESH = {
    "Content-Type: text/javascript; charset=utf-8", "Cache-Control: max-age=60", "ETag: \"1\""
  };

  private final RhinoEngine rhino = RhinoEngine.create();
  private final GroovyEngine groovy = GroovyEngine.create();

  @Override
  List<Engine<?>> engines() {
    return List.of(rhino, groovy);
  }

  private String url(String path) {
    return originUrl() + path;
  }

  private static Object run(Compiled<Script> unit) {
    try (Context context = Context.enter()) {
      var scope = context.initStandardObjects();
      scope.put("x", scope, 1);
      return Context.toNumber(unit.code().exec(context, scope, scope));
    }
  }

  @Test
  void twoWorkersWithEmptyFoldersCompileNothing() throws Exception {
    answer(200, JS, FRESH);
    for (String folder : List.of("one", "two")) {
      ProxyTier tier = tier().build();
      try (var worker = worker(rhino, folder, tier)) {
        Fetched fetched = worker.fetch(ResourceRequest.get(url("/a.js")));
        assertThat(fetched.outcome()).isEqualTo(Fetched.Outcome.STORED);
        assertThat(fetched.headers().all("Vary")).isEmpty();
        assertThat(fetched.headers().first("ETag")).isEqualTo("\"1\"");
        assertThat(fetched.headers().first("Content-Type")).contains("charset=utf-8");
        var unit = worker.compile(fetched);
        assertThat(unit.temperature()).isEqualTo(Temperature.HOT);
        assertThat(unit.origin()).isEqualTo(Origin.RESTORED);
        assertThat(run(unit)).isEqualTo(56.0);
        assertThat(worker.cache().stats().compiles()).isZero();
        assertThat(worker.cache().stats().rejected()).isZero();
        assertThat(worker.cache().stats().faults()).isZero();
        assertThat(tier.stats().codes()).isEqualTo(1);
        assertThat(tier.stats().attached()).isEqualTo(1);
      }
    }
    CodeStats stats = proxy.codeStats();
    assertThat(compiler().compiles).hasValue(1);
    assertThat(stats.warm()).isEqualTo(1);
    assertThat(stats.hot()).isEqualTo(1);
    assertThat(stats.attached()).isEqualTo(1);
    assertThat(requests).hasSize(1);
    assertThat(requests.get(0).getHeaders().get("Accept")).isNull();
  }

  /** The next process is hot from its folder, and a 304 through the proxy keeps it so. */
  @Test
  void theNextProcessIsHotFromDiskAndStaysSoAcrossARevalidation() throws Exception {
    answer(200, JS, FRESH);
    try (var worker = worker(rhino, "one", tier().build())) {
      assertThat(run(worker.load(url("/a.js")))).isEqualTo(56.0);
    }
    ProxyTier unused = tier().build();
    try (var worker = worker(rhino, "one", unused)) {
      assertThat(worker.load(url("/a.js")).temperature()).isEqualTo(Temperature.HOT);
      assertThat(unused.stats().asked()).isZero();
    }
    time.advanceSeconds(100);
    answer(304, "", "ETag: \"1\"", "Cache-Control: max-age=60");
    ProxyTier tier = tier().build();
    try (var worker = worker(rhino, "one", tier)) {
      Fetched fetched = worker.fetch(ResourceRequest.get(url("/a.js")));
      assertThat(fetched.outcome()).isEqualTo(Fetched.Outcome.REVALIDATED);
      var unit = worker.compile(fetched);
      assertThat(unit.temperature()).isEqualTo(Temperature.HOT);
      assertThat(run(unit)).isEqualTo(56.0);
      assertThat(tier.stats().sources()).isEqualTo(1);
    }
    try (var worker = worker(rhino, "one", unused)) {
      assertThat(worker.load(url("/a.js")).temperature()).isEqualTo(Temperature.HOT);
    }
    assertThat(compiler().compiles).hasValue(1);
    assertThat(requests).hasSize(2);
  }

  /** A 200 in a revalidation brings its own code, in the same round trip. */
  @Test
  void aNewBodyBringsItsOwnCode() throws Exception {
    answer(200, JS, FRESH);
    try (var worker = worker(rhino, "one", tier().build())) {
      worker.load(url("/a.js"));
    }
    time.advanceSeconds(100);
    answer(200, "1 + x;", "Cache-Control: max-age=60", "ETag: \"2\"");
    try (var worker = worker(rhino, "one", tier().build())) {
      var unit = worker.load(url("/a.js"));
      assertThat(unit.temperature()).isEqualTo(Temperature.HOT);
      assertThat(run(unit)).isEqualTo(2.0);
      assertThat(worker.cache().stats().compiles()).isZero();
    }
    assertThat(compiler().compiles).hasValue(2);
  }

  /** Groovy's units bear the source's name, so the name is part of what is asked for. */
  @Test
  void unitsThatBearTheirNameComeTheSameWay() throws Exception {
    answer(200, "def f = { it * 2 }\nreturn f(21)\n", "Cache-Control: max-age=60");
    for (String folder : List.of("one", "two")) {
      try (var worker = worker(groovy, folder, tier().build())) {
        Compiled<GroovyUnit> unit = worker.load(url("/a.groovy"));
        assertThat(unit.temperature()).isEqualTo(Temperature.HOT);
        assertThat(unit.code().newScript(new Binding()).run()).isEqualTo(42);
        assertThat(worker.cache().stats().compiles()).isZero();
      }
    }
    assertThat(compiler().compiles).hasValue(1);
  }

  @Test
  void theProxyStoppedInTheMiddleCostsACompileAndNothingElse() throws Exception {
    answer(200, JS, FRESH);
    answer(200, "2 + x;", FRESH);
    ProxyTier tier = tier().build();
    try (var worker = worker(rhino, "one", tier)) {
      assertThat(worker.load(url("/a.js")).temperature()).isEqualTo(Temperature.HOT);
      proxy.close();
      assertThat(run(worker.load(url("/a.js")))).isEqualTo(56.0);
      assertThat(run(worker.load(url("/b.js")))).isEqualTo(3.0);
      assertThat(worker.cache().stats().compiles()).isEqualTo(1);
      assertThat(tier.stats().failed(ProxyFault.UNREACHABLE)).isEqualTo(1);
    }
    try (var worker = worker(rhino, "one", tier)) {
      assertThat(worker.load(url("/b.js")).temperature()).isEqualTo(Temperature.HOT);
    }
    assertThat(requests).hasSize(2);
  }

  /** After three failures the proxy is not asked for a while. */
  @Test
  void aProxyThatIsAwayIsLeftAlone() throws Exception {
    proxy.close();
    ProxyTier tier = tier().pause(Duration.ofMinutes(5)).build();
    try (var worker = worker(rhino, "one", tier)) {
      for (int i = 0; i < 6; i++) {
        answer(200, i + " + x;", FRESH);
        assertThat(run(worker.load(url("/" + i + ".js")))).isEqualTo(i + 1.0);
      }
    }
    assertThat(tier.stats().failed(ProxyFault.UNREACHABLE)).isEqualTo(3);
    assertThat(tier.stats().failed(ProxyFault.CIRCUIT_OPEN)).isEqualTo(3);
    assertThat(tier.stats().asked()).isEqualTo(3);
  }

  /** The compile outlives the wait: who asks then gets the source, who asks later the code. */
  @Test
  void aSlowCompileIsNotWaitedForForever() throws Exception {
    compiler().gate = new CountDownLatch(1);
    proxy = open(settings().compileWait(Duration.ofMillis(50)));
    answer(200, JS, FRESH);
    try (var worker = worker(rhino, "one", tier().build())) {
      var unit = worker.load(url("/a.js"));
      assertThat(unit.temperature()).isEqualTo(Temperature.COLD);
      assertThat(run(unit)).isEqualTo(56.0);
    }
    compiler().gate.countDown();
    await().until(() -> proxy.codeStats().attached() == 1);
    try (var worker = worker(rhino, "two", tier().build())) {
      assertThat(worker.load(url("/a.js")).temperature()).isEqualTo(Temperature.HOT);
    }
    assertThat(compiler().compiles).hasValue(1);
  }

  /** What the proxy compiled lies in its folder; what is damaged there is compiled again. */
  @Test
  void aProxyThatIsStartedAgainIsHotFromItsFolder() throws Exception {
    answer(200, JS, FRESH);
    Path folder = folders.resolve("proxy");
    for (int start = 0; start < 3; start++) {
      try (CodeCache cache = CodeCache.builder().directory(folder).time(time).build()) {
        try (ProxyServer server = open(settings(), cache.store(), cache.counters())) {
          proxy = server;
          try (var worker = worker(rhino, "worker " + start, tier().build())) {
            var unit = worker.load(url("/a.js"));
            assertThat(unit.temperature()).isEqualTo(Temperature.HOT);
            assertThat(run(unit)).isEqualTo(56.0);
          }
          assertThat(server.codeStats().hot()).isEqualTo(start == 1 ? 1 : 0);
        }
        assertThat(cache.stats().rejected()).isEqualTo(start == 2 ? 1 : 0);
      }
      if (start == 1) {
        damage(folder);
      }
    }
    assertThat(compiler().compiles).hasValue(2);
    assertThat(requests).hasSize(1);
  }

  private static void damage(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path code : files.filter(file -> file.toString().endsWith(".c")).toList()) {
        byte[] bytes = Files.readAllBytes(code);
        bytes[bytes.length - 20] ^= 1;
        Files.write(code, bytes);
      }
    }
  }

  /** The source is the worker's to judge: it sees the same error as without a proxy. */
  @Test
  void aSourceAtFaultIsTheUsersErrorAsEver() throws Exception {
    answer(200, "function (", FRESH);
    try (var worker = worker(rhino, "one", tier().build())) {
      assertThatThrownBy(() -> worker.load(url("/a.js"))).isInstanceOf(CompileException.class);
    }
    assertThat(proxy.codeStats().cold()).isEqualTo(1);
  }

  /** What carries credentials is nobody's but the origin's. */
  @Test
  void credentialsGoToTheOriginAlone() throws Exception {
    answer(200, JS, FRESH);
    ProxyTier tier = tier().build();
    try (var worker = worker(rhino, "one", tier)) {
      ResourceRequest request =
          ResourceRequest.get(url("/a.js")).header("Authorization", "Bearer secret");
      assertThat(run(worker.load(request))).isEqualTo(56.0);
    }
    assertThat(tier.stats().asked()).isZero();
    assertThat(proxy.stats().requests()).isZero();
    assertThat(requests.get(0).getHeaders().get("Via")).isNull();
  }

  @Test
  void bodiesInGzipAreHandedOnAsTheyAre() throws Exception {
    Buffer packed = new Buffer();
    try (BufferedSink sink = Okio.buffer(new GzipSink(packed))) {
      sink.writeUtf8(JS);
    }
    script.add(
        new MockResponse.Builder()
            .body(packed)
            .addHeader("Content-Encoding", "gzip")
            .addHeader("Cache-Control", "max-age=60")
            .build());
    try (var worker = worker(rhino, "one", tier().build())) {
      Fetched fetched = worker.fetch(ResourceRequest.get(url("/a.js")));
      assertThat(fetched.headers().first("Content-Encoding")).isEqualTo("gzip");
      var unit = worker.compile(fetched);
      assertThat(unit.temperature()).isEqualTo(Temperature.HOT);
      assertThat(run(unit)).isEqualTo(56.0);
    }
  }
}
