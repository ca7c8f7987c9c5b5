package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Ed25519KeyFolder;
import dev.thermae.code.Ed25519SigningKey;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.http.proxy.ListenerSettings;
import dev.thermae.http.proxy.ProxyServer;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.testing.EngineCompiler;
import dev.thermae.store.MemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code load} and {@code precompile} through a real proxy that compiles, and through none. */
@Tag("once")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class LoadProxyTest extends CommandFixture {
  @TempDir Path home;
  private final EngineCompiler compiler = new EngineCompiler(List.of(RhinoEngine.create()));
  private final List<AutoCloseable> opened = new ArrayList<>();
  private Path keys;
  private int workers;

  @BeforeEach
  void makeKeys() {
    keys = home.resolve("keys");
    assertThat(runAlone("keys", "pair", keys.toString())).as(err()).isZero();
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600", "ETag: \"1\"");
  }

  @AfterEach
  void stopProxies() throws Exception {
    compiler.close();
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private String originUrl() {
    return "http://" + origin.getHostName() + ':' + origin.getPort();
  }

  /** In front of the origin; it signs with the key of that number. */
  private String proxy(int number) throws IOException {
    Counters counters = new Counters(null);
    ResourceLoader loader =
        ResourceLoader.builder(new MemoryStore(64 << 20, counters, TimeSource.SYSTEM))
            .counters(counters)
            .shared(true)
            .build();
    Path key = Ed25519KeyFolder.privateKey(keys, number);
    ProxyServer server =
        ProxyServer.builder(originUrl())
            .codeCompiler(compiler)
            .signWith(Ed25519SigningKey.read(number, key))
            .compileWait(Duration.ofSeconds(20))
            .listener(new ListenerSettings().stopTimeout(Duration.ofSeconds(1)))
            .start(loader);
    opened.add(server);
    opened.add(loader);
    return server.url();
  }

  private int load(String proxy, String... more) {
    Stream<String> all = Stream.of("load", url("/a.js"), "--proxy", proxy);
    return run(Stream.concat(all, Arrays.stream(more)).toArray(String[]::new));
  }

  private String open(int number) {
    return Ed25519KeyFolder.publicKey(keys, number).toString();
  }

  @Test
  void codeComesWithItsSourceInOneRoundTrip() throws Exception {
    String proxy = proxy(1);
    assertThat(load(proxy, "--proxy-origin", originUrl(), "--public-key", open(1))).isZero();
    assertThat(out())
        .contains("\n  proxy  code and source in one round trip; the signature is good\n")
        .contains("\n  code   hot, restored: code found\n")
        .contains("compile 0.0 ms");
    assertThat(err()).isEmpty();
    assertThat(load(proxy, "--proxy-origin", originUrl(), "--public-key", open(1), "--json"))
        .isZero();
    assertThat(json().at("/loads/0/proxy/answer").asString()).isEqualTo("unasked");
    assertThat(json().at("/loads/0/code/temperature").asString()).isEqualTo("hot");
    assertThat(origin.getRequestCount()).isEqualTo(1);
    assertThat(compiler.compiles).hasValue(1);
  }

  @Test
  void withoutAKeySourcesAreAskedFor() throws Exception {
    assertThat(load(proxy(1), "--proxy-origin", originUrl())).isZero();
    assertThat(out())
        .contains("\n  proxy  the source alone: code is asked for with --public-key\n")
        .contains("\n  code   cold, compiled: first load\n");
    assertThat(compiler.compiles).hasValue(0);
  }

  @Test
  void aProxyThatIsAwayIsGoneAround() {
    assertThat(load("http://127.0.0.1:1", "--public-key", open(1))).isZero();
    assertThat(out())
        .contains("\n  proxy  nobody answers there; the origin was asked\n")
        .contains("\n  code   cold, compiled: first load\n");
    assertThat(origin.getRequestCount()).isEqualTo(1);
  }

  /** It takes /fetch/ for a path of its own origin, where nothing is. */
  @Test
  void aProxyThatFetchesNothingIsGoneAround() throws Exception {
    assertThat(load(proxy(1), "--public-key", open(1))).as(err()).isZero();
    assertThat(out())
        .contains(
            "\n  proxy  it did not answer for that origin", "--proxy-origin says so; the origin")
        .contains("\n  code   cold, compiled: first load\n");
  }

  /** The way of a rotation, as a user goes it. */
  @Test
  void keysAreRotatedWithoutAColdLoad() throws Exception {
    assertThat(runAlone("keys", "pair", keys.toString())).isZero();
    assertThat(out()).startsWith("key pair 2 was made").contains("2.private.pem", "2.public.pem");
    String old = proxy(1);
    String next = proxy(2);
    String[] all = {"--public-key", keys.toString()};
    String[] both = {"--public-key", "1=" + open(1), "--public-key", open(2)};
    for (String[] given : new String[][] {all, both}) {
      for (String proxy : new String[] {old, next}) {
        assertThat(worker(proxy, given)).as(err()).isZero();
        assertThat(out()).contains("the signature is good", "code   hot, restored");
      }
    }
    assertThat(worker(next, "--public-key", open(1), "--json")).isZero();
    assertThat(json().at("/loads/0/proxy/fault").asString()).isEqualTo("key");
    assertThat(json().at("/loads/0/code/temperature").asString()).isEqualTo("cold");
  }

  /** One with a folder of its own. */
  private int worker(String proxy, String... more) {
    workers++;
    String folderOfIts = home.resolve("worker" + workers).toString();
    Stream<String> place = Stream.of("--dir", folderOfIts, "--proxy-origin", originUrl());
    return load(proxy, Stream.concat(place, Arrays.stream(more)).toArray(String[]::new));
  }

  @Test
  void precompilesWhatTheProxyCompiled() throws Exception {
    String[] args = {
      "precompile",
      url("/a.js"),
      "--proxy",
      proxy(1),
      "--proxy-origin",
      originUrl(),
      "--public-key",
      open(1)
    };
    assertThat(run(args)).as(err()).isZero();
    assertThat(out())
        .contains("0 compiled with rhino, 1 found, 1 of them from the proxy, 0 without");
    assertThat(run("load", url("/a.js"))).isZero();
    assertThat(out()).contains("code   hot, restored");
  }

  @ParameterizedTest
  @CsvSource({
    "--public-key x.pem, --public-key: of which --proxy?",
    "--proxy-origin http://a, --proxy-origin: of which --proxy?",
    "--proxy nowhere, '--proxy: http:// or https://, a host and perhaps a port: nowhere'",
    "--proxy http://a --proxy-origin b, '--proxy-origin: http:// or https://'",
    "--proxy http://a --public-key /no/x.pem, --public-key: /no/x.pem is missing",
    "--proxy http://a --public-key 0=/no/x.pem, --public-key: /no/x.pem is missing",
    "--proxy http://a --public-key /, --public-key: / holds no public key",
  })
  void wrongUse(String line, String said) {
    List<String> args = new ArrayList<>(List.of("load", "http://127.0.0.1:1/"));
    args.addAll(List.of(line.split(" ", -1)));
    assertThat(run(args.toArray(new String[0]))).isEqualTo(2);
    assertThat(err()).startsWith("thermae: ").contains(said);
  }
}
