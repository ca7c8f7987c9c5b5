package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.http.resource.FakeTime;
import dev.thermae.http.testing.Program;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real curl makes of the proxy: ranges, conditions, codings, versions, what is resumed. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@Tag("once")
class CurlTest extends ProxyFixture {
  private static final String MODIFIED = "Sun, 06 Nov 1994 08:00:00 GMT";
  private static final String[] FRESH = {
    "Cache-Control: max-age=600",
    "ETag: \"one\"",
    "Last-Modified: " + MODIFIED,
    "Content-Type: text/javascript"
  };
  private static final int LENGTH = 100_000;

  @TempDir Path folder;
  private final byte[] body = new byte[LENGTH];
  private Program curl;
  private String features;

  @BeforeEach
  void installed() throws Exception {
    Path file = Program.installed("curl");
    assumeTrue(file != null, "no curl here: install curl to test the proxy with it");
    curl = new Program(file, folder);
    features = curl.run("", List.of("--version")).text();
    for (int i = 0; i < LENGTH; i++) {
      body[i] = (byte) ("abcdefghijklmnopqrstuvwxyz\n".charAt(i % 27) ^ i / 27 % 3);
    }
    Files.write(folder.resolve("whole"), body);
  }

  /** A transfer's head, without the line of the status, and its body. */
  @SuppressWarnings("ArrayRecordComponent") // made for one reader
  private record Transfer(int exit, int status, String head, byte[] bytes) {
    String field(String name) {
      for (String line : head.split("\r\n", -1)) {
        if (line.regionMatches(true, 0, name + ": ", 0, name.length() + 2)) {
          return line.substring(name.length() + 2);
        }
      }
      return null;
    }

    String version() {
      return head.substring(0, head.indexOf(' '));
    }
  }

  private Transfer curl(String url, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-q", "-sS", "-D", "head"));
    if (!List.of(options).contains("-o")) {
      arguments.addAll(List.of("-o", "body"));
    }
    arguments.addAll(List.of(options));
    arguments.add(url);
    Files.deleteIfExists(folder.resolve("body"));
    Program.Outcome outcome = curl.run("", arguments);
    String heads = Files.readString(folder.resolve("head"), StandardCharsets.ISO_8859_1);
    String[] each = heads.split("\r\n\r\n", -1);
    String head = each[Math.max(0, each.length - 2)];
    Path written = folder.resolve("body");
    byte[] bytes = Files.exists(written) ? Files.readAllBytes(written) : new byte[0];
    assertThat(outcome.exit()).as(outcome.error()).isIn(0, 22, 33);
    return new Transfer(outcome.exit(), Integer.parseInt(head.split(" ", 3)[1]), head, bytes);
  }

  /** It is in the cache from then on: whatever else is asked is a hit. */
  private String cached() throws Exception {
    script.add(request -> response(200, body, FRESH));
    Transfer first = curl(proxy.url() + "/a.js");
    assertThat(first.status).isEqualTo(200);
    assertThat(first.bytes).isEqualTo(body);
    assertThat(first.field("ETag")).isEqualTo("\"one\"");
    return proxy.url() + "/a.js";
  }

  @Test
  void ranges() throws Exception {
    String url = cached();
    for (String line :
        List.of(
            "0-0 | 206 | 0 | 1",
            "0-99 | 206 | 0 | 100",
            "99999-99999 | 206 | 99999 | 100000",
            "99000- | 206 | 99000 | 100000",
            "0- | 206 | 0 | 100000",
            "-1 | 206 | 99999 | 100000",
            "-500 | 206 | 99500 | 100000",
            "-200000 | 206 | 0 | 100000",
            "50000-999999999999 | 206 | 50000 | 100000",
            "99999- | 206 | 99999 | 100000",
            "0-1,5-6 | 200 | 0 | 100000",
            "0-0,-1 | 200 | 0 | 100000",
            "5-2 | 200 | 0 | 100000")) {
      String[] row = line.split(" \\| ", -1);
      ranges(
          url,
          row[0],
          Integer.parseInt(row[1]),
          Integer.parseInt(row[2]),
          Integer.parseInt(row[3]));
    }
    assertThat(requests).hasSize(1);
  }

  private void ranges(String url, String range, int status, int from, int to) throws Exception {
    Transfer part = curl(url, "-H", "Range: bytes=" + range);
    assertThat(part.status).isEqualTo(status);
    assertThat(part.bytes).isEqualTo(Arrays.copyOfRange(body, from, to));
    assertThat(part.field("Content-Length")).isEqualTo("" + (to - from));
    String told = status == 206 ? "bytes " + from + '-' + (to - 1) + "/100000" : null;
    assertThat(part.field("Content-Range")).isEqualTo(told);
    assertThat(part.field("Accept-Ranges")).isEqualTo("bytes");
    assertThat(part.field("ETag")).isEqualTo("\"one\"");
    assertThat(requests).hasSize(1);
  }

