package dev.thermae.http.admin;

import dev.thermae.CodeCache;
import dev.thermae.disk.DiskStore;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.TimeSource;
import dev.thermae.http.proxy.ListenerSettings;
import dev.thermae.http.proxy.ProxyServer;
import dev.thermae.http.report.CurrentEngine;
import dev.thermae.http.report.Explainer;
import dev.thermae.http.report.Explanation;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.http.testing.PromptServer;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real origin, a proxy with a folder in front of it, and its admin listener. */
abstract class AdminFixture {
  static final String TOKEN = "a-token-that-nobody-guesses";
  static final JsonMapper JSON = new JsonMapper();

  final MockWebServer origin = PromptServer.create();
  final Map<String, Function<RecordedRequest, MockResponse>> paths = new ConcurrentHashMap<>();
  final HttpClient client = HttpClient.newHttpClient();
  @TempDir Path temporary;
  CodeCache cache;
  ResourceLoader loader;
  ProxyServer proxy;
  AdminServer admin;
  StatusBoard board;
  SurrogateKeys keys;
  Purger purger;

  @BeforeEach
  void start() throws Exception {
    origin.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            Function<RecordedRequest, MockResponse> known =
                paths.get(request.getUrl().encodedPath());
            return known == null
                ? new MockResponse.Builder().code(404).build()
                : known.apply(request);
          }
        });
    origin.start();
    open(64 << 20);
  }

  void open(long surrogateBytes) throws Exception {
    board = new StatusBoard(TimeSource.SYSTEM);
    ThermaeMetrics metrics = new ThermaeMetrics(board);
    cache =
        CodeCache.builder()
            .policy(CachePolicy.eager())
            .directory(temporary.toRealPath().resolve("cache"))
            .listener(board)
            .build();
    ((DiskStore) cache.store()).claimIndex();
    keys = new SurrogateKeys(surrogateBytes);
    loader =
        ResourceLoader.builder(cache.store())
            .shared(true)
            .counters(cache.counters())
            .headListener(keys)
            .timeout(Duration.ofSeconds(30))
            .build();
    proxy =
        ProxyServer.builder("http://" + origin.getHostName() + ':' + origin.getPort())
            .listener(new ListenerSettings().stopTimeout(Duration.ofSeconds(4)))
            .listener(board)
            .listener(metrics)
            .start(loader);
    board.watch(cache);
    board.watch(proxy);
    purger = Purger.of(loader, keys, proxy::forgetMemory);
    admin =
        AdminServer.builder(AdminToken.of(TOKEN), board)
            .metrics(metrics)
            .purger(purger)
            .explains(this::explain)
            .start();
  }

  static RhinoEngine newEngine() {
    return RhinoEngine.create();
  }

  private Explanation explain(String url) throws IOException {
    String whole = url.startsWith("/") ? proxy.origin() + url : url;
    CurrentEngine engine = CurrentEngine.of(newEngine(), cache.store());
    Explainer.Rules rules = new Explainer.Rules("", true, CachePolicy.eager());
    ResourceRequest request = ResourceRequest.get(whole).header("Accept-Encoding", "gzip");
    long now = cache.time().millis();
    return new Explanation(
        "",
        true,
        "",
        true,
        "rhino",
        null,
        "eager",
        "",
        Explainer.urls(cache.store(), engine, rules, request, now));
  }

  @AfterEach
  void stop() {
    shut();
    origin.close();
  }

  void shut() {
    proxy.close();
    admin.close();
    purger.close();
    loader.close();
    cache.close();
  }

  static MockResponse.Builder response(String body, String... fields) {
    MockResponse.Builder builder = new MockResponse.Builder().body(body);
    for (String field : fields) {
      int colon = field.indexOf(':');
      builder.addHeader(field.substring(0, colon), field.substring(colon + 1).trim());
    }
    return builder;
  }

  void serve(String path, String body, String... fields) {
    paths.put(path, request -> response(body, fields).build());
  }

  HttpResponse<String> get(String path, String... fields) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(proxy.url() + path)), fields);
  }

  HttpResponse<String> send(HttpRequest.Builder request, String... fields) throws Exception {
    for (int i = 0; i < fields.length; i += 2) {
      request.header(fields[i], fields[i + 1]);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(admin.url() + path));
  }

  HttpResponse<String> ask(String method, String path, String body, String... fields)
      throws Exception {
    HttpRequest.Builder request =
        to(path)
            .header("Authorization", "Bearer " + TOKEN)
            .method(method, BodyPublishers.ofString(body));
    return send(request, fields);
  }

  JsonNode status() throws Exception {
    HttpResponse<String> answer = send(to("/status").header("Authorization", "Bearer " + TOKEN));
    return JSON.readTree(answer.body());
  }

  JsonNode purge(String form) throws Exception {
    HttpResponse<String> answer =
        ask("POST", "/purge", form, "Content-Type", "application/x-www-form-urlencoded");
    return JSON.readTree(answer.body());
  }

  String cacheStatus(String path, String... fields) throws Exception {
    return get(path, fields).headers().firstValue("Cache-Status").orElse("");
  }

  /** Requests are counted once their answer was written, which the client may see before. */
  void awaitRequests(long count) throws Exception {
    while (status().at("/requests/total").asLong() < count) {
      Thread.yield();
    }
  }
}
