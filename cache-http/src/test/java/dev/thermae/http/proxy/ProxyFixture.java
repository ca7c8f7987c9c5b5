package dev.thermae.http.proxy;

import dev.thermae.event.Counters;
import dev.thermae.http.resource.FakeTime;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.testing.PromptServer;
import dev.thermae.store.MemoryStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A real origin, a real proxy in front of it, a clock and a client. */
abstract class ProxyFixture {
  static final String JS = "var x = 1;";

  final FakeTime time;
  final Counters counters = new Counters(null);
  final MockWebServer origin = PromptServer.create();
  final Queue<Function<RecordedRequest, MockResponse>> script = new ConcurrentLinkedQueue<>();
  final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
  final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final List<AutoCloseable> opened = new ArrayList<>();
  ProxyServer proxy;

  ProxyFixture() {
    this(new FakeTime());
  }

  /** With a clock for clients that have one of their own. */
  ProxyFixture(FakeTime time) {
    this.time = time;
  }

  @BeforeEach
  void start() throws Exception {
    origin.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            requests.add(request);
            Function<RecordedRequest, MockResponse> next = script.poll();
            return next == null ? response(599, "nothing was scripted") : next.apply(request);
          }
        });
    origin.start();
    proxy = open(settings());
  }

  /** The origin's address, written as the proxy writes it. */
  String originUrl() {
    return "http://" + origin.getHostName() + ':' + origin.getPort();
  }

  ListenerSettings listening() {
    return new ListenerSettings().stopTimeout(Duration.ofSeconds(1));
  }

  ProxyServerBuilder settings() {
    return ProxyServer.builder(originUrl()).listener(listening()).time(time);
  }

  Duration originTimeout() {
    return Duration.ofSeconds(30);
  }

  ProxyServer open(ProxyServerBuilder settings) throws IOException {
    ResourceLoader loader =
        ResourceLoader.builder(new MemoryStore(64 << 20, counters, time))
            .time(time)
            .counters(counters)
            .shared(true)
            .timeout(originTimeout())
            .build();
    ProxyServer server = settings.start(loader);
    opened.add(server);
    opened.add(loader);
    return server;
  }

  void closeLater(AutoCloseable... resources) {
    opened.addAll(List.of(resources));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    origin.close();
  }

  static MockResponse response(int status, String body, String... fields) {
    return response(status, body.getBytes(StandardCharsets.UTF_8), fields);
  }

  static MockResponse response(int status, byte[] body, String... fields) {
    MockResponse.Builder builder = new MockResponse.Builder().code(status);
    if (status != 304 && status != 204) {
      builder.body(new Buffer().write(body));
    }
    return with(builder, fields).build();
  }

  static MockResponse.Builder with(MockResponse.Builder builder, String... fields) {
    for (String field : fields) {
      int colon = field.indexOf(':');
      builder.addHeaderLenient(field.substring(0, colon), field.substring(colon + 1).trim());
    }
    return builder;
  }

  /** An answer to HEAD: the length that a body would have, and no body. */
  static MockResponse head(int status, int length, String... fields) {
    return with(new MockResponse.Builder().code(status), fields)
        .setHeader("Content-Length", Integer.toString(length))
        .build();
  }

  void answer(int status, String body, String... fields) {
    script.add(request -> response(status, body, fields));
  }

  HttpResponse<String> get(String path, String... fields) throws Exception {
    return send("GET", path, null, fields);
  }

  HttpResponse<String> send(String method, String path, String body, String... fields)
      throws Exception {
    HttpRequest request = request(method, path, body, fields);
    return client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  HttpRequest request(String method, String path, String body, String... fields) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(proxy.url() + path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    for (String field : fields) {
      int colon = field.indexOf(':');
      request.header(field.substring(0, colon), field.substring(colon + 1).trim());
    }
    return request.build();
  }

  static String field(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  RecordedRequest lastRequest() {
    return requests.get(requests.size() - 1);
  }
}