  @Test
  void rangesOfNothing() throws Exception {
    String url = cached();
    for (String line : List.of("100000-", "100000-100001", "999999999999-", "-0")) {
      String[] row = line.split(" \\| ", -1);
      rangesOfNothing(url, row[0]);
    }
    assertThat(requests).hasSize(1);
  }

  private void rangesOfNothing(String url, String range) throws Exception {
    Transfer none = curl(url, "-H", "Range: bytes=" + range);
    assertThat(none.status).isEqualTo(416);
    assertThat(none.field("Content-Range")).isEqualTo("bytes */100000");
    assertThat(none.bytes)
        .isEqualTo("416 Range Not Satisfiable\n".getBytes(StandardCharsets.UTF_8));
    assertThat(none.field("ETag")).isNull();
    assertThat(requests).hasSize(1);
  }

  @Test
  void rangesOfWhatIsKnown() throws Exception {
    String url = cached();
    for (String line :
        List.of(
            "\"one\" | 206",
            "W/\"one\" | 200",
            "\"other\" | 200",
            "one | 200",
            "Sun, 06 Nov 1994 08:00:00 GMT | 206",
            "Sun, 06 Nov 1994 08:00:01 GMT | 200",
            "Sun, 06 Nov 1994 07:59:59 GMT | 200")) {
      String[] row = line.split(" \\| ", -1);
      rangesOfWhatIsKnown(url, row[0], Integer.parseInt(row[1]));
    }
    assertThat(requests).hasSize(1);
  }

  private void rangesOfWhatIsKnown(String url, String validator, int status) throws Exception {
    Transfer part = curl(url, "-r", "10-19", "-H", "If-Range: " + validator);
    assertThat(part.status).isEqualTo(status);
    assertThat(part.bytes).isEqualTo(status == 206 ? Arrays.copyOfRange(body, 10, 20) : body);
    assertThat(requests).hasSize(1);
  }

  /** A weak tag says nothing of bytes (RFC 9110 section 13.1.5). */
  @Test
  void rangesByWeakTags() throws Exception {
    script.add(request -> response(200, body, "Cache-Control: max-age=600", "ETag: W/\"one\""));
    curl(proxy.url() + "/a.js");
    Transfer part = curl(proxy.url() + "/a.js", "-r", "10-19", "-H", "If-Range: W/\"one\"");
    assertThat(part.status).isEqualTo(200);
    assertThat(part.bytes).isEqualTo(body);
  }

  @Test
  void conditions() throws Exception {
    String url = cached();
    for (String line :
        List.of(
            "If-None-Match: \"one\" | 304",
            "If-None-Match: W/\"one\" | 304",
            "If-None-Match: \"other\", \"one\" | 304",
            "If-None-Match: * | 304",
            "If-None-Match: \"other\" | 200",
            "If-Modified-Since: Sun, 06 Nov 1994 08:00:00 GMT | 304",
            "If-Modified-Since: Sun, 06 Nov 1994 08:00:01 GMT | 304",
            "If-Modified-Since: Sunday, 06-Nov-94 08:00:00 GMT | 304",
            "If-Modified-Since: Sun, 06 Nov 1994 07:59:59 GMT | 200",
            "If-Modified-Since: yesterday | 200")) {
      String[] row = line.split(" \\| ", -1);
      conditions(url, row[0], Integer.parseInt(row[1]));
    }
    assertThat(requests).hasSize(1);
  }

  private void conditions(String url, String condition, int status) throws Exception {
    for (String method : new String[] {"-sS", "-I"}) {
      Transfer answer = curl(url, method, "-H", condition);
      assertThat(answer.status).as(method).isEqualTo(status);
      boolean whole = status == 200 && !method.equals("-I");
      assertThat(answer.field("ETag")).isEqualTo("\"one\"");
      assertThat(answer.field("Cache-Status")).contains("; hit");
      assertThat(answer.field("Content-Length")).isEqualTo(status == 200 ? "100000" : null);
      if (!method.equals("-I")) {
        assertThat(answer.bytes).isEqualTo(whole ? body : new byte[0]);
      }
    }
    assertThat(requests).hasSize(1);
  }

