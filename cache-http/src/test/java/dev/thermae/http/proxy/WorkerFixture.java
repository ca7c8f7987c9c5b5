package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.CodeCache;
import dev.thermae.code.Fingerprint;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.event.TimeSource;
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
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okio.Buffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A proxy with everything that there is to steal from, and a worker with public keys. */
abstract class WorkerFixture extends ProxyFixture {
  static final int KEY = 7;
  private static final String TOKEN = "Zm9yIHRoZSBvcGVyYXRvcidzIGV5ZXMgb25seQ";
  static final Set<String> SAFE = Set.of("OPTIONS", "PROPFIND", "REPORT", "SEARCH");
  static final Map<String, String> SOURCES =
      Map.of(
          "/a.js", "the source of a",
          "/b.js", "another source, of b, which is longer",
          "/libraries/c.js", "c".repeat(5_000));

  @TempDir Path folder;
  final WireKeys keys = new WireKeys(KEY);
  final TextEngine engine = new TextEngine();
  final Fingerprint fingerprint = EngineFingerprint.compute(engine);
  final MockWebServer liar = PromptServer.create();
  final MockWebServer truth = PromptServer.create();
  final OkHttpClient network = new OkHttpClient();
  volatile byte[] lie = new byte[0];
  AdminServer admin;

  /** With everything that a proxy can have: code, signatures, a folder, fetching, an admin port. */
  @BeforeEach
  void guard() throws Exception {
    proxy.close();
    origin.setDispatcher(answering(this::answer));
    CodeCache cache =
        CodeCache.builder().policy(CachePolicy.eager()).directory(folder.resolve("cache")).build();
    SurrogateKeys index = new SurrogateKeys(1 << 20);
    EngineCompiler compiler = new EngineCompiler(List.of(engine));
    ProxyServerBuilder settings =
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

  private static Dispatcher answering(Function<RecordedRequest, MockResponse> answers) {
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

  HttpResponse<byte[]> bytes(String path, String... fields) throws Exception {
    return client.send(request("GET", path, null, fields), BodyHandlers.ofByteArray());
  }

  CodeContainer container(String path) throws Exception {
    String accept = "Accept: application/vnd.thermae.code;fp=" + fingerprint + ";source=1";
    HttpResponse<byte[]> answer = bytes(path, accept);
    assertThat(field(answer, "Content-Type")).isEqualTo(CodeContainer.MEDIA_TYPE);
    return CodeContainer.decode(answer.body());
  }

  String published(String path) {
    byte[] source = SOURCES.get(path).getBytes(StandardCharsets.UTF_8);
    return "/code/" + fingerprint + '/' + LibraryOrigin.digest(source);
  }

  /**
   * Each file of an entry, and each answer made of it; the index is made anew whenever it likes.
   */
  Map<String, String> stored() throws Exception {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve("cache/v1/entries"))) {
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
}
