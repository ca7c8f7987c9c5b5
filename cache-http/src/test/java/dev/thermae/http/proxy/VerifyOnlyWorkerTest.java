package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.CodeCache;
import dev.thermae.code.Fingerprint;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.event.TimeSource;
import dev.thermae.http.CodeLoader;
import dev.thermae.http.ProxyTier;
import dev.thermae.http.TextEngine;
import dev.thermae.http.admin.AdminServer;
import dev.thermae.http.admin.AdminToken;
import dev.thermae.http.admin.Purger;
import dev.thermae.http.admin.StatusBoard;
import dev.thermae.http.admin.SurrogateKeys;
import dev.thermae.http.guard.OriginGuard;
import dev.thermae.http.guard.OriginRules;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.testing.EngineCompiler;
import dev.thermae.http.testing.PromptServer;
import dev.thermae.http.testing.WireKeys;
import dev.thermae.http.wire.CodeContainer;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okio.Buffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker that only verifies holds public keys, the address of the data port and that of the admin
 * listener. Whatever it tries, it writes nothing, purges nothing and makes no code that is
 * believed. What a reverse proxy is for remains: methods that are not the proxy's own go to the
 * origin, which decides; only where it answers them with success is what they name forgotten (RFC
 * 9111 section 4.4), so here it refuses them. {@code thermae.tries} says how often, {@code
 * thermae.tries.seed} where to begin.
 */
@Timeout(value = 3600, unit = TimeUnit.SECONDS)
@Tag("once")
class VerifyOnlyWorkerTest extends ProxyFixture {
  private static final int TRIES = Integer.getInteger("thermae.tries", 1_000);
  private static final long SEED = Long.getLong("thermae.tries.seed", System.nanoTime());
  private static final int KEY = 7;
  private static final String TOKEN = "Zm9yIHRoZSBvcGVyYXRvcidzIGV5ZXMgb25seQ";
  private static final Set<String> SAFE = Set.of("OPTIONS", "PROPFIND", "REPORT", "SEARCH");
  private static final List<String> NEVER_SENT_ON =
      List.of(
          "x-http-method",
          "x-http-method-override",
          "x-method-override",
          "x-original-url",
          "x-rewrite-url",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-method",
          "x-real-ip",
          "x-host",
          "forwarded",
          "proxy-authorization");

  private static final Map<String, String> SOURCES =
      Map.of(
          "/a.js", "the source of a",
          "/b.js", "another source, of b, which is longer",
          "/libraries/c.js", "c".repeat(5_000));

  @TempDir Path folder;
  private final WireKeys keys = new WireKeys(KEY);
  private final TextEngine engine = new TextEngine();
  private final Fingerprint fingerprint = EngineFingerprint.compute(engine);
  private final MockWebServer liar = PromptServer.create();
  private final MockWebServer truth = PromptServer.create();
  private final OkHttpClient network = new OkHttpClient();
  private final Random random = new Random(SEED);
  private volatile byte[] lie = new byte[0];
  private AdminServer admin;

  /** With everything that a proxy can have: code, signatures, a folder, fetching, an admin port. */
  @BeforeEach
  void guard() throws Exception {
    proxy.close();
    origin.setDispatcher(answering(this::answer));
    CodeCache cache =
        CodeCache.builder().policy(CachePolicy.eager()).directory(folder.resolve("cache")).build();
    SurrogateKeys index = new SurrogateKeys(1 << 20);
    EngineCompiler compiler = new EngineCompiler(List.of(engine));
    ProxyServer.Builder settings =
        ProxyServer.builder(originUrl())
            .listener(listening().idleTimeout(Duration.ofSeconds(5)))
            .codeCompiler(compiler)
            .signWith(keys.signing())
            .compileWait(Duration.ofSeconds(20))
            .fetch(OriginRules.none().allowInternal(originUrl()));
    OriginGuard guard = settings.guard(() -> network);
    ResourceLoader loader =
        ResourceLoader.builder(cache.store())
            .shared(true)
            .counters(cache.counters())
            .headListener(index)
            .okHttpClient(guard)
            .build();
    proxy = settings.start(loader);
    StatusBoard board = new StatusBoard(TimeSource.SYSTEM);
    board.watch(cache);
    board.watch(proxy);
    Purger purger = Purger.of(loader, index, proxy::forgetMemory);
    admin = AdminServer.builder(AdminToken.of(TOKEN), board).purger(purger).start();
    liar.setDispatcher(answering(any -> forwarded()));
    truth.setDispatcher(
        answering(any -> response(200, SOURCES.get("/a.js"), "Cache-Control: max-age=60")));
    liar.start();
    truth.start();
    closeLater(admin, purger, proxy, loader, guard, cache, compiler, liar, truth);
  }

