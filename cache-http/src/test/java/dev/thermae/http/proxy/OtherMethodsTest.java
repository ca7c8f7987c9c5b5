package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods that pass, what they invalidate, and what is dropped on the way. */
class OtherMethodsTest extends ProxyFixture {
  private static final String MINUTE = "Cache-Control: max-age=60";
  private static final int LIMIT = 100_000;

  @Override
  ProxyServerBuilder settings() {
    return super.settings().name("edge-1").maximumRequestBytes(LIMIT);
  }

  @Override
  Duration originTimeout() {
    return Duration.ofMillis(500);
  }

  @Test
  void aPostGoesThrough() throws Exception {
    answer(201, "made", "Location: /new", "Content-Type: text/plain", "X-Own: 1");
    HttpResponse<String> response =
        send("POST", "/items?a=b", "{}", "Content-Type: application/json", "X-Mine: 2");
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body()).isEqualTo("made");
    assertThat(field(response, "Location")).isEqualTo("/new");
    assertThat(field(response, "X-Own")).isEqualTo("1");
    assertThat(field(response, "Via")).isEqualTo("1.1 edge-1");
    assertThat(field(response, "Cache-Status")).isEqualTo("edge-1; fwd=method; fwd-status=201");
    assertThat(lastRequest().getTarget()).isEqualTo("/items?a=b");
    assertThat(lastRequest().getBody().utf8()).isEqualTo("{}");
    assertThat(lastRequest().getHeaders().get("Content-Type")).isEqualTo("application/json");
    assertThat(lastRequest().getHeaders().get("Content-Length")).isEqualTo("2");
    assertThat(lastRequest().getHeaders().get("X-Mine")).isEqualTo("2");
    assertThat(lastRequest().getHeaders().get("Accept-Encoding")).isEqualTo("identity");
    assertThat(proxy.stats().forwarded()).isEqualTo(1);
  }

  @Test
  void bodiesOfUnknownLengthStream() throws Exception {
    script.add(
        request -> new MockResponse.Builder().chunkedBody("y".repeat(200_000), 10_000).build());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(proxy.url() + "/up"))
            .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[90_000])))
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    assertThat(response.body()).isEqualTo("y".repeat(200_000));
    assertThat(lastRequest().getBodySize()).isEqualTo(90_000);
    assertThat(lastRequest().getHeaders().get("Transfer-Encoding")).isEqualTo("chunked");
  }

  @Test
  void longBodiesKeepTheirLength() throws Exception {
    answer(200, "ok");
    assertThat(send("POST", "/up", "x".repeat(LIMIT)).body()).isEqualTo("ok");
    assertThat(lastRequest().getBodySize()).isEqualTo(LIMIT);
    assertThat(lastRequest().getHeaders().get("Content-Length")).isEqualTo("" + LIMIT);
  }

  @Test
  void bodiesAreBounded() throws Exception {
    HttpResponse<String> told = send("POST", "/up", "x".repeat(LIMIT + 1));
    assertThat(told.statusCode()).isEqualTo(413);
    assertThat(requests).isEmpty();
    answer(200, "never");
    HttpRequest untold =
        HttpRequest.newBuilder(URI.create(proxy.url() + "/up"))
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[LIMIT + 1])))
            .build();
    assertThat(client.send(untold, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, 200, true",
    "PUT, 204, true",
    "DELETE, 302, true",
    "PATCH, 200, true",
    "FROBNICATE, 200, true",
    "POST, 404, false",
    "POST, 500, false",
    "OPTIONS, 200, false",
    "PROPFIND, 207, false",
  })
  void whatChangesTheResourceInvalidatesIt(String method, int status, boolean invalidates)
      throws Exception {
    answer(200, "old", MINUTE);
    answer(status, "");
    get("/a.js");
    assertThat(send(method, "/a.js", null).statusCode()).isEqualTo(status);
    time.advanceSeconds(1);
    if (invalidates) {
      answer(200, "new", MINUTE);
    }
    assertThat(get("/a.js").body()).isEqualTo(invalidates ? "new" : "old");
  }

  @Test
  void whatTheAnswerNamesIsInvalidatedToo() throws Exception {
    answer(200, "old", MINUTE);
    answer(200, "old", MINUTE);
    get("/one");
    get("/two");
    String elsewhere = "Location: http://other.example/one";
    answer(201, "", elsewhere, "Content-Location: /two");
    send("POST", "/items", "x");
    time.advanceSeconds(1);
    assertThat(get("/one").body()).isEqualTo("old");
    answer(200, "new", MINUTE);
    assertThat(get("/two").body()).isEqualTo("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "CONNECT"})
  void refused(String method) throws Exception {
    String target = method.equals("CONNECT") ? "evil.example:443" : "/";
    RawAnswer answer =
        RawAnswer.to(proxy.port(), method + " " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(answer.status()).isBetween(400, 405);
    assertThat(requests).isEmpty();
  }

  @Test
  void fieldsOfAConnectionStayThere() throws Exception {
    answer(200, JS, MINUTE, "Connection: X-Hop", "X-Hop: 1", "Keep-Alive: timeout=5", "X-Kept: 1");
    RawAnswer answer =
        RawAnswer.to(
            proxy.port(),
            String.join(
                "\r\n",
                "GET /a.js HTTP/1.1",
                "Host: evil.example",
                "Connection: close, X-Secret, Upgrade",
                "X-Secret: 1",
                "Keep-Alive: 1",
                "TE: trailers",
                "Upgrade: websocket",
                "Proxy-Authorization: Basic eDp5",
                "Forwarded: host=evil.example",
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Proto: https",
                "X-Original-URL: /admin",
                "Surrogate-Capability: x=\"ESI/1.0\"",
                "Via: 1.0 before",
                "X-Kept: yes",
                "\r\n"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(lastRequest().getHeaders().names())
        .containsExactlyInAnyOrder(
            "Host",
            "X-Kept",
            "Via",
            "Accept-Encoding",
            "User-Agent",
            "Connection",
            "Surrogate-Capability");
    assertThat(lastRequest().getHeaders().values("Surrogate-Capability"))
        .containsExactly("thermae=\"Surrogate/1.0\"");
    assertThat(lastRequest().getHeaders().get("Host"))
        .isEqualTo(origin.getHostName() + ":" + origin.getPort());
    assertThat(lastRequest().getHeaders().get("Via")).isEqualTo("1.0 before, 1.1 edge-1");
    HttpResponse<String> response = get("/a.js");
    assertThat(field(response, "X-Hop")).isNull();
    assertThat(field(response, "Keep-Alive")).isNull();
    assertThat(field(response, "X-Kept")).isEqualTo("1");
    answer(200, "", "Connection: X-Hop", "X-Hop: 1", "Trailer: X", "X-Kept: 1");
    HttpResponse<String> posted = send("POST", "/a.js", "x");
    assertThat(field(posted, "X-Hop")).isNull();
    assertThat(field(posted, "Trailer")).isNull();
    assertThat(field(posted, "X-Kept")).isEqualTo("1");
  }

  @Test
  void expectationsAreAnsweredHere() throws Exception {
    answer(200, "ok");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(proxy.url() + "/up"))
            .expectContinue(true)
            .POST(BodyPublishers.ofString("body"))
            .build();
    assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("ok");
    assertThat(lastRequest().getHeaders().get("Expect")).isNull();
    assertThat(lastRequest().getBody().utf8()).isEqualTo("body");
  }

  @Test
  void loopsEnd() throws Exception {
    String hops = "1.1 x, ".repeat(31) + "1.1 x";
    assertThat(get("/a.js", "Via: " + hops).statusCode()).isEqualTo(508);
    assertThat(requests).isEmpty();
  }

  @Test
  void aSilentOriginIsATimeout() throws Exception {
    script.add(
        request -> new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
    HttpResponse<String> response = get("/a.js");
    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(response.body()).startsWith("504 Gateway Timeout: GET ");
  }

  @Test
  void whatIsCutShortDoesNotLookWhole() throws Exception {
    script.add(
        request ->
            new MockResponse.Builder()
                .body("z".repeat(100_000))
                .onResponseBody(new SocketEffect.CloseSocket())
                .build());
    assertThatThrownBy(() -> send("POST", "/a.js", "x")).isInstanceOf(IOException.class);
  }

  @Test
  void theOriginIsGone() throws Exception {
    origin.close();
    HttpResponse<String> response = send("POST", "/a.js", "x");
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(field(response, "Cache-Status")).isEqualTo("edge-1; fwd=method");
  }
}