  /** Tags outweigh dates, and conditions outweigh ranges. */
  @Test
  void whichConditionHolds() throws Exception {
    String url = cached();
    String since = "If-Modified-Since: " + MODIFIED;
    assertThat(curl(url, "-H", "If-None-Match: \"other\"", "-H", since).status).isEqualTo(200);
    String tag = "If-None-Match: \"one\"";
    assertThat(curl(url, "-H", tag, "-r", "0-9").status).isEqualTo(304);
    assertThat(curl(url, "-H", tag, "-r", "999999-").status).isEqualTo(304);
  }

  @Test
  void whatCurlKeepsOfItself() throws Exception {
    String url = cached();
    Transfer first = curl(url, "--etag-save", "tag");
    assertThat(first.bytes).isEqualTo(body);
    assertThat(Files.readString(folder.resolve("tag")).strip()).isEqualTo("\"one\"");
    Transfer same = curl(url, "--etag-compare", "tag");
    assertThat(same.status).isEqualTo(304);
    Files.writeString(folder.resolve("tag"), "\"old\"\n");
    assertThat(curl(url, "--etag-compare", "tag").bytes).isEqualTo(body);
    assertThat(curl(url, "-z", MODIFIED).status).isEqualTo(304);
    assertThat(curl(url, "-z", "Sat, 05 Nov 1994 08:00:00 GMT").bytes).isEqualTo(body);
    curl(url, "-R", "-o", "kept");
    assertThat(Files.getLastModifiedTime(folder.resolve("kept")).toMillis())
        .isEqualTo(FakeTime.START / 1000 * 1000 - 2_977_000);
    assertThat(curl(url, "-z", "kept").status).isEqualTo(304);
    assertThat(requests).hasSize(1);
  }

  @Test
  void headsAlone() throws Exception {
    String url = cached();
    Transfer head = curl(url, "-I");
    Transfer whole = curl(url);
    assertThat(head.status).isEqualTo(200);
    assertThat(head.head).isEqualTo(whole.head);
    script.add(request -> head(200, 7, "ETag: \"two\""));
    Transfer fresh = curl(proxy.url() + "/b.js", "-I");
    assertThat(fresh.field("Content-Length")).isEqualTo("7");
    assertThat(lastRequest().getMethod()).isEqualTo("HEAD");
  }

  @ParameterizedTest
  @CsvSource({"gzip, libz", "br, brotli"})
  void codings(String coding, String feature) throws Exception {
    assumeTrue(features.contains(feature), "this curl has no " + feature);
    script.add(request -> response(200, coded(coding, request), coded(coding)));
    String url = proxy.url() + "/a.js";
    for (int i = 0; i < 2; i++) {
      Transfer unpacked = curl(url, "--compressed");
      assertThat(unpacked.status).isEqualTo(200);
      assertThat(unpacked.bytes).isEqualTo(body);
      assertThat(unpacked.field("Vary")).containsIgnoringCase("Accept-Encoding");
    }
    Transfer identity = curl(url);
    if (coding.equals("gzip")) {
      assertThat(identity.field("Content-Encoding")).isNull();
      assertThat(identity.bytes).isEqualTo(body);
      assertThat(curl(url, "-r", "5-9").bytes).isEqualTo(Arrays.copyOfRange(body, 5, 10));
    }
    assertThat(requests).hasSize(1);
    assertThat(lastRequest().getHeaders().get("Accept-Encoding")).isEqualTo("gzip");
  }

  private static String[] coded(String coding) {
    List<String> fields = new ArrayList<>(List.of(FRESH));
    fields.add("Vary: Accept-Encoding");
    if (coding.equals("gzip")) {
      fields.add("Content-Encoding: gzip");
    }
    return fields.toArray(new String[0]);
  }

  /** Nobody asks the origin for br: what curl offers beside gzip is not passed on. */
  private byte[] coded(String coding, RecordedRequest request) {
    assertThat(request.getHeaders().values("Accept-Encoding")).containsExactly("gzip");
    if (!coding.equals("gzip")) {
      return body;
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(body);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
    return packed.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "--http1.0, HTTP/1.1",
    "--http1.1, HTTP/1.1",
    "--http2-prior-knowledge, HTTP/2",
    "--http2, HTTP/1.1",
  })
  void versionsInClearText(String option, String version) throws Exception {
    assumeTrue(!option.contains("http2") || features.contains("HTTP2"), "this curl has no HTTP/2");
    String url = cached();
    whateverTheVersion(url, version, option);
  }

