package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.CodeCache;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.http.proxy.CodeCompiler;
import dev.thermae.http.proxy.ListenerSettings;
import dev.thermae.http.proxy.ProxyServer;
import dev.thermae.http.report.Explanation;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.testing.WireKeys;
import dev.thermae.policy.CachePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The admin listener explains by what the proxy's compilers make, whose engines are other builds.
 */
@Tag("once")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ProxyExplainsTest extends CommandFixture {
  private static final Fingerprint RHINO = Fingerprint.recorded(bytes(1), "engine=rhino\n");
  private static final Fingerprint GROOVY = Fingerprint.recorded(bytes(2), "engine=groovy\n");

  private final Map<Fingerprint, String> made = new LinkedHashMap<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private CodeCache cache;
  private ResourceLoader loader;
  private ProxyServer proxy;

  private static byte[] bytes(int value) {
    byte[] all = new byte[32];
    java.util.Arrays.fill(all, (byte) value);
    return all;
  }

  @BeforeEach
  void open() throws Exception {
    cache = CodeCache.builder().policy(CachePolicy.eager()).directory(folder).build();
    loader = ResourceLoader.builder(cache.store()).shared(true).build();
    CodeCompiler compiler =
        new CodeCompiler() {
          @Override
          public Map<Fingerprint, String> producible() {
            return made;
          }

          @Override
          public byte[] compile(Fingerprint fingerprint, Source source, Shape shape) {
            return new byte[] {1, 2, 3}; // no engine of this process would take it
          }

          @Override
          public void close() {}
        };
    proxy =
        ProxyServer.builder("http://" + origin.getHostName() + ':' + origin.getPort())
            .codeCompiler(compiler)
            .signWith(new WireKeys(1).signing())
            .compileWait(Duration.ofSeconds(20))
            .listener(new ListenerSettings().stopTimeout(Duration.ofSeconds(1)))
            .start(loader);
  }

  @AfterEach
  void close() {
    proxy.close();
    loader.close();
    cache.close();
  }

  private void ask(String path, Fingerprint fingerprint, String more) throws Exception {
    String accept = "application/vnd.thermae.code;fp=" + fingerprint + more;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(proxy.url() + path)).header("Accept", accept).build();
    client.send(request, BodyHandlers.discarding());
  }

  private Explanation explain(String path) throws Exception {
    return new ProxyExplains(cache, proxy).explain(path);
  }

  @Test
  void whatTheCompilersMadeIsHot() throws Exception {
    made.put(RHINO, "rhino");
    made.put(GROOVY, "groovy");
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600");
    answer("/b.groovy", "return 1", "Cache-Control: max-age=600");
    ask("/a.js", RHINO, "");
    ask("/b.groovy", GROOVY, ";named=1");
    Explanation script = explain("/a.js");
    assertThat(script.engine()).isEqualTo("rhino");
    assertThat(script.fingerprint()).isEqualTo(RHINO.toString());
    assertThat(script.urls().get(0).nextRun().temperature()).isEqualTo("hot");
    Explanation groovy = explain("/b.groovy?x=1");
    assertThat(groovy.engine()).isEqualTo("groovy");
    assertThat(groovy.urls().get(0).nextRun().temperature()).isEqualTo("cold");
    assertThat(explain("/b.groovy").urls().get(0).nextRun().temperature()).isEqualTo("hot");
  }

  @Test
  void withoutCompilersItIsRhinoOfThisProgram() throws Exception {
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600");
    Explanation script = explain("/a.js");
    assertThat(script.engine()).isEqualTo("rhino");
    assertThat(script.fingerprint()).isNotNull().isNotEqualTo(RHINO.toString());
    assertThat(script.urls().get(0).nextRun().temperature()).isEqualTo("cold");
  }
}
