package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.http.guard.OriginRules;
import dev.thermae.http.proxy.ListenerSettings;
import dev.thermae.http.proxy.ProxyServer;
import dev.thermae.http.proxy.ProxyServerBuilder;
import dev.thermae.http.testing.PromptServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A proxy and its folder, opened and closed together. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ServiceTest {
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

  private ProxyServerBuilder settings() {
    String url = "http://" + origin.getHostName() + ':' + origin.getPort();
    return ProxyServer.builder(url)
        .listener(new ListenerSettings().stopTimeout(Duration.ofSeconds(1)));
  }

  private String get(Service service) throws Exception {
    String url = service.ready().substring(0, service.ready().indexOf(' '));
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/a.js")).build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  @Test
  void whatIsKeptIsThereAtTheNextStart() throws Exception {
    Path folder = temporary.toRealPath().resolve("new/cache");
    origin.enqueue(
        new MockResponse.Builder().addHeader("Cache-Control", "max-age=600").body("kept").build());
    Service first = Service.open(settings(), folder, null);
    assertThat(first.ready())
        .matches("http://127\\.0\\.0\\.1:\\d+ -> http://\\S+:\\d+, cache .*new/cache");
    assertThat(get(first)).isEqualTo("kept");
    waitForIndex(first);
    first.close();
    assertThat(first.summary())
        .startsWith("1 request: 0 hits")
        .endsWith("1 responses stored; the folder holds 1, 8192 bytes (chronicle index)");

    try (Service second = Service.open(settings(), folder, null)) {
      assertThat(get(second)).isEqualTo("kept");
      assertThat(origin.getRequestCount()).isEqualTo(1);
    }
  }

  @Test
  void whatIsAllowedIsFetched() throws Exception {
    String allowed = "http://" + origin.getHostName() + ':' + origin.getPort();
    origin.enqueue(new MockResponse.Builder().body("fetched").build());
    ProxyServerBuilder settings =
        ProxyServer.builder()
            .fetch(OriginRules.none().allowInternal(allowed))
            .listener(new ListenerSettings().stopTimeout(Duration.ofSeconds(1)));
    try (Service service = Service.open(settings, temporary.toRealPath().resolve("c"), null)) {
      String proxy = service.ready().substring(0, service.ready().indexOf(' '));
      String url = proxy + "/fetch/" + allowed.replace("://", "/") + "/a.js";
      HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
      assertThat(service.ready()).contains(" -> /fetch/, cache ");
      assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("fetched");
    }
  }

  private static void waitForIndex(Service service) {
    while (service.usage() == null) {
      Thread.yield();
    }
  }

  @Test
  void aFolderThatIsRefusedIsGoneWithout() throws Exception {
    Path folder = Files.createDirectory(temporary.toRealPath().resolve("open"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    origin.enqueue(
        new MockResponse.Builder().addHeader("Cache-Control", "max-age=600").body("kept").build());
    try (Service service = Service.open(settings(), folder, null)) {
      assertThat(service.ready()).endsWith(", cache in memory");
      assertThat(get(service)).isEqualTo("kept");
      assertThat(get(service)).isEqualTo("kept");
      assertThat(origin.getRequestCount()).isEqualTo(1);
    }
  }
}
