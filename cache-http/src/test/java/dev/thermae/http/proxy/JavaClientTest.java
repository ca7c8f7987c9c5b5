package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The JDK's own client: many requests on one connection, conditions, ranges, both versions. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@Tag("once")
class JavaClientTest extends ProxyFixture {
  private static final int REQUESTS = 200;
  private static final String TEXT = "0123456789".repeat(5_000);
  private static final String[] FRESH = {"Cache-Control: max-age=600", "ETag: \"one\""};

  @TempDir Path folder;
  private final TestCertificate certificate = new TestCertificate();

  private HttpRequest get(URI url, String... fields) {
    HttpRequest.Builder request = HttpRequest.newBuilder(url);
    return (fields.length == 0 ? request : request.headers(fields)).build();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void byTls(HttpClient.Version version) throws Exception {
    ProxyServer secure = open(settings().listener(listening().tls(certificate.files(folder))));
    HttpClient trusting =
        HttpClient.newBuilder().version(version).sslContext(certificate.trusting()).build();
    URI url = URI.create(secure.url() + "/a.js");
    answer(200, TEXT, FRESH);
    HttpResponse<String> first = trusting.send(get(url), BodyHandlers.ofString());
    HttpResponse<String> same =
        trusting.send(get(url, "If-None-Match", "\"one\""), BodyHandlers.ofString());
    HttpResponse<String> part =
        trusting.send(get(url, "Range", "bytes=12-34"), BodyHandlers.ofString());
    HttpRequest headOnly =
        HttpRequest.newBuilder(url).method("HEAD", HttpRequest.BodyPublishers.noBody()).build();
    HttpResponse<String> head = trusting.send(headOnly, BodyHandlers.ofString());
    for (HttpResponse<String> each : List.of(first, same, part, head)) {
      assertThat(each.version()).isEqualTo(version);
      assertThat(field(each, "ETag")).isEqualTo("\"one\"");
    }
    assertThat(first.body()).isEqualTo(TEXT);
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(TEXT.substring(12, 35));
    assertThat(head.body()).isEmpty();
    assertThat(field(head, "Content-Length")).isEqualTo("" + TEXT.length());
    assertThat(requests).hasSize(1);
  }

  /** At most 100 streams are open at once, as the proxy tells its clients. */
  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void manyAtOnce(HttpClient.Version version) throws Exception {
    ProxyServer secure = open(settings().listener(listening().tls(certificate.files(folder))));
    try (Wire wire = new Wire(secure.port())) {
      HttpClient trusting =
          HttpClient.newBuilder().version(version).sslContext(certificate.trusting()).build();
      URI url = URI.create("https://127.0.0.1:" + wire.port() + "/a.js");
      answer(200, TEXT, FRESH);
      assertThat(trusting.send(get(url), BodyHandlers.ofString()).version()).isEqualTo(version);
      boolean two = version == HttpClient.Version.HTTP_2;
      Semaphore streams = new Semaphore(two ? 100 : 8);
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        streams.acquire();
        HttpRequest request =
            switch (i % 4) {
              case 0 -> get(url, "If-None-Match", "\"one\"");
              case 1 -> get(url, "Range", "bytes=" + i + '-' + (2 * i));
              default -> get(url);
            };
        answers.add(
            trusting
                .sendAsync(request, BodyHandlers.ofString())
                .whenComplete((answer, failure) -> streams.release()));
      }
      for (int i = 0; i < REQUESTS; i++) {
        HttpResponse<String> answer = answers.get(i).get();
        assertThat(answer.version()).isEqualTo(version);
        assertThat(answer.statusCode()).isEqualTo(List.of(304, 206, 200, 200).get(i % 4));
        String part = i % 4 == 1 ? TEXT.substring(i, 2 * i + 1) : TEXT;
        assertThat(answer.body()).isEqualTo(i % 4 == 0 ? "" : part);
      }
      assertThat(wire.connections()).isBetween(1, two ? 1 : 9);
      assertThat(requests).hasSize(1);
      assertThat(secure.stats().requests()).isEqualTo(REQUESTS + 1);
    }
  }

  /** Hands bytes on, and counts who connects. */
  private static final class Wire implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int target;
    private int accepted;

    Wire(int target) throws IOException {
      this.target = target;
      daemon(this::accept);
    }

    private static void daemon(Runnable work) {
      Thread thread = new Thread(work, "wire");
      thread.setDaemon(true);
      thread.start();
    }

    private void accept() {
      while (!server.isClosed()) {
        try {
          Socket near = server.accept();
          Socket far = new Socket(server.getInetAddress(), target);
          near.setTcpNoDelay(true);
          far.setTcpNoDelay(true);
          synchronized (this) {
            accepted++;
          }
          sockets.add(near);
          sockets.add(far);
          daemon(() -> pass(near, far));
          daemon(() -> pass(far, near));
        } catch (IOException closed) {
          // by the test
        }
      }
    }

    private static void pass(Socket from, Socket to) {
      try {
        from.getInputStream().transferTo(to.getOutputStream());
        to.shutdownOutput();
      } catch (IOException closed) {
        // by either side
      }
    }

    int port() {
      return server.getLocalPort();
    }

    synchronized int connections() {
      return accepted;
    }

    @Override
    public void close() throws IOException {
      server.close();
      for (Socket each : sockets) {
        each.close();
      }
    }
  }
}
