package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that no well-meaning client sends: refused, closed, and never seen by the origin. */
class MalformedRequestsTest extends ProxyFixture {
  private static final String HOST = "Host: h\r\n";

  @Override
  ProxyServer.Builder settings() {
    return super.settings().listener(listening().idleTimeout(Duration.ofSeconds(2)));
  }

  static List<Arguments> requests() {
    List<Arguments> cases = new ArrayList<>();
    framing(cases);
    targets(cases);
    fields(cases);
    return cases;
  }

  private static void add(List<Arguments> cases, String name, String request) {
    cases.add(Arguments.of(name, request));
  }

  private static void framing(List<Arguments> cases) {
    String post = "POST / HTTP/1.1\r\n" + HOST;
    String chunked = post + "Transfer-Encoding: chunked\r\n";
    add(
        cases,
        "length and chunks",
        post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    add(cases, "two lengths", post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab");
    add(cases, "a list of lengths", post + "Content-Length: 1, 2\r\n\r\nab");
    add(cases, "a negative length", post + "Content-Length: -1\r\n\r\n");
    add(cases, "a signed length", post + "Content-Length: +1\r\n\r\na");
    add(cases, "a length in hex", post + "Content-Length: 0x1\r\n\r\na");
    add(cases, "an endless length", post + "Content-Length: 99999999999999999999\r\n\r\na");
    add(cases, "an unknown transfer coding", post + "Transfer-Encoding: xchunked\r\n\r\n");
    add(cases, "chunked not last", post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n");
    add(
        cases,
        "chunked twice",
        post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    add(cases, "a space before the colon", post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n");
    add(
        cases,
        "chunks on HTTP/1.0",
        "POST / HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    add(cases, "a chunk size that is none", chunked + "\r\nzz\r\nab\r\n0\r\n\r\n");
    add(cases, "a chunk longer than it says", chunked + "\r\n1\r\nabc\r\n0\r\n\r\n");
    add(cases, "an endless chunk size", chunked + "\r\nfffffffffffffffff\r\na\r\n");
  }

  private static void targets(List<Arguments> cases) {
    add(cases, "no leading slash", "GET evil.example/ HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "an at sign", "GET @evil.example/ HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "two slashes", "GET //evil.example/ HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "another authority", "GET http://evil.example/ HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "another scheme", "GET ftp://h/ HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "credentials", "GET http://a:b@h/ HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "above the root", "GET /../x HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "above the root, encoded", "GET /%2e%2e/x HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "an encoded slash", "GET /a%2fb HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "an encoded NUL", "GET /a%00b HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "half an escape", "GET /a%4 HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "a fragment", "GET /a#b HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "a backslash", "GET /\\evil.example HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "a space", "GET /a b HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "an octet beyond ASCII", "GET /\u00e9 HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "an asterisk", "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "too long", "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n");
  }

  private static void fields(List<Arguments> cases) {
    String get = "GET / HTTP/1.1\r\n";
    add(cases, "no host", get + "\r\n");
    add(cases, "two hosts", get + "Host: a\r\nHost: b\r\n\r\n");
    add(cases, "a bad host", get + "Host: a/b\r\n\r\n");
    add(cases, "a folded line", get + HOST + "X: a\r\n b\r\n\r\n");
    add(cases, "bare line feeds", "GET / HTTP/1.1\nHost: h\n\n");
    add(cases, "a bare carriage return", get + HOST + "X: a\rb\r\n\r\n");
    add(cases, "a NUL", get + HOST + "X: a\0b\r\n\r\n");
    add(cases, "a name that is none", get + HOST + "X Y: a\r\n\r\n");
    add(cases, "no name", get + HOST + ": a\r\n\r\n");
    add(cases, "no colon", get + HOST + "X\r\n\r\n");
    add(cases, "too much", get + HOST + "X: " + "a".repeat(9000) + "\r\n\r\n");
    add(cases, "no version", "GET /\r\n\r\n");
    add(cases, "another version", "GET / HTTP/3.0\r\n" + HOST + "\r\n");
    add(cases, "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    add(cases, "a method that is none", "GE(T / HTTP/1.1\r\n" + HOST + "\r\n");
    add(cases, "not HTTP", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\r\n\r\n");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void refused(String name, String request) throws Exception {
    script.add(seen -> response(200, "the origin saw it"));
    RawAnswer answer = RawAnswer.to(proxy.port(), request);
    assertThat(answer.closed()).isTrue();
    assertThat(answer.status()).as(answer.text()).isIn(0, 400, 414, 426, 431, 501, 505);
    assertThat(answer.answers()).as(answer.text()).isLessThanOrEqualTo(1);
    assertThat(answer.text())
        .doesNotContain("the origin saw it")
        .doesNotContain("<html")
        .doesNotContainIgnoringCase("jetty")
        .doesNotContain("Exception");
    assertThat(requests).isEmpty();
  }

  @Test
  void aGoodRequestStillPasses() throws Exception {
    answer(200, JS);
    RawAnswer answer =
        RawAnswer.to(proxy.port(), "GET / HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).endsWith("\r\n\r\n" + JS);
  }

  @Test
  void theAbsoluteFormOfOurOwnNameIsAPath() throws Exception {
    answer(200, JS);
    RawAnswer answer =
        RawAnswer.to(
            proxy.port(), "GET http://h/x?y HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(lastRequest().getTarget()).isEqualTo("/x?y");
    assertThat(lastRequest().getHeaders().get("Host"))
        .isEqualTo(origin.getHostName() + ":" + origin.getPort());
  }
}
