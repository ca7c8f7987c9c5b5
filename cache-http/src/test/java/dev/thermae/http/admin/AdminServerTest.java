package dev.thermae.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Source;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the admin listener tells whom. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@Tag("once")
class AdminServerTest extends AdminFixture {
  @ParameterizedTest
  @CsvSource({
    "GET, /status",
    "GET, /metrics",
    "GET, /explain?url=/a.js",
    "POST, /purge?url=/a.js",
    "PURGE, /a.js",
    "GET, /nothing",
    "DELETE, /status"
  })
  void withoutTheTokenNothingIsTold(String method, String path) throws Exception {
    for (String presented : new String[] {null, "Bearer wrong", "Basic " + TOKEN, TOKEN}) {
      HttpRequest.Builder request = to(path).method(method, BodyPublishers.noBody());
      if (presented != null) {
        request.header("Authorization", presented);
      }
      HttpResponse<String> answer = send(request);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/readyz", "/", "/page.js", "/page.css", "/icon.svg"})
  void probesAndThePageItselfAreForAnybody(String path) throws Exception {
    HttpResponse<String> answer = send(to(path));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'")
        .doesNotContain("unsafe");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(answer.headers().map()).doesNotContainKeys("access-control-allow-origin", "server");
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example, 421", "evil.example:80, 421", "127.0.0.1.evil.example, 421", "localhost, 200",
    "LOCALHOST:1, 200", "127.0.0.1, 200", "[::1]:8081, 200", "10.1.2.3:9, 200"
  })
  void aNameOfSomebodyElseIsRefused(String host, int status) throws Exception {
    URI url = URI.create(admin.url());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      String head = "GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 " + status + ' ');
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GARBAGE\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"
      })
  void requestsThatAreNoneAreCountedAsRefused(String request) throws Exception {
    URI url = URI.create(proxy.url());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }
    awaitRequests(1);
    assertThat(status().at("/requests/outcomes/refused").asLong()).isEqualTo(1);
    assertThat(status().at("/requests/hitRatio").isMissingNode()).isTrue();
  }

  @Test
  void statusTellsWhatWasAnswered() throws Exception {
    serve("/a.js", "var a;", "Cache-Control: max-age=600");
    serve("/b.js", "var b; // longer", "Cache-Control: no-store");
    serve("/c.js", "var c;", "Cache-Control: no-cache", "ETag: \"1\"");
    get("/a.js");
    get("/a.js");
    get("/a.js");
    get("/b.js");
    get("/c.js");
    paths.put("/c.js", any -> response("", "ETag: \"1\"").code(304).build());
    get("/c.js");
    HttpRequest.Builder post = HttpRequest.newBuilder(URI.create(proxy.url() + "/a.js"));
    send(post.POST(BodyPublishers.ofString("x")));
    awaitRequests(7);

    JsonNode status = status();
    JsonNode outcomes = status.at("/requests/outcomes");
    assertThat(outcomes.toString())
        .isEqualTo(
            "{\"hit\":2,\"revalidated\":1,\"stale\":0,\"miss\":2,\"pass\":1,\"forwarded\":1,"
                + "\"failed\":0,\"refused\":0}");
    assertThat(status.at("/requests/total").asLong()).isEqualTo(7);
    assertThat(status.at("/requests/cacheable").asLong()).isEqualTo(6);
    assertThat(status.at("/requests/fromStore").asLong()).isEqualTo(3);
    assertThat(status.at("/requests/hitRatio").asDouble()).isEqualTo(0.5);
    assertThat(status.at("/misses").toString()).isEqualTo("{\"uri-miss\":3,\"stale\":1}");
    assertThat(status.at("/topByHits/0/url").asString()).endsWith("/a.js");
    assertThat(status.at("/topByHits/0/hits").asLong()).isEqualTo(2);
    assertThat(status.at("/topByBytes/0/bytes").asLong()).isEqualTo(24);
    assertThat(status.at("/ready").asBoolean()).isTrue();
    assertThat(status.at("/origin").asString()).isEqualTo(proxy.origin());
  }

  @Test
  void statusTellsTheTimeThatCompilesWouldHaveTaken() throws Exception {
    Source source = Source.of("http://localhost/a.js", "var f = function () { return 1; };");
    cache.compile(newEngine(), source);
    cache.flush();
    cache.clearMemory();
    cache.compile(newEngine(), source);
    JsonNode code = status().at("/code");
    assertThat(code.at("/hot").asLong()).isEqualTo(1);
    assertThat(code.at("/unmeasured").asLong()).isZero();
    assertThat(code.at("/savedMillis").asDouble())
        .isBetween(0.0, code.at("/compileMillis").asDouble());
  }

  @Test
  void metricsCountTheSame() throws Exception {
    serve("/a.js", "var a;", "Cache-Control: max-age=600");
    get("/a.js");
    get("/a.js");
    awaitRequests(2);
    String text = send(to("/metrics").header("Authorization", "Bearer " + TOKEN)).body();
    assertThat(text)
        .contains("thermae_request_seconds_count{outcome=\"hit\"} 1")
        .contains("thermae_request_seconds_count{outcome=\"miss\"} 1")
        .contains("thermae_misses_total{reason=\"uri-miss\"} 1.0")
        .contains("thermae_origin_seconds_count 1")
        .contains("thermae_sent_bytes_total 12.0")
        .contains("thermae_ready 1.0");
  }

  @Test
  void notReadyWhileRequestsUnderWayAreAnswered() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    paths.put(
        "/slow.js",
        request -> {
          asked.countDown();
          try {
            answered.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return response("slow").build();
        });
    HttpRequest slow = HttpRequest.newBuilder(URI.create(proxy.url() + "/slow.js")).build();
    CompletableFuture<HttpResponse<String>> under = client.sendAsync(slow, BodyHandlers.ofString());
    asked.await();
    assertThat(send(to("/readyz")).statusCode()).isEqualTo(200);
    Thread closing = new Thread(proxy::close);
    closing.start();
    while (send(to("/readyz")).statusCode() != 503) {
      Thread.yield();
    }
    assertThat(send(to("/healthz")).statusCode()).isEqualTo(200);
    answered.countDown();
    assertThat(under.get().body()).isEqualTo("slow");
    closing.join();
    assertThat(send(to("/readyz")).statusCode()).isEqualTo(503);
  }

  @Test
  void explainsWhatIsStored() throws Exception {
    serve("/a.js", "var a;", "Cache-Control: max-age=600");
    get("/a.js");
    JsonNode found = JSON.readTree(read("/explain?url=/a.js").body());
    assertThat(found.at("/urls/0/stored").asBoolean()).isTrue();
    assertThat(found.at("/urls/0/request/action").asString()).isEqualTo("served");
    assertThat(found.at("/urls/0/nextRun/temperature").asString()).isEqualTo("cold");
    assertThat(read("/explain?url=no%20url").statusCode()).isEqualTo(400);
    assertThat(read("/explain").statusCode()).isEqualTo(400);
  }

  private HttpResponse<String> read(String path) throws Exception {
    return send(to(path).header("Authorization", "Bearer " + TOKEN));
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    assertThat(ask("POST", "/status", "").statusCode()).isEqualTo(404);
    assertThat(ask("DELETE", "/status", "").statusCode()).isEqualTo(405);
    assertThat(read("/..%2f").statusCode()).isBetween(400, 404);
    assertThat(read("/nothing").statusCode()).isEqualTo(404);
  }
}
