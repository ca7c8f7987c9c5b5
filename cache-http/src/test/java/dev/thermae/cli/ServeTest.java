package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.http.testing.PromptServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code thermae serve} as a process: ready, working, told to end. */
@Tag("once")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ServeTest {
  private final MockWebServer origin = PromptServer.create();
  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path temporary;

  @BeforeEach
  void start() throws Exception {
    origin.start();
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  private ServeProcess serve(Path folder, String... more) throws IOException {
    String url = "http://" + origin.getHostName() + ':' + origin.getPort();
    Stream<String> args =
        Stream.concat(
            Stream.of("serve", "--origin", url, "--port", "0", "--dir", folder.toString()),
            Stream.of(more));
    return ServeProcess.start(temporary.resolve("err"), args.toArray(String[]::new));
  }

  private HttpResponse<String> get(ServeProcess serving) throws Exception {
    String url = serving.ready.split(" ", -1)[1];
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/a.js")).build();
    return client.send(request, BodyHandlers.ofString());
  }

  private void answer() {
    origin.enqueue(
        new MockResponse.Builder().addHeader("Cache-Control", "max-age=600").body("kept").build());
  }

  @Test
  void servesUntilItIsTerminatedAndFindsItsIndexAgain() throws Exception {
    Path folder = temporary.toRealPath().resolve("cache");
    assumeTrue(Files.exists(Path.of("/proc/self/maps")), "tells when the index is open");
    answer();
    try (ServeProcess first = serve(folder)) {
      assertThat(first.ready)
          .matches("thermae: http://127\\.0\\.0\\.1:\\d+ -> http://\\S+:\\d+, cache " + folder);
      assertThat(get(first).body()).isEqualTo("kept");
      waitForIndex(first);
      assertThat(first.terminate())
          .singleElement()
          .asString()
          .startsWith("thermae: 1 request: 0 hits");
      assertThat(first.errors()).isEmpty();
      assertThat(first.exitCode()).isEqualTo(143); // 128 + SIGTERM
    }
    List<String> index = sealed(folder);
    assertThat(index).hasSize(2).last().asString().endsWith(".seal");

    try (ServeProcess second = serve(folder)) {
      waitForIndex(second);
      assertThat(get(second).headers().firstValue("Cache-Status").orElse(""))
          .startsWith("thermae; hit");
      assertThat(second.terminate().get(0)).contains("1 request: 1 hits");
      assertThat(second.errors()).isEmpty();
    }
    assertThat(index(folder)).isEqualTo(index);
    assertThat(origin.getRequestCount()).isEqualTo(1);
  }

  /** One that was open and not yet filled when the process ended is not sealed; the next one is. */
  private List<String> sealed(Path folder) throws Exception {
    List<String> index = index(folder);
    for (int attempt = 1; attempt <= 10 && index.size() < 2; attempt++) {
      try (ServeProcess again = serve(folder)) {
        waitForIndex(again);
        for (int request = 0; request < 100 * attempt; request++) {
          get(again); // it is filled meanwhile
        }
        again.terminate();
      }
      index = index(folder);
    }
    return index;
  }

  private static void waitForIndex(ServeProcess serving) throws IOException {
    Path maps = Path.of("/proc", Long.toString(serving.pid()), "maps");
    while (!Files.readString(maps).contains(".cm\n")) {
      Thread.yield();
    }
  }

  private static List<String> index(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("v1/index"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aRefusedFolderIsOneWarning() throws Exception {
    Path folder = Files.createDirectory(temporary.toRealPath().resolve("open"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    answer();
    try (ServeProcess serving = serve(folder, "--quiet", "--name", "edge")) {
      assertThat(serving.ready).endsWith(", cache in memory");
      assertThat(get(serving).body()).isEqualTo("kept");
      assertThat(get(serving).headers().firstValue("Cache-Status").orElse(""))
          .startsWith("edge; hit");
      assertThat(serving.terminate()).isEmpty();
      assertThat(serving.errors())
          .singleElement()
          .asString()
          .startsWith("thermae: WARNING: No disk tier: " + folder)
          .contains("writable by others");
    }
  }

  @Test
  void isOperatedOverItsOwnListenerAndLogged() throws Exception {
    Path folder = temporary.toRealPath();
    Path token = folder.resolve("config/token");
    Path log = folder.resolve("access.log");
    answer();
    try (ServeProcess serving =
        serve(
            folder.resolve("cache"),
            "--admin-port",
            "0",
            "--admin-token-file",
            token.toString(),
            "--access-log",
            log.toString(),
            "--log-format",
            "json")) {
      assertThat(serving.ready).endsWith(", token in " + token);
      assertThat(get(serving).body()).isEqualTo("kept");
      String admin = serving.ready.replaceFirst(".*, admin (\\S+), .*", "$1");
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(admin + "/explain?url=/a.js"))
              .header("Authorization", "Bearer " + Files.readString(token).strip());
      HttpResponse<String> explained = client.send(request.build(), BodyHandlers.ofString());
      assertThat(explained.statusCode()).isEqualTo(200);
      assertThat(explained.body()).contains("\"action\" : \"served\"");
      request.uri(URI.create(admin + "/metrics"));
      assertThat(client.send(request.build(), BodyHandlers.ofString()).body())
          .contains("thermae_request_seconds_count{outcome=\"miss\"} 1");
      serving.terminate();
      assertThat(serving.errors()).isEmpty();
    }
    assertThat(Files.readAllLines(log))
        .singleElement()
        .asString()
        .contains("\"cache\":\"miss\"", "\"why\":\"uri-miss\"");
  }

  /** At the end, too, so that nothing of a short life is lost. */
  @Test
  void pushesMetricsToACollector() throws Exception {
    try (MockWebServer collector = PromptServer.create()) {
      collector.start();
      collector.enqueue(new MockResponse.Builder().build());
      String setting = "metrics.otlp.url = \"" + collector.url("/v1/metrics") + "\"\n";
      Path config = Files.writeString(temporary.resolve("proxy.conf"), setting);
      answer();
      Path folder = temporary.toRealPath().resolve("cache");
      try (ServeProcess serving = serve(folder, "-c", config.toString())) {
        assertThat(get(serving).body()).isEqualTo("kept");
        serving.terminate();
        assertThat(serving.errors()).isEmpty();
      }
      String pushed = collector.takeRequest().getBody().string(StandardCharsets.ISO_8859_1);
      assertThat(pushed).contains("thermae.request", "service.name");
    }
  }

  @Test
  void endsInOrderAtAnyTime() throws Exception {
    try (ServeProcess serving = serve(temporary.toRealPath().resolve("cache"))) {
      assertThat(serving.terminate()).singleElement().asString().contains("0 requests");
      assertThat(serving.errors()).isEmpty();
    }
  }
}
