package dev.thermae.http.proxy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Requests of somebody who has no secrets, made at random: to the data port, and to the admin
 * listener. A seed makes the same ones again. Used by one thread.
 */
final class WorkerRequests {
  private static final List<String> WRITING =
      List.of(
          "PUT",
          "POST",
          "DELETE",
          "PATCH",
          "PURGE",
          "purge",
          "Purge",
          "PURGEALL",
          "BAN",
          "REFRESH",
          "MKCOL",
          "MOVE",
          "COPY",
          "LOCK",
          "UNLOCK",
          "PROPPATCH",
          "LINK",
          "UNLINK",
          "FROBNICATE",
          "put",
          "delete",
          "TRACE",
          "CONNECT",
          "DEBUG",
          "INVALIDATE",
          "UPDATE",
          "get",
          "HEAD2");

  private static final List<String> SAFE = List.of("OPTIONS", "PROPFIND", "REPORT", "SEARCH");

  /** What some cache or framework somewhere obeys. */
  private static final List<String> FORGED =
      List.of(
          "X-HTTP-Method-Override: PURGE",
          "X-HTTP-Method: DELETE",
          "X-Method-Override: PUT",
          "X-HTTP-Method-Override: PUT",
          "X-Purge: 1",
          "X-Purge-Key: all",
          "X-Cache-Purge: true",
          "X-Cache-Action: invalidate",
          "X-Refresh: 1",
          "X-Forwarded-For: 127.0.0.1",
          "X-Forwarded-Host: evil.example",
          "X-Forwarded-Method: PURGE",
          "X-Original-URL: /purge?url=/a.js",
          "X-Rewrite-URL: /purge?url=/a.js",
          "X-Real-IP: 127.0.0.1",
          "X-Host: evil.example",
          "Forwarded: for=127.0.0.1;host=evil.example",
          "Surrogate-Key: scripts",
          "Surrogate-Control: max-age=0",
          "Surrogate-Capability: thermae=\"Surrogate/1.0\"",
          "CDN-Cache-Control: no-store",
          "Cache-Status: thermae; fwd=miss; stored",
          "Cache-Tag: scripts",
          "Soft-Purge: 1",
          "Fastly-Purge: 1",
          "Clear-Site-Data: \"cache\"",
          "ETag: \"forged\"",
          "Age: 99999999",
          "Expires: 0",
          "Vary: *",
          "Location: /a.js",
          "Content-Location: /a.js",
          "Last-Modified: Sun, 06 Nov 2044 08:00:00 GMT",
          "Destination: /b.js",
          "Overwrite: T",
          "Thermae-Purge: /a.js",
          "X-Thermae-Code: forged",
          "Authorization: Bearer admin",
          "Proxy-Authorization: Bearer admin",
          "Via: 1.1 thermae");

  private final Random random;
  private final List<String> cached;
  private final List<String> own;
  private final List<byte[]> bodies;

  /**
   * @param cached paths of which there are entries
   * @param own paths that are the proxy's own
   * @param bodies that somebody would like to see stored
   */
  WorkerRequests(Random random, List<String> cached, List<String> own, List<byte[]> bodies) {
    this.random = random;
    this.cached = cached;
    this.own = own;
    this.bodies = bodies;
  }

  /**
   * A request, byte by byte.
   *
   * @param path when it reads what is cached, that; null when it is to write or purge
   * @param text its bytes as ISO 8859-1
   */
  record Attempt(String path, String text) {
    boolean reads() {
      return path != null;
    }
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String forged() {
    StringBuilder fields = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      fields.append(one(FORGED)).append("\r\n");
    }
    return fields.toString();
  }