  @ParameterizedTest
  @CsvSource({"--http2, HTTP/2", "--http1.1, HTTP/1.1", "--http1.0, HTTP/1.1"})
  void versionsByTls(String option, String version) throws Exception {
    assumeTrue(!option.equals("--http2") || features.contains("HTTP2"), "this curl has no HTTP/2");
    TestCertificate certificate = new TestCertificate();
    ProxyServer secure = open(settings().listener(listening().tls(certificate.files(folder))));
    script.add(request -> response(200, body, FRESH));
    String url = secure.url() + "/a.js";
    assertThat(curl(url, "-k", option).bytes).isEqualTo(body);
    whateverTheVersion(url, version, option, "-k");
    String authority = certificate.authority(folder).toString();
    assertThat(curl(url, "--cacert", authority, option).bytes).isEqualTo(body);
  }

  private void whateverTheVersion(String url, String version, String... options) throws Exception {
    Transfer whole = curl(url, options);
    assertThat(whole.version()).isEqualTo(version);
    assertThat(whole.bytes).isEqualTo(body);
    Transfer part = curl(url, with(options, "-r", "7-9"));
    assertThat(part.status).isEqualTo(206);
    assertThat(part.bytes).isEqualTo(Arrays.copyOfRange(body, 7, 10));
    Transfer same = curl(url, with(options, "-H", "If-None-Match: \"one\""));
    assertThat(same.status).isEqualTo(304);
    assertThat(same.bytes).isEmpty();
    Transfer head = curl(url, with(options, "-I"));
    assertThat(head.field("Content-Length")).isEqualTo("100000");
    assertThat(requests).hasSize(1);
  }

  private static String[] with(String[] options, String... more) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of(more));
    return all.toArray(new String[0]);
  }

  @Test
  void whatWasCutOffIsResumed() throws Exception {
    String url = cached();
    Path part = folder.resolve("part");
    Files.write(part, Arrays.copyOf(body, 33_333));
    assertThat(curl(url, "-C", "-", "-o", "part").status).isEqualTo(206);
    assertThat(Files.readAllBytes(part)).isEqualTo(body);
    Transfer again = curl(url, "-C", "-", "-o", "part");
    assertThat(again.status).isEqualTo(416);
    assertThat(Files.readAllBytes(part)).isEqualTo(body);
    assertThat(requests).hasSize(1);
  }

  /** One connection, heads and bodies one after the other. */
  @ParameterizedTest
  @CsvSource({"--http1.1", "--http2"})
  void manyOnOneConnection(String option) throws Exception {
    assumeTrue(!option.contains("http2") || features.contains("HTTP2"), "this curl has no HTTP/2");
    TlsFiles files = new TestCertificate().files(folder);
    ProxyServer secure = open(settings().listener(listening().tls(files)));
    script.add(request -> response(200, body, FRESH));
    String url = secure.url() + "/a.js";
    curl(url, "-k");
    List<String> arguments = new ArrayList<>(List.of("-q", "-sSk", option));
    for (String more : new String[] {"0-9", "10-", "-1"}) {
      arguments.addAll(List.of("-r", more, "-w", "|%{http_code} %{num_connects}|", url, "--next"));
      arguments.addAll(List.of("-q", "-sSk", option));
    }
    arguments.addAll(List.of("-w", "|%{http_code} %{num_connects}|", "-o", "x", url));
    arguments.addAll(List.of("-o", "y", url, "-o", "z", url));
    Program.Outcome outcome = curl.run("", arguments);
    String text = new String(outcome.out(), StandardCharsets.ISO_8859_1);
    String whole = new String(body, StandardCharsets.ISO_8859_1);
    String last = whole.substring(LENGTH - 1);
    assertThat(text)
        .as(outcome.error())
        .isEqualTo(
            whole.substring(0, 10)
                + "|206 1|"
                + whole.substring(10)
                + "|206 0|"
                + last
                + "|206 0||200 0||200 0||200 0|");
    assertThat(folder.resolve("z")).hasBinaryContent(body);
    assertThat(requests).hasSize(1);
  }

  /** curl asks for a leave to send, and the body comes whole. */
  @Test
  void whatIsSent() throws Exception {
    answer(201, "made", "Content-Type: text/plain");
    Transfer posted =
        curl(proxy.url() + "/up", "--data-binary", "@whole", "-H", "Expect: 100-continue");
    assertThat(posted.status).isEqualTo(201);
    assertThat(lastRequest().getBody().toByteArray()).isEqualTo(body);
    answer(200, "put");
    Transfer put = curl(proxy.url() + "/up", "-T", "whole", "-H", "Transfer-Encoding: chunked");
    assertThat(put.status).isEqualTo(200);
    assertThat(lastRequest().getBody().toByteArray()).isEqualTo(body);
  }
}
