package dev.thermae.http.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Requests as bytes, each with what becomes of it: the statuses of all answers until the connection
 * is closed, 0 for none, and after {@code >} the targets that the origin saw. A server that only
 * read what it understood would answer most of them.
 */
final class RawRequests {
  private static final String HOST = "Host: h\r\n";
  private static final String GET = "GET / HTTP/1.1\r\n";
  private static final String POST = "POST / HTTP/1.1\r\n" + HOST;
  private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n";
  private static final String END = "Connection: close\r\n\r\n";
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\n" + HOST + END;

  /** One row. */
  record Row(String name, String outcome, String request) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final List<Row> rows = new ArrayList<>();

  private RawRequests() {}

  static Stream<Row> all() {
    RawRequests table = new RawRequests();
    table.lengths();
    table.codings();
    table.chunks();
    table.lines();
    table.targets();
    table.encodedTargets();
    table.hosts();
    table.fields();
    table.methods();
    table.pipelines();
    table.upgrades();
    return table.rows.stream();
  }

  private void row(String outcome, String name, String request) {
    rows.add(new Row(name, outcome, request));
  }

  private void lengths() {
    row("400", "CL.TE", CHUNKED + "Content-Length: 3\r\n\r\n0\r\n\r\n");
    row("400", "TE.CL", POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n5c\r\nGET");
    row("400", "CL.TE and a request", CHUNKED + "Content-Length: 6\r\n\r\n0\r\n\r\n" + SMUGGLED);
    row("400", "two lengths", POST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab");
    row("400", "two equal lengths", POST + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab");
    row("400", "a list of lengths", POST + "Content-Length: 1, 2\r\n\r\nab");
    row("400", "a list of equal lengths", POST + "Content-Length: 2, 2\r\n\r\nab");
    row("400", "a negative length", POST + "Content-Length: -1\r\n\r\n");
    row("400", "a signed length", POST + "Content-Length: +1\r\n\r\na");
    row("400", "a length in hex", POST + "Content-Length: 0x1\r\n\r\na");
    row("400", "a length with a space", POST + "Content-Length: 1 1\r\n\r\naaaaaaaaaaa");
    row("400", "a length with an underscore", POST + "Content-Length: 1_0\r\n\r\naaaaaaaaaa");
    row("400", "a length with a fraction", POST + "Content-Length: 1.0\r\n\r\na");
    row("400", "an empty length", POST + "Content-Length: \r\n\r\na");
    row("400", "an endless length", POST + "Content-Length: 99999999999999999999\r\n\r\na");
    row("413", "a length beyond the limit", POST + "Content-Length: 9223372036854775807\r\n\r\na");
    row("408", "a body that ends early", POST + "Content-Length: 9\r\n\r\nabc");
    row("400", "Content_Length beside", CHUNKED + "Content-Length : 3\r\n\r\n0\r\n\r\n");
  }

  private void codings() {
    row("400", "an unknown coding", POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n");
    row("400", "a coding before", POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
    row("400", "chunked not last", POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n");
    row(
        "400",
        "chunked in a list twice",
        POST + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n");
    row("400", "chunked twice", CHUNKED + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    row("400", "TE.TE", CHUNKED + "Transfer-Encoding: x\r\n\r\n0\r\n\r\n");
    row(
        "400",
        "TE.TE, the other order",
        POST + "Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    row("400", "a coding in quotes", POST + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n");
    row(
        "400",
        "a coding after a vertical tab",
        POST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n");
    row("400", "an empty coding", POST + "Transfer-Encoding: \r\n\r\n0\r\n\r\n");
    row("400", "an identity", POST + "Transfer-Encoding: identity\r\nContent-Length: 1\r\n\r\na");
    row("400", "a coding, folded", POST + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n");
    row("400", "a coding before a space", POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n");
    row(
        "400",
        "chunks on HTTP/1.0",
        "POST / HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    row(
        "400",
        "a coding on a GET, and a length",
        GET + HOST + "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n");
  }

  private void chunks() {
    row("400", "a chunk size that is none", CHUNKED + "\r\nzz\r\nab\r\n0\r\n\r\n");
    row("400", "a chunk longer than it says", CHUNKED + "\r\n1\r\nabc\r\n0\r\n\r\n");
    row("400", "an endless chunk size", CHUNKED + "\r\nfffffffffffffffff\r\na\r\n");
    row("400", "a negative chunk size", CHUNKED + "\r\n-1\r\na\r\n0\r\n\r\n");
    row("400", "a chunk size in C's hex", CHUNKED + "\r\n0x1\r\na\r\n0\r\n\r\n");
    row("400", "an empty chunk size", CHUNKED + "\r\n\r\na\r\n0\r\n\r\n");
    row("400", "a chunk size, a line feed", CHUNKED + "\r\n1\na\r\n0\r\n\r\n");
    row("400", "a chunk, a line feed", CHUNKED + "\r\n1\r\na\n0\r\n\r\n");
    row("400", "a chunk, a carriage return", CHUNKED + "\r\n1\r\na\r0\r\n\r\n");
    row("400", "a space before a chunk size", CHUNKED + "\r\n 1\r\na\r\n0\r\n\r\n");
    row("408", "chunks that end early", CHUNKED + "\r\n5\r\nab");
    row(
        "200>/",
        "an extension, dropped",
        CHUNKED + END.replace("\r\n\r\n", "\r\n") + "\r\n1;x=y\r\na\r\n0\r\n\r\n");
    row("400", "an extension with a line feed", CHUNKED + "\r\n1;x=\ny\r\na\r\n0\r\n\r\n");
    row("400", "a trailer that is none", CHUNKED + "\r\n1\r\na\r\n0\r\nX Y: a\r\n\r\n");
    row(
        "200>/",
        "a length in a trailer, dropped",
        CHUNKED + END.replace("\r\n\r\n", "\r\n") + "\r\n1\r\na\r\n0\r\nContent-Length: 9\r\n\r\n");
  }

  private void lines() {
    row("505", "no version", "GET /\r\n\r\n");
    row("505", "no version and a host", "GET /\r\n" + HOST + "\r\n");
    row("400", "nothing but a method", "GET\r\n\r\n");
    row("505", "a version to come", "GET / HTTP/3.0\r\n" + HOST + "\r\n");
    row("505", "HTTP/1.2", "GET / HTTP/1.2\r\n" + HOST + "\r\n");
    row("426", "HTTP/2.0", "GET / HTTP/2.0\r\n" + HOST + "\r\n");
    row("505", "HTTP/0.9", "GET / HTTP/0.9\r\n" + HOST + "\r\n");
    row("505", "HTTP/1.10", "GET / HTTP/1.10\r\n" + HOST + "\r\n");
    row("505", "HTTP/01.1", "GET / HTTP/01.1\r\n" + HOST + "\r\n");
    row("200>/", "a version in small letters", "GET / http/1.1\r\n" + HOST + END);
    row("505", "another protocol", "GET / ICY/1.1\r\n" + HOST + "\r\n");
    row("200>/", "two spaces", "GET  / HTTP/1.1\r\n" + HOST + END);
    row("400", "a tab", "GET\t/ HTTP/1.1\r\n" + HOST + "\r\n");
    row("400", "a space at the end", "GET / HTTP/1.1 \r\n" + HOST + "\r\n");
    row("400", "a space in front", " GET / HTTP/1.1\r\n" + HOST + "\r\n");
    row("400", "a byte order mark", "\u00ef\u00bb\u00bfGET / HTTP/1.1\r\n" + HOST + "\r\n");
    row("400", "bare line feeds", "GET / HTTP/1.1\nHost: h\n\n");
    row("400", "a method that is none", "GE(T / HTTP/1.1\r\n" + HOST + "\r\n");
    row("400", "a NUL in the method", "GE\0T / HTTP/1.1\r\n" + HOST + "\r\n");
    row("400", "not HTTP", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\r\n\r\n");
    row("400", "a PROXY line", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + GET + HOST + "\r\n");
    row("414", "a target too long", "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n");
    row("431", "a method too long", "G".repeat(9000) + " / HTTP/1.1\r\n" + HOST + "\r\n");
  }

  private void target(String outcome, String name, String target) {
    row(outcome, name, "GET " + target + " HTTP/1.1\r\n" + HOST + END);
  }

  private void targets() {
    target("400", "no leading slash", "evil.example/");
    target("400", "an at sign", "@evil.example/");
    target("400", "a colon", ":80/");
    target("400", "two slashes", "//evil.example/");
    target("400", "two slashes within", "/a//b");
    target("400", "another authority", "http://evil.example/");
    target("400", "another scheme", "ftp://h/");
    target("400", "https in clear", "https://h/");
    target("400", "credentials", "http://a:b@h/");
    target("400", "an absolute form without a host", "http:///x");
    target("400", "above the root", "/../x");
    target("400", "a dot segment", "/a/../b");
    target("400", "a dot", "/a/./b");
    target("400", "dots at the end", "/a/..");
    target("400", "dots with parameters", "/a/..;x/b");
    target("400", "a fragment", "/a#b");
    target("400", "a backslash", "/\\evil.example");
    target("400", "a space", "/a b");
    target("400", "a NUL", "/a\0b");
    target("400", "a tab in the target", "/a\tb");
    target("400", "an octet beyond ASCII", "/\u00e9");
    target("200>/x?y", "our own absolute form", "http://h/x?y");
    target("200>/a?b=../c", "dots in a query", "/a?b=../c");
    target("200>/a?//b", "slashes in a query", "/a?//b");
    target("400", "an asterisk", "*");
  }

  private void encodedTargets() {
    target("400", "encoded dots", "/%2e%2e/x");
    target("400", "half encoded dots", "/a/.%2E/x");
    target("400", "an encoded dot", "/a/%2e/x");
    target("400", "dots before an encoded slash", "/a/..%2fb");
    target("400", "dots before an encoded backslash", "/a/..%5cb");
    target("400", "dots after an encoded slash", "/a%2F..");
    target("400", "an encoded NUL", "/a%00b");
    target("400", "an encoded line break", "/a%0d%0ab");
    target("400", "half an escape", "/a%4");
    target("400", "an escape of other digits", "/a%zz");
    target("400", "an escape of a code unit", "/a%u002e");
    target("200>/a%2Fb", "an encoded slash stays one", "/a%2fb");
    target("200>/a%252e%252e%252fb", "twice encoded stays so", "/a%252e%252e%252fb");
    target("200>/a~b", "an escape that need not be", "/%61%7Eb");
    target("200>/a?x=%0D%0A", "an encoded line break in a query", "/a?x=%0d%0a");
  }

  private void hosts() {
    row("400", "no host", GET + "\r\n");
    row("400", "two hosts", GET + "Host: a\r\nHost: b\r\n\r\n");
    row("400", "one host twice", GET + "Host: h\r\nHost: h\r\n\r\n");
    row("400", "a host with a path", GET + "Host: a/b\r\n\r\n");
    row("400", "a host with credentials", GET + "Host: a@b\r\n\r\n");
    row("400", "a list of hosts", GET + "Host: a, b\r\n\r\n");
    row("400", "a host with a bad port", GET + "Host: h:x\r\n\r\n");
    row("400", "a host with a huge port", GET + "Host: h:99999\r\n\r\n");
    row("400", "a host with a space", GET + "Host: a b\r\n\r\n");
    row("400", "a host, a space, a colon", GET + "Host : h\r\n\r\n");
    row("400", "an absolute form, no host", "GET http://h/ HTTP/1.1\r\n\r\n");
    row("400", "an IPv6 host that is none", GET + "Host: [::1\r\n\r\n");
  }

  private void fields() {
    row("400", "a folded line", GET + HOST + "X: a\r\n b\r\n\r\n");
    row("400", "a first line that is folded", GET + " X: a\r\n" + HOST + "\r\n");
    row("400", "a bare carriage return", GET + HOST + "X: a\rb\r\n\r\n");
    row("400", "a bare line feed", GET + HOST + "X: a\nY: b\r\n\r\n");
    row("400", "a NUL in a value", GET + HOST + "X: a\0b\r\n\r\n");
    row("400", "a name with a space", GET + HOST + "X Y: a\r\n\r\n");
    row("400", "a name with a NUL", GET + HOST + "X\0Y: a\r\n\r\n");
    row("400", "a name before a tab", GET + HOST + "X\t: a\r\n\r\n");
    row("400", "no name", GET + HOST + ": a\r\n\r\n");
    row("400", "no colon", GET + HOST + "X\r\n\r\n");
    row("431", "a long value", GET + HOST + "X: " + "a".repeat(9000) + "\r\n\r\n");
    row("431", "a long name", GET + HOST + "X".repeat(9000) + ": a\r\n\r\n");
    row("431", "many fields", GET + HOST + "X: a\r\n".repeat(2000) + "\r\n");
    row("417", "an unknown expectation", POST + "Expect: tea\r\nContent-Length: 0\r\n" + END);
    row(
        "200>/",
        "100-continue with its body",
        POST + "Expect: 100-continue\r\nContent-Length: 1\r\n" + END + "a");
    row("508", "a loop", GET + HOST + "Via: 1.1 a\r\n".repeat(32) + END);
  }

  private void methods() {
    for (String method :
        List.of("TRACE", "TRACK", "DEBUG", "PURGE", "purge", "trace", "BAN", "REFRESH")) {
      row("405", method, method + " / HTTP/1.1\r\n" + HOST + "\r\n");
    }
    row("405", "CONNECT", "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n");
    row("400", "CONNECT of a path", "CONNECT / HTTP/1.1\r\n" + HOST + "\r\n");
    row("400", "OPTIONS of everything", "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n");
    row("400", "GET of everything", "GET * HTTP/1.1\r\n" + HOST + "\r\n");
    row("200>/", "a method in small letters", "get / HTTP/1.1\r\n" + HOST + END);
  }

  private void pipelines() {
    String first = "GET /1 HTTP/1.1\r\n" + HOST + "\r\n";
    row("200 400>/1", "garbage behind a request", first + "garbage\r\n\r\n");
    row("200 400>/1", "a body that no length said", first + "0\r\n\r\n");
    row("200 400>/1", "a bad host behind", first + GET + "Host: a/b\r\n\r\n");
    row("400", "a request behind a bad one", GET + "Host: a/b\r\n\r\n" + SMUGGLED);
    row("405", "a request behind a PURGE", "PURGE / HTTP/1.1\r\n" + HOST + "\r\n" + SMUGGLED);
    row("200>/1", "a request behind the last", "GET /1 HTTP/1.1\r\n" + HOST + END + SMUGGLED);
    row(
        "200>/",
        "a request as a body",
        POST + "Content-Length: " + SMUGGLED.length() + "\r\n" + END + SMUGGLED);
  }

  private void upgrades() {
    String settings = "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n";
    row("0", "the preface of HTTP/2 and no more", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    row(
        "200>/",
        "h2c is not taken",
        GET + HOST + "Connection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n" + settings);
    row("400", "h2c smuggled", GET + HOST + "Connection: close\r\nUpgrade: h2c\r\n" + settings);
    row(
        "200>/",
        "a web socket is not taken",
        GET
            + HOST
            + "Connection: close, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
  }
}