  /** Fields and a body, with a length or in chunks. */
  private String body() {
    if (random.nextInt(4) == 0) {
      return "\r\n";
    }
    byte[] bytes = one(bodies);
    if (random.nextInt(3) == 0) {
      bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String types = "application/vnd.thermae.code application/vnd.thermae.envelope text/javascript";
    String type = one(List.of((types + " application/x-www-form-urlencoded").split(" ", -1)));
    String fields = "Content-Type: " + type + "\r\n";
    return random.nextBoolean()
        ? fields + "Content-Length: " + bytes.length + "\r\n\r\n" + text
        : fields + "Transfer-Encoding: chunked\r\n\r\n" + chunks(text);
  }

  private static String chunks(String text) {
    String all = text.isEmpty() ? "" : Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    return all + "0\r\n\r\n";
  }

  /** A method that some server takes for a change. */
  String writing() {
    return one(WRITING);
  }

  /** Where something could be written to. */
  String place() {
    return switch (random.nextInt(6)) {
      case 0 -> one(own);
      case 1 -> one(cached).replace("a.js", "%61.js");
      case 2 -> one(cached) + "?purge=1";
      case 3 -> one(List.of("/purge?url=/a.js", "/purge", "/", "/status", "/*", "/libraries/"));
      default -> one(cached);
    };
  }

  /** To the data port, to change something there. */
  Attempt write(int port) {
    String method = random.nextInt(8) == 0 ? one(SAFE) : writing();
    String place = place();
    String target = random.nextInt(6) == 0 ? "http://127.0.0.1:" + port + place : place;
    return new Attempt(null, head(method, target, "127.0.0.1:" + port) + forged() + body());
  }

  /** To the data port, for what is there, with more than a reader sends. */
  Attempt read(int port) {
    String path = one(cached);
    String method = random.nextInt(4) == 0 ? "HEAD" : "GET";
    String host = one(List.of("127.0.0.1:" + port, "evil.example", "localhost"));
    return new Attempt(path, head(method, path, host) + forged() + body());
  }

  private static String head(String method, String target, String host) {
    return method + ' ' + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n";
  }

  /** To the admin listener, without the token. */
  Attempt administer(int port) {
    String method =
        one(List.of("POST", "PURGE", "DELETE", "PUT", "PATCH", "GET", "OPTIONS", "HEAD"));
    String query = one(List.of("url=/a.js", "prefix=/", "key=scripts", "url=/a.js&soft=true"));
    String guess = guess();
    String path =
        one(List.of("/purge", "/purge?" + query, "/purge?token=" + guess, "/a.js", "/status", "/"))
            .replace("/purge", one(List.of("/purge", "/purge", "/purge/", "/%70urge", "//purge")));
    if (method.equals("GET") || method.equals("HEAD")) {
      path = one(List.of("/status", "/metrics", "/explain?url=/a.js", "/purge?" + query));
    }
    String host =
        one(List.of("127.0.0.1:" + port, "localhost", "evil.example", "127.0.0.1.evil.example"));
    String authorization =
        one(
            List.of(
                "",
                "Authorization: \r\n",
                "Authorization: Bearer\r\n",
                "Authorization: Bearer \r\n",
                "Authorization: Bearer " + guess + "\r\n",
                "Authorization: bearer " + guess + "\r\n",
                "Authorization: " + guess + "\r\n",
                "Authorization: Bearer null\r\n",
                "Authorization: Bearer *\r\n",
                "Authorization: Basic " + basic(guess) + "\r\n",
                "Authorization: Bearer\r\nAuthorization: Bearer " + guess + "\r\n",
                "Cookie: token=" + guess + "\r\n",
                "X-Authorization: Bearer " + guess + "\r\n",
                "Proxy-Authorization: Bearer " + guess + "\r\n"));
    String from =
        one(
            List.of(
                "",
                "Origin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\n",
                "Origin: null\r\nReferer: http://127.0.0.1:" + port + "/\r\n",
                "Access-Control-Request-Method: PURGE\r\nOrigin: http://evil.example\r\n"));
    String form = "url=/a.js&key=scripts&prefix=/&token=" + guess;
    String body =
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + form.length()
            + "\r\n\r\n"
            + form;
    return new Attempt(null, head(method, path, host) + authorization + from + forged() + body);
  }

  /** A token that somebody could try. */
  private String guess() {
    String known = "a-token-that-nobody-guesses";
    return switch (random.nextInt(6)) {
      case 0 -> known.substring(0, random.nextInt(known.length()));
      case 1 -> known.toUpperCase(Locale.ROOT);
      case 2 -> known + (char) ('a' + random.nextInt(26));
      case 3 -> known.replace('-', '_');
      case 4 -> "admin";
      default -> Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
    };
  }

  private static String basic(String guess) {
    return Base64.getEncoder()
        .encodeToString(("admin:" + guess).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Header lists of HTTP/2 that are to change something, names and values in turns. */
  List<String> list(int port) {
    String method = writing();
    String path = place();
    String authority = "127.0.0.1:" + port;
    List<String> fields = new ArrayList<>();
    List<String> usual =
        List.of(":method", method, ":scheme", "http", ":authority", authority, ":path", path);
    switch (random.nextInt(12)) {
      case 0 -> fields.addAll(List.of(":method", "GET"));
      case 1 -> fields.addAll(List.of("x-before", "1"));
      case 2 -> fields.addAll(List.of(":path", "/b.js"));
      case 3 -> fields.addAll(List.of(":purge", "1"));
      case 4 -> fields.addAll(List.of(":protocol", "websocket"));
      default -> {}
    }
    fields.addAll(usual);
    switch (random.nextInt(12)) {
      case 0 -> fields.addAll(List.of("host", "evil.example"));
      case 1 -> fields.addAll(List.of(":method", "GET"));
      case 2 -> fields.addAll(List.of("transfer-encoding", "chunked"));
      case 3 -> fields.addAll(List.of("connection", "x-purge"));
      case 4 -> fields.addAll(List.of("X-Upper", "1"));
      case 5 -> fields.set(fields.indexOf(path), "http://" + authority + path);
      case 6 -> fields.set(fields.indexOf("http"), "https");
      case 7 -> fields.set(fields.indexOf(path), path.substring(1));
      default -> {}
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      String[] field = one(FORGED).split(": ", 2);
      fields.addAll(List.of(field[0].toLowerCase(Locale.ROOT), field[1]));
    }
    return fields;
  }
}
