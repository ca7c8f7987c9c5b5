package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.http.CodeLoader;
import dev.thermae.http.ProxyTier;
import dev.thermae.http.wire.CodeContainer;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A worker that only verifies holds public keys, the address of the data port and that of the admin
 * listener. Whatever it tries, it writes nothing, purges nothing and makes no code that is
 * believed. What a reverse proxy is for remains: methods that are not the proxy's own go to the
 * origin, which decides; only where it answers them with success is what they name forgotten (RFC
 * 9111 section 4.4), so here it refuses them. {@code thermae.tries} says how often, {@code
 * thermae.tries.seed} where to begin.
 */
@Timeout(value = 3600, unit = TimeUnit.SECONDS)
@Tag("once")
class VerifyOnlyWorkerTest extends WorkerFixture {
  private static final int TRIES = Integer.getInteger("thermae.tries", 1_000);
  private static final long SEED = Long.getLong("thermae.tries.seed", System.nanoTime());
  private static final List<String> NEVER_SENT_ON =
      List.of(
          "x-http-method",
          "x-http-method-override",
          "x-method-override",
          "x-original-url",
          "x-rewrite-url",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-method",
          "x-real-ip",
          "x-host",
          "forwarded",
          "proxy-authorization");

  private final Random random = new Random(SEED);

  @Test
  void writesPurgesAndSignsNothing() throws Exception {
    for (String path : SOURCES.keySet()) {
      bytes(path);
    }
    CodeContainer genuine = container("/a.js");
    CodeContainer other = container("/b.js");
    stored();
    Map<String, String> before = stored();
    assertThat(before.get("/a.js is")).contains("; hit");
    requests.clear();
    WorkerRequests tries = tries(genuine);
    ForgedContainers forged =
        new ForgedContainers(random, at(genuine), at(other), fingerprint, keys, KEY);
    assertThat(forged.seals()).isFalse();
    believes(at(genuine).encode(), true);
    for (int i = 0; i < TRIES; i++) {
      int kind = i % 10;
      if (kind < 4) {
        refuses(tries.write(proxy.port()), proxy.port(), i);
      } else if (kind < 5) {
        readsOnly(tries.read(proxy.port()), i);
      } else if (kind < 6) {
        two(tries.list(proxy.port()), i);
      } else if (kind < 8) {
        refuses(tries.administer(adminPort()), adminPort(), i);
      } else {
        lie = forged.next(i / 10 * 2 + kind);
        believes(lie, false);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d tries with seed %d, %d reached the origin%n",
        TRIES,
        SEED,
        requests.size());
    for (RecordedRequest request : requests) {
      mayBeSentOn(request);
    }
    requests.clear();
    assertThat(stored()).as("seed %d", SEED).isEqualTo(before);
    assertThat(requests).as("all of it is still there").isEmpty();
  }

  private int adminPort() {
    return URI.create(admin.url()).getPort();
  }

  private WorkerRequests tries(CodeContainer genuine) {
    String place = "/fetch/http/" + originUrl().substring("http://".length());
    List<String> own =
        List.of(
            published("/a.js"),
            published("/b.js").replaceAll("[0-9a-f]{8}$", "00000000"),
            place + "/a.js",
            place + "/new.js",
            "/.well-known/thermae/fingerprints",
            "/.well-known/thermae/purge");
    List<byte[]> bodies =
        List.of(
            genuine.encode(),
            genuine.envelope(),
            "url=/a.js&key=scripts&prefix=/".getBytes(StandardCharsets.UTF_8),
            "alert(1)".getBytes(StandardCharsets.UTF_8));
    return new WorkerRequests(random, List.copyOf(SOURCES.keySet()), own, bodies);
  }

  /** Only methods that read may end well. */
  private void refuses(WorkerRequests.Attempt attempt, int port, int number) throws IOException {
    RawAnswer answer = RawAnswer.to(port, attempt.text());
    String method = attempt.text().substring(0, attempt.text().indexOf(' '));
    boolean safe = SAFE.contains(method) && port == proxy.port();
    assertThat(answer.status())
        .as("try %d with seed %d: %s: %s", number, SEED, attempt.text(), answer.text())
        .isBetween(safe ? 200 : 400, 599);
  }

  /** What comes is what is stored, whatever else was said. */
  private void readsOnly(WorkerRequests.Attempt attempt, int number) throws IOException {
    RawAnswer answer = RawAnswer.to(proxy.port(), attempt.text());
    if (answer.status() < 400) {
      String body = attempt.text().startsWith("HEAD") ? "" : SOURCES.get(attempt.path());
      assertThat(answer.text())
          .as("try %d with seed %d: %s", number, SEED, attempt.text())
          .startsWith("HTTP/1.1 200")
          .endsWith("\r\n\r\n" + body)
          .doesNotContain("forged", "evil");
    }
  }

  private void two(List<String> fields, int number) throws IOException {
    int port = number % 40 == 5 ? adminPort() : proxy.port();
    int status = Http2Attempt.status(port, fields);
    int at = fields.indexOf(":method");
    boolean safe = SAFE.contains(fields.get(at + 1)) && fields.lastIndexOf(":method") == at;
    assertThat(status)
        .as("try %d with seed %d: %s", number, SEED, fields)
        .matches(code -> code == 0 || code >= 400 || safe);
  }

  /** The same container for an origin whose truth is known. */
  private CodeContainer at(CodeContainer container) {
    String url = "http://" + truth.getHostName() + ':' + truth.getPort() + "/a.js";
    return new CodeContainer(
        url, 200, "OK", container.headers(), container.envelope(), container.source());
  }

  /** What a worker runs for a container: what its source says, and code only when it is genuine. */
  private void believes(byte[] container, boolean genuine) throws IOException {
    lie = container;
    String root = "http://" + truth.getHostName() + ':' + truth.getPort();
    ProxyTier tier =
        ProxyTier.builder("http://127.0.0.1:" + liar.getPort(), keys.open())
            .origin(root)
            .okHttpClient(() -> network)
            .timeout(Duration.ofSeconds(30))
            .limit(Duration.ofSeconds(60))
            .build();
    try (CodeLoader<String> worker =
        CodeLoader.builder(engine).inMemory().policy(CachePolicy.eager()).proxy(tier).build()) {
      String text = worker.load(root + "/a.js").code();
      String what = "seed " + SEED + ": " + HexFormat.of().formatHex(container);
      assertThat(text).as(what).isEqualTo(SOURCES.get("/a.js"));
      assertThat(tier.stats().attached()).as(what).isEqualTo(genuine ? 1 : 0);
    }
  }

  /** What reaches the origin is what a proxy passes on, and nothing that overrides it. */
  private static void mayBeSentOn(RecordedRequest request) {
    String method = request.getMethod().toUpperCase(Locale.ROOT);
    assertThat(method).isNotIn("PURGE", "PURGEALL", "BAN", "REFRESH", "TRACE", "CONNECT", "DEBUG");
    assertThat(request.getMethod()).as(request.toString()).isNotIn("GET", "HEAD");
    assertThat(request.getTarget()).doesNotMatch("/(fetch|code|\\.well-known/thermae)/.*");
    for (String name : request.getHeaders().names()) {
      assertThat(NEVER_SENT_ON).doesNotContain(name.toLowerCase(Locale.ROOT));
    }
  }
}
