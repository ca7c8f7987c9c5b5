package dev.thermae.http.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.event.Temperature;
import dev.thermae.http.proxy.ProxyRequest;
import dev.thermae.http.resource.Forwarding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A line for each request, whatever it holds, and nobody who waits. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AccessLogTest {
  @TempDir private Path folder;

  private static ProxyRequest request(String target, String agent) {
    return new ProxyRequest(
        784_111_777_000L,
        "127.0.0.1",
        "GET",
        target,
        "HTTP/1.1",
        "http://localhost" + target,
        200,
        12,
        ProxyRequest.Outcome.REVALIDATED,
        Forwarding.STALE,
        Temperature.HOT,
        1_234_567,
        1_000_000,
        "",
        agent);
  }

  @Test
  void combinedIsOneLine() throws Exception {
    Path file = folder.resolve("log");
    try (AccessLog log = AccessLog.open(file, LogFormat.COMBINED)) {
      log.onRequest(request("/a.js?x=1", "say \"hi\"\\\r\n\u00e9\u20ac"));
    }
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "127.0.0.1 - - [06/Nov/1994:08:49:37 +0000] \"GET /a.js?x=1 HTTP/1.1\" 200 12 \"-\""
                + " \"say \\x22hi\\x22\\x5c\\x0d\\x0a\\xe9\\u20ac\" cache=revalidated why=stale"
                + " temperature=hot total_us=1234 origin_us=1000");
  }

  @Test
  void jsonIsOneObjectALine() throws Exception {
    Path file = folder.resolve("log");
    try (AccessLog log = AccessLog.open(file, LogFormat.JSON)) {
      log.onRequest(request("/a.js", "say \"hi\"\n"));
      log.onRequest(request("/b.js", ""));
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    JsonNode first = new JsonMapper().readTree(lines.get(0));
    assertThat(first.at("/agent").asString()).isEqualTo("say \"hi\"\n");
    assertThat(first.at("/cache").asString()).isEqualTo("revalidated");
    assertThat(first.at("/temperature").asString()).isEqualTo("hot");
    assertThat(first.at("/totalMicros").asLong()).isEqualTo(1234);
  }

  @Test
  void aFileThatWasMovedAwayIsMadeAnew() throws Exception {
    Path file = folder.resolve("log");
    try (AccessLog log = AccessLog.open(file, LogFormat.COMBINED)) {
      log.onRequest(request("/a.js", ""));
      await(log, 1);
      Files.move(file, folder.resolve("log.1"));
      log.onRequest(request("/b.js", ""));
      await(log, 2);
    }
    assertThat(Files.readString(folder.resolve("log.1"))).contains("/a.js");
    assertThat(Files.readString(file)).contains("/b.js").doesNotContain("/a.js");
  }

  private static void await(AccessLog log, long written) {
    while (log.written() < written) {
      Thread.yield();
    }
  }

  @Test
  void everyLineIsWrittenOrCounted() throws Exception {
    Path file = folder.resolve("log");
    AccessLog log = AccessLog.open(file, LogFormat.COMBINED);
    int sent = 50_000;
    for (int i = 0; i < sent; i++) {
      log.onRequest(request("/" + i, ""));
    }
    log.close();
    assertThat(log.written() + log.dropped()).isEqualTo(sent);
    assertThat(Files.readAllLines(file)).hasSize((int) log.written());
    log.onRequest(request("/late", ""));
    assertThat(log.written() + log.dropped()).isEqualTo(sent + 1);
  }

  @Test
  void linesThatCannotBeWrittenAreCounted() throws Exception {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path file = inner.resolve("log");
    AccessLog log = AccessLog.open(file, LogFormat.COMBINED);
    Files.delete(file);
    Files.delete(inner);
    log.onRequest(request("/a.js", ""));
    log.close();
    assertThat(log.dropped()).isEqualTo(1);
    assertThatThrownBy(() -> AccessLog.open(file, LogFormat.JSON)).isInstanceOf(IOException.class);
  }
}
