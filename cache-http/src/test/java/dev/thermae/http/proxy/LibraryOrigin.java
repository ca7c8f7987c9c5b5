package dev.thermae.http.proxy;

import dev.thermae.http.resource.FakeTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okio.Buffer;
import tools.jackson.databind.json.JsonMapper;

/**
 * A page with the quickstart's libraries and its exercises of them, served as a usual server does:
 * with validators, conditions, gzip where it is taken, and a rule of caching for each.
 */
final class LibraryOrigin extends Dispatcher {
  private static final String EARLIER = "Sun, 01 Jan 2023 00:00:00 GMT";
  private static final String LATER = "Mon, 02 Jan 2023 00:00:00 GMT";
  private static final String WEBJARS = "META-INF/resources/webjars/";
  private static final Path EXERCISES =
      Path.of(
          "..", "samples", "src", "main", "resources", "dev", "thermae", "samples", "exercises");

  /** Where each is, and the rule it is served with; one of them has a date and no tag. */
  private record Library(String name, String resource, String rule, boolean tagged) {
    String path() {
      return "/libraries/" + name + ".js";
    }
  }

  private static final List<Library> LIBRARIES =
      List.of(
          new Library("mustache", "mustache/4.2.0/mustache.js", "max-age=0", false),
          new Library("moment", "moment/2.29.4/moment.js", "max-age=600", true),
          new Library("handlebars", "handlebars/4.7.7/dist/handlebars.js", "no-cache", true),
          new Library("acorn", "acorn/8.11.3/dist/acorn.js", "max-age=31536000, immutable", true),
          new Library("lodash", "lodash/4.17.21/lodash.js", "max-age=600", true),
          new Library("typescript", "typescript/3.9.10/lib/typescript.js", "max-age=600", true));

  /**
   * What is served under a path.
   *
   * @param fields that are always sent
   */
  @SuppressWarnings("ArrayRecordComponent") // made for one reader
  private record Served(
      String type, byte[] plain, byte[] packed, String tag, String modified, Headers fields) {}

  private final FakeTime time;
  private final Map<String, Served> served = new ConcurrentHashMap<>();
  private final List<String> answered = new CopyOnWriteArrayList<>();

  /** The first so many of them; the last one is the largest. */
  LibraryOrigin(FakeTime time, int libraries) throws IOException {
    this.time = time;
    StringBuilder page = new StringBuilder("<!doctype html><title>libraries</title><script>\n");
    page.append("var results = {}, module = { exports: {} }, exports = module.exports;\n");
    page.append("function exercise(name, text) {\n  var known = module;\n");
    page.append("  results[name] = (function (module) { return eval(text); })(known);\n");
    page.append("  module = { exports: {} }; exports = module.exports;\n}\n</script>\n");
    String common = Files.readString(EXERCISES.resolve("common.js"));
    for (Library each : LIBRARIES.subList(0, libraries)) {
      String exercise = common + Files.readString(EXERCISES.resolve(each.name + ".js"));
      String literal = new JsonMapper().writeValueAsString(exercise).replace("</", "<\\/");
      page.append("<script src=\"").append(each.path()).append("\"></script>\n<script>exercise('");
      page.append(each.name).append("', ").append(literal).append(")</script>\n");
      put(each, library(each.resource), EARLIER);
    }
    byte[] whole = page.toString().getBytes(StandardCharsets.UTF_8);
    put("/", whole, "text/html; charset=utf-8", "no-cache", EARLIER, true);
  }

  private static byte[] library(String resource) throws IOException {
    try (InputStream in =
        LibraryOrigin.class.getClassLoader().getResourceAsStream(WEBJARS + resource)) {
      return in.readAllBytes();
    }
  }

  private void put(Library library, byte[] bytes, String modified) throws IOException {
    put(
        library.path(),
        bytes,
        "text/javascript; charset=utf-8",
        library.rule,
        modified,
        library.tagged);
  }

  private void put(
      String path, byte[] plain, String type, String rule, String modified, boolean tagged)
      throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    }
    Headers fields = Headers.of("Cache-Control", rule, "X-Own", "of " + path);
    String tag = tagged ? '"' + digest(plain).substring(0, 16) : null;
    served.put(path, new Served(type, plain, packed.toByteArray(), tag, modified, fields));
  }

  /** A new version of a library, which says so when it is asked. */
  void change(String name) throws IOException {
    for (Library each : LIBRARIES) {
      if (each.name.equals(name)) {
        byte[] before = served.get(each.path()).plain;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(before);
        bytes.writeBytes(
            "\n['VERSION', 'version'].forEach(function (v) { module.exports[v] += ' anew'; });\n"
                .getBytes(StandardCharsets.UTF_8));
        put(each, bytes.toByteArray(), LATER);
      }
    }
  }

  private String date() {
    Instant when = Instant.ofEpochMilli(time.millis());
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(when.atOffset(ZoneOffset.UTC));
  }

  /** A digest of what is served under a path, unpacked. */
  String digest(String path) {
    return digest(served.get(path).plain);
  }

  static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Paths and statuses since this was asked last, in the order of paths. */
  List<String> answered() {
    List<String> all = answered.stream().sorted().toList();
    answered.clear();
    return all;
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    String path = request.getUrl().encodedPath();
    Served found = served.get(path);
    MockResponse answer =
        found == null
            ? new MockResponse.Builder().code(404).build()
            : answer(request.getHeaders(), found);
    answered.add(path + " " + answer.getCode());
    return answer;
  }

  private MockResponse answer(Headers asked, Served found) {
    String codings = asked.get("Accept-Encoding");
    boolean packed = codings != null && codings.contains("gzip");
    String tag = found.tag == null ? null : found.tag + (packed ? "-gzip\"" : "\"");
    MockResponse.Builder answer = new MockResponse.Builder().headers(found.fields);
    answer.addHeader("Date", date()).addHeader("Vary", "Accept-Encoding");
    answer.addHeader("Last-Modified", found.modified);
    if (tag != null) {
      answer.addHeader("ETag", tag);
    }
    String known = asked.get("If-None-Match");
    boolean same =
        known == null ? found.modified.equals(asked.get("If-Modified-Since")) : known.equals(tag);
    if (same) {
      return answer.code(304).build();
    }
    answer.addHeader("Content-Type", found.type);
    if (packed) {
      answer.addHeader("Content-Encoding", "gzip");
    }
    return answer.body(new Buffer().write(packed ? found.packed : found.plain)).build();
  }
}
