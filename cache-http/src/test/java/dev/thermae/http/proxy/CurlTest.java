package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.http.resource.FakeTime;
import dev.thermae.http.testing.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real curl makes of the proxy: codings, versions, its own files, what is resumed. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@Tag("once")
class CurlTest extends CurlFixture {
  @Test
  void whatCurlKeepsOfItself() throws Exception {
    String url = cached();
    Transfer first = curl(url, "--etag-save", "tag");
    assertThat(first.bytes()).isEqualTo(body);
    assertThat(Files.readString(folder.resolve("tag")).strip()).isEqualTo("\"one\"");
    Transfer same = curl(url, "--etag-compare", "tag");
    assertThat(same.status()).isEqualTo(304);
    Files.writeString(folder.resolve("tag"), "\"old\"\n");
    assertThat(curl(url, "--etag-compare", "tag").bytes()).isEqualTo(body);
    assertThat(curl(url, "-z", MODIFIED).status()).isEqualTo(304);
    assertThat(curl(url, "-z", "Sat, 05 Nov 1994 08:00:00 GMT").bytes()).isEqualTo(body);
    curl(url, "-R", "-o", "kept");
    assertThat(Files.getLastModifiedTime(folder.resolve("kept")).toMillis())
        .isEqualTo(FakeTime.START / 1000 * 1000 - 2_977_000);
    assertThat(curl(url, "-z", "kept").status()).isEqualTo(304);
    assertThat(requests).hasSize(1);
  }

  @Test
  void headsAlone() throws Exception {
    String url = cached();
    Transfer head = curl(url, "-I");
    Transfer whole = curl(url);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.head()).isEqualTo(whole.head());
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
      assertThat(unpacked.status()).isEqualTo(200);
      assertThat(unpacked.bytes()).isEqualTo(body);
      assertThat(unpacked.field("Vary")).containsIgnoringCase("Accept-Encoding");
    }
    Transfer identity = curl(url);
    if (coding.equals("gzip")) {
      assertThat(identity.field("Content-Encoding")).isNull();
      assertThat(identity.bytes()).isEqualTo(body);
      assertThat(curl(url, "-r", "5-9").bytes()).isEqualTo(Arrays.copyOfRange(body, 5, 10));
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
    } catch (IOException e) {
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
    assertThat(curl(url, "-k", option).bytes()).isEqualTo(body);
    whateverTheVersion(url, version, option, "-k");
    String authority = certificate.authority(folder).toString();
    assertThat(curl(url, "--cacert", authority, option).bytes()).isEqualTo(body);
  }

  private void whateverTheVersion(String url, String version, String... options) throws Exception {
    Transfer whole = curl(url, options);
    assertThat(whole.version()).isEqualTo(version);
    assertThat(whole.bytes()).isEqualTo(body);
    Transfer part = curl(url, with(options, "-r", "7-9"));
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.bytes()).isEqualTo(Arrays.copyOfRange(body, 7, 10));
    Transfer same = curl(url, with(options, "-H", "If-None-Match: \"one\""));
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.bytes()).isEmpty();
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
    assertThat(curl(url, "-C", "-", "-o", "part").status()).isEqualTo(206);
    assertThat(Files.readAllBytes(part)).isEqualTo(body);
    Transfer again = curl(url, "-C", "-", "-o", "part");
    assertThat(again.status()).isEqualTo(416);
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
    assertThat(posted.status()).isEqualTo(201);
    assertThat(lastRequest().getBody().toByteArray()).isEqualTo(body);
    answer(200, "put");
    Transfer put = curl(proxy.url() + "/up", "-T", "whole", "-H", "Transfer-Encoding: chunked");
    assertThat(put.status()).isEqualTo(200);
    assertThat(lastRequest().getBody().toByteArray()).isEqualTo(body);
  }
}
