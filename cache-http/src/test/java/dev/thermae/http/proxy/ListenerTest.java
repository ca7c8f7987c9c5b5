package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/1.1 and HTTP/2, in clear text and by TLS, and a port that two share. */
class ListenerTest extends ProxyFixture {
  @TempDir Path folder;

  private final TestCertificate certificate = new TestCertificate();

  private TlsFiles files() throws IOException {
    return certificate.files(folder);
  }

  private HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder().version(version).sslContext(certificate.trusting()).build();
  }

  private HttpResponse<String> get(HttpClient.Version version, ProxyServer from) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(from.url() + "/a.js")).build();
    return client(version).send(request, BodyHandlers.ofString());
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void byTls(HttpClient.Version version) throws Exception {
    answer(200, JS, "Cache-Control: max-age=100", "ETag: \"1\"");
    ProxyServer secure = open(settings().listener(listening().tls(files())));
    assertThat(secure.url()).startsWith("https://127.0.0.1:");
    HttpResponse<String> first = get(version, secure);
    HttpResponse<String> second = get(version, secure);
    assertThat(first.version()).isEqualTo(version);
    assertThat(first.sslSession()).isPresent();
    assertThat(second.body()).isEqualTo(JS);
    assertThat(field(second, "Cache-Status")).contains("; hit");
    assertThat(requests).hasSize(1);
  }

  @Test
  void inClearText() throws Exception {
    answer(200, JS, "Cache-Control: max-age=100");
    OkHttpClient two =
        new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();
    Request request = new Request.Builder().url(proxy.url() + "/a.js").build();
    for (int i = 0; i < 2; i++) {
      try (Response response = two.newCall(request).execute()) {
        assertThat(response.protocol()).isEqualTo(Protocol.H2_PRIOR_KNOWLEDGE);
        assertThat(response.body().string()).isEqualTo(JS);
      }
    }
    assertThat(requests).hasSize(1);
    two.connectionPool().evictAll();
  }

  /** Obsolete, and a way past other proxies. */
  @Test
  void noUpgradeInClearText() throws Exception {
    answer(200, JS, "Cache-Control: max-age=100");
    HttpResponse<String> response = get(HttpClient.Version.HTTP_2, proxy);
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(response.body()).isEqualTo(JS);
  }

  @Test
  void bodiesGoBothWaysByHttp2() throws Exception {
    ProxyServer secure = open(settings().listener(listening().tls(files())));
    String large = "x".repeat(3_000_000);
    script.add(request -> response(200, request.getBody().utf8(), "Connection: close, X-Hop"));
    HttpRequest post =
        HttpRequest.newBuilder(URI.create(secure.url() + "/echo"))
            .POST(HttpRequest.BodyPublishers.ofString(large))
            .build();
    HttpResponse<String> echo =
        client(HttpClient.Version.HTTP_2).send(post, BodyHandlers.ofString());
    assertThat(echo.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(echo.body()).isEqualTo(large);
  }

  /** From the store, and then from memory. */
  @Test
  void whatIsKnownHasNoLengthByHttp2() throws Exception {
    ProxyServer secure = open(settings().listener(listening().tls(files())));
    answer(200, JS, "Cache-Control: max-age=100", "ETag: \"v1\"");
    assertThat(get(HttpClient.Version.HTTP_2, secure).body()).isEqualTo(JS);
    HttpRequest known =
        HttpRequest.newBuilder(URI.create(secure.url() + "/a.js"))
            .header("If-None-Match", "\"v1\"")
            .build();
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> response =
          client(HttpClient.Version.HTTP_2).send(known, BodyHandlers.ofString());
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(response.statusCode()).isEqualTo(304);
      assertThat(response.headers().firstValue("Content-Length")).isEmpty();
    }
    assertThat(requests).hasSize(1);
  }

  /** A new process listens beside the old one, which then ends. */
  @Test
  void oneAfterTheOtherOnOnePort() throws Exception {
    answer(200, JS, "Cache-Control: max-age=100");
    answer(200, JS, "Cache-Control: max-age=100");
    ProxyServer old = open(settings().listener(listening().sharedPort(true)));
    ListenerSettings same = listening().sharedPort(true).port(old.port());
    ProxyServer next = open(settings().listener(same));
    old.close();
    assertThat(get(HttpClient.Version.HTTP_1_1, next).body()).isEqualTo(JS);
    assertThat(next.stats().requests()).isEqualTo(1);
  }

  @Test
  void aKeyOfAnotherCertificate() throws Exception {
    TlsFiles files = files();
    Files.writeString(
        files.key(), new HeldCertificate.Builder().rsa2048().build().privateKeyPkcs8Pem());
    assertThatThrownBy(() -> open(settings().listener(listening().tls(files))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("key.pem is no key for the certificate in");
  }

  @Test
  void aKeyInAnotherForm() throws Exception {
    TlsFiles files = files();
    String old = Files.readString(files.key()).replace("PRIVATE KEY", "RSA PRIVATE KEY");
    Files.writeString(files.key(), old);
    assertThatThrownBy(() -> open(settings().listener(listening().tls(files))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("openssl pkcs8");
  }

  @Test
  void noCertificate() throws Exception {
    TlsFiles files = files();
    Files.writeString(files.certificates(), "nothing\n");
    assertThatThrownBy(() -> open(settings().listener(listening().tls(files))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chain.pem");
  }

  @Test
  void limitsThatAreNone() {
    ListenerSettings settings = new ListenerSettings();
    assertThatThrownBy(() -> settings.port(65_536)).hasMessageContaining("0 to 65535");
    assertThatThrownBy(() -> settings.maximumConnections(0)).hasMessageContaining("connections");
    assertThatThrownBy(() -> settings.headTimeout(Duration.ZERO)).hasMessageContaining("head");
    assertThatThrownBy(() -> settings.minimumRate(-1, Duration.ofSeconds(1)))
        .hasMessageContaining("-1");
  }
}