  private static Dispatcher answering(
      java.util.function.Function<RecordedRequest, MockResponse> answers) {
    return new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        return answers.apply(request);
      }
    };
  }

  /** An origin that lets nobody write, and tries to have entries forgotten all the same. */
  private MockResponse answer(RecordedRequest request) {
    requests.add(request);
    String method = request.getMethod();
    String source = SOURCES.get(request.getUrl().encodedPath());
    if (method.equals("GET") && source != null && request.getUrl().query() == null) {
      return response(
          200, source, "Cache-Control: max-age=86400", "ETag: \"1\"", "Surrogate-Key: scripts");
    }
    int status =
        SAFE.contains(method)
            ? 207
            : List.of(400, 401, 403, 404, 405, 501).get(requests.size() % 6);
    return response(
        status, "no", "Location: /a.js", "Content-Location: /b.js", "Clear-Site-Data: \"cache\"");
  }

  private MockResponse forwarded() {
    return new MockResponse.Builder()
        .addHeader("Via", "1.1 thermae")
        .addHeader("Content-Type", CodeContainer.MEDIA_TYPE)
        .body(new Buffer().write(lie))
        .build();
  }

  private HttpResponse<byte[]> bytes(String path, String... fields) throws Exception {
    return client.send(request("GET", path, null, fields), BodyHandlers.ofByteArray());
  }

  private CodeContainer container(String path) throws Exception {
    String accept = "Accept: application/vnd.thermae.code;fp=" + fingerprint + ";source=1";
    HttpResponse<byte[]> answer = bytes(path, accept);
    assertThat(field(answer, "Content-Type")).isEqualTo(CodeContainer.MEDIA_TYPE);
    return CodeContainer.decode(answer.body());
  }

  private String published(String path) {
    byte[] source = SOURCES.get(path).getBytes(StandardCharsets.UTF_8);
    return "/code/" + fingerprint + '/' + LibraryOrigin.digest(source);
  }

  /** Each file that is stored, and each answer that is made of it. */
  private Map<String, String> stored() throws Exception {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.put(folder.relativize(file).toString(), LibraryOrigin.digest(Files.readAllBytes(file)));
      }
    }
    for (String path : SOURCES.keySet()) {
      HttpResponse<byte[]> plain = bytes(path);
      all.put(path, plain.statusCode() + " " + LibraryOrigin.digest(plain.body()));
      all.put(path + " is", field(plain, "Cache-Status").replaceAll("ttl=.*", ""));
      all.put(path + " code", LibraryOrigin.digest(container(path).encode()));
      HttpResponse<byte[]> envelope = bytes(published(path));
      all.put(path + " envelope", envelope.statusCode() + LibraryOrigin.digest(envelope.body()));
    }
    return all;
  }

  @Test
  void writesPurgesAndSignsNothing() throws Exception {
    for (String path : SOURCES.keySet()) {
      bytes(path);
    }
    CodeContainer genuine = container("/a.js");
    CodeContainer other = container("/b.js");
    stored();
    Map<String, String> before = stored();
    assertThat(before.get("/a.js is")).contains("; hit");
    requests.clear();
    WorkerRequests tries = tries(genuine);
    ForgedContainers forged =
        new ForgedContainers(random, at(genuine), at(other), fingerprint, keys, KEY);
    assertThat(forged.seals()).isFalse();
    believes(at(genuine).encode(), true);
    for (int i = 0; i < TRIES; i++) {
      int kind = i % 10;
      if (kind < 4) {
        refuses(tries.write(proxy.port()), proxy.port(), i);
      } else if (kind < 5) {
        readsOnly(tries.read(proxy.port()), i);
      } else if (kind < 6) {
        two(tries.list(proxy.port()), i);
      } else if (kind < 8) {
        refuses(tries.administer(adminPort()), adminPort(), i);
      } else {
        lie = forged.next(i / 10 * 2 + kind);
        believes(lie, false);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d tries with seed %d, %d reached the origin%n",
        TRIES,
        SEED,
        requests.size());
    for (RecordedRequest request : requests) {
      mayBeSentOn(request);
    }
    requests.clear();
    assertThat(stored()).as("seed %d", SEED).isEqualTo(before);
    assertThat(requests).as("all of it is still there").isEmpty();
  }

  private int adminPort() {
    return URI.create(admin.url()).getPort();
  }

  private WorkerRequests tries(CodeContainer genuine) {
    String place = "/fetch/http/" + originUrl().substring("http://".length());
    List<String> own =
        List.of(
            published("/a.js"),
            published("/b.js").replaceAll("[0-9a-f]{8}$", "00000000"),
            place + "/a.js",
            place + "/new.js",
            "/.well-known/thermae/fingerprints",
            "/.well-known/thermae/purge");
    List<byte[]> bodies =
        List.of(
            genuine.encode(),
            genuine.envelope(),
            "url=/a.js&key=scripts&prefix=/".getBytes(StandardCharsets.UTF_8),
            "alert(1)".getBytes(StandardCharsets.UTF_8));
    return new WorkerRequests(random, List.copyOf(SOURCES.keySet()), own, bodies);
  }

  /** Only methods that read may end well. */
  private void refuses(WorkerRequests.Attempt attempt, int port, int number) throws IOException {
    RawAnswer answer = RawAnswer.to(port, attempt.text());
    String method = attempt.text().substring(0, attempt.text().indexOf(' '));
    boolean safe = SAFE.contains(method) && port == proxy.port();
    assertThat(answer.status())
        .as("try %d with seed %d: %s: %s", number, SEED, attempt.text(), answer.text())
        .isBetween(safe ? 200 : 400, 599);
  }

  /** What comes is what is stored, whatever else was said. */
  private void readsOnly(WorkerRequests.Attempt attempt, int number) throws IOException {
    RawAnswer answer = RawAnswer.to(proxy.port(), attempt.text());
    if (answer.status() < 400) {
      String body = attempt.text().startsWith("HEAD") ? "" : SOURCES.get(attempt.path());
      assertThat(answer.text())
          .as("try %d with seed %d: %s", number, SEED, attempt.text())
          .startsWith("HTTP/1.1 200")
          .endsWith("\r\n\r\n" + body)
          .doesNotContain("forged", "evil");
    }
  }

  private void two(List<String> fields, int number) throws IOException {
    int port = number % 40 == 5 ? adminPort() : proxy.port();
    int status = Http2Attempt.status(port, fields);
    int at = fields.indexOf(":method");
    boolean safe = SAFE.contains(fields.get(at + 1)) && fields.lastIndexOf(":method") == at;
    assertThat(status)
        .as("try %d with seed %d: %s", number, SEED, fields)
        .matches(code -> code == 0 || code >= 400 || safe);
  }

  /** The same container for an origin whose truth is known. */
  private CodeContainer at(CodeContainer container) {
    String url = "http://" + truth.getHostName() + ':' + truth.getPort() + "/a.js";
    return new CodeContainer(
        url, 200, "OK", container.headers(), container.envelope(), container.source());
  }

  /** What a worker runs for a container: what its source says, and code only when it is genuine. */
  private void believes(byte[] container, boolean genuine) throws IOException {
    lie = container;
    String root = "http://" + truth.getHostName() + ':' + truth.getPort();
    ProxyTier tier =
        ProxyTier.builder("http://127.0.0.1:" + liar.getPort(), keys.open())
            .origin(root)
            .okHttpClient(() -> network)
            .timeout(Duration.ofSeconds(30))
            .limit(Duration.ofSeconds(60))
            .build();
    try (CodeLoader<String> worker =
        CodeLoader.builder(engine).inMemory().policy(CachePolicy.eager()).proxy(tier).build()) {
      String text = worker.load(root + "/a.js").code();
      String what = "seed " + SEED + ": " + HexFormat.of().formatHex(container);
      assertThat(text).as(what).isEqualTo(SOURCES.get("/a.js"));
      assertThat(tier.stats().attached()).as(what).isEqualTo(genuine ? 1 : 0);
    }
  }

  /** What reaches the origin is what a proxy passes on, and nothing that overrides it. */
  private static void mayBeSentOn(RecordedRequest request) {
    String method = request.getMethod().toUpperCase(Locale.ROOT);
    assertThat(method).isNotIn("PURGE", "PURGEALL", "BAN", "REFRESH", "TRACE", "CONNECT", "DEBUG");
    assertThat(request.getMethod()).as(request.toString()).isNotIn("GET", "HEAD");
    assertThat(request.getTarget()).doesNotMatch("/(fetch|code|\\.well-known/thermae)/.*");
    for (String name : request.getHeaders().names()) {
      assertThat(NEVER_SENT_ON).doesNotContain(name.toLowerCase(Locale.ROOT));
    }
  }
}
