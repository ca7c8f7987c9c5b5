package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.http.resource.FakeTime;
import dev.thermae.http.testing.Chromium;
import dev.thermae.http.testing.PromptServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real browser loads a page with the quickstart's libraries, from its origin and through the
 * proxy: what comes how, each byte and what the libraries say are the same.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@Tag("once")
class BrowserTest extends ProxyFixture {
  private static final int LIFETIME_SECONDS = 600;

  /** What the proxy adds, and what tells the time. */
  private static final Set<String> OURS =
      Set.of("accept-ranges", "age", "cache-status", "date", "via");

  @TempDir Path folder;
  private final TestCertificate certificate = new TestCertificate();
  private Path program;

  BrowserTest() {
    super(new FakeTime(System.currentTimeMillis()));
  }

  @BeforeEach
  void browser() {
    program = Chromium.installed();
    assumeTrue(
        program != null, "no Chromium here: install chromium-headless-shell to load pages with it");
  }

  /**
   * A load and what the origin answered meanwhile.
   *
   * @param answered paths and statuses
   */
  private record Step(String name, PageLoads.Load load, List<String> answered) {}

  @ParameterizedTest
  @CsvSource({"false, http/1.1, 5", "true, h2, 6"})
  void asFromTheOrigin(boolean secure, String protocol, int libraries) throws Exception {
    ProxyServer front =
        secure ? open(settings().listener(listening().tls(certificate.files(folder)))) : proxy;
    List<Step> direct;
    List<Step> proxied;
    try (Chromium browser =
            Chromium.start(
                program,
                Files.createDirectory(folder.resolve("profile")),
                "--ignore-certificate-errors-spki-list=" + certificate.pin());
        MockWebServer itself = PromptServer.create()) {
      if (secure) {
        itself.useHttps(certificate.serving());
      }
      itself.start();
      PageLoads loads = new PageLoads(browser);
      String scheme = secure ? "https" : "http";
      direct = visit(loads, scheme + "://127.0.0.1:" + itself.getPort() + "/", itself, libraries);
      proxied = visit(loads, front.url() + "/", origin, libraries);
    }
    for (int i = 0; i < direct.size(); i++) {
      isSame(direct.get(i), proxied.get(i), protocol);
    }
    whatCame(direct, libraries);
    whatTheOriginWasAsked(proxied, libraries);
    assertThat(front.stats().failed()).isZero();
  }

  /** The same steps for whoever answers, {@code from} being the origin behind it. */
  private List<Step> visit(PageLoads loads, String url, MockWebServer from, int libraries)
      throws Exception {
    LibraryOrigin pages = new LibraryOrigin(time, libraries);
    from.setDispatcher(pages);
    loads.forgetAll();
    List<Step> steps = new ArrayList<>();
    steps.add(step("first", loads.open(url), pages));
    steps.add(step("reload", loads.reload(false), pages));
    steps.add(step("reload ignoring the cache", loads.reload(true), pages));
    time.advanceSeconds(LIFETIME_SECONDS + 1);
    loads.forgetAll();
    steps.add(step("somebody new, later", loads.open(url), pages));
    pages.change("lodash");
    pages.change("mustache");
    pages.change("handlebars");
    time.advanceSeconds(LIFETIME_SECONDS + 1);
    steps.add(step("reload of what changed", loads.reload(false), pages));
    steps.add(step("reload once more", loads.reload(false), pages));
    steps.add(step("reload ignoring the cache once more", loads.reload(true), pages));
    return steps;
  }

  /** What came over the network is what the origin has at that time. */
  private static Step step(String name, PageLoads.Load load, LibraryOrigin pages) {
    load.exchanges()
        .forEach(
            (path, exchange) -> {
              if (!exchange.how().equals("cache")) {
                assertThat(exchange.digest()).as(name + path).isEqualTo(pages.digest(path));
              }
            });
    return new Step(name, load, pages.answered());
  }

  private static void isSame(Step direct, Step proxied, String protocol) {
    String step = direct.name;
    assertThat(proxied.load.sequence()).as(step).isEqualTo(direct.load.sequence());
    assertThat(proxied.load.digests()).as(step).isEqualTo(direct.load.digests());
    assertThat(proxied.load.results()).as(step).isEqualTo(direct.load.results());
    direct
        .load
        .exchanges()
        .forEach(
            (path, exchange) -> {
              PageLoads.Exchange other = proxied.load.exchanges().get(path);
              assertThat(other.protocol()).as(step + path).isEqualTo(protocol);
              assertThat(exchange.protocol()).as(step + path).isEqualTo(protocol);
              assertThat(withoutOurs(other)).as(step + path).isEqualTo(withoutOurs(exchange));
              assertThat(other.fields()).as(step + path).containsKey("cache-status");
            });
  }

  private static Map<String, String> withoutOurs(PageLoads.Exchange exchange) {
    Map<String, String> fields = new TreeMap<>(exchange.fields());
    fields.keySet().removeAll(OURS);
    return fields;
  }

  /**
   * A status, or the cache, for the page, acorn, handlebars, lodash, moment, mustache, TypeScript.
   */
  private static void came(Step step, String how) {
    assertThat(how).as(step.name).startsWith(String.join(" ", step.load.sequence().values()));
  }

  /** What a browser does with these rules, so that two equal failures are seen. */
  private static void whatCame(List<Step> steps, int libraries) {
    String all = "200 200 200 200 200 200 200";
    came(steps.get(0), all);
    came(steps.get(1), "304 cache 304 cache cache 304 cache");
    came(steps.get(2), all);
    came(steps.get(3), all);
    came(steps.get(4), "304 cache 200 cache cache 200 cache");
    came(steps.get(5), "304 cache 304 cache cache 304 cache");
    came(steps.get(6), all);
    Map<String, String> results = steps.get(0).load.results();
    assertThat(results.get("acorn")).contains("8.11.3", "ExportDefaultDeclaration");
    assertThat(results.get("handlebars")).contains("4.7.7", "<li>0 ANN,</li><li>1 BOB</li>");
    assertThat(results.get("lodash")).contains("4.17.21", "strassen-und-platze");
    assertThat(results.get("moment")).contains("2.29.4", "Friday, February 28th 2025");
    assertThat(results.get("mustache")).contains("4.2.0", "Chris &amp; Co Chris & Co [1][2]none");
    assertThat(results).hasSize(libraries);
    assertThat(results.getOrDefault("typescript", "3.9.10 __awaiter"))
        .contains("3.9.10", "__awaiter");
    assertThat(steps.get(4).load.results().get("mustache")).contains("4.2.0 anew");
    assertThat(steps.get(6).load.results().get("lodash")).contains("4.17.21 anew");
  }

  /** The proxy asks once for what it has not, and with conditions for what it has. */
  private static void whatTheOriginWasAsked(List<Step> steps, int libraries) {
    String every = libraries == 6 ? "/ A H L M U T" : "/ A H L M U";
    asked(steps.get(0), "200", every);
    asked(steps.get(1), "304", "/ H U");
    asked(steps.get(2), "304", every);
    asked(steps.get(3), "304", every.replace(" A", ""));
    asked(steps.get(4), "304", "/");
    asked(steps.get(4), "200", "H U");
    asked(steps.get(5), "304", "/ H U");
    asked(steps.get(6), "304", every.replace(" L", ""));
    asked(steps.get(6), "200", "L");
  }

  /** Which paths the origin answered so, by their letters; mustache is U. */
  private static void asked(Step step, String status, String letters) {
    StringBuilder all = new StringBuilder();
    for (String each : step.answered) {
      if (each.endsWith(' ' + status)) {
        char letter = each.startsWith("/ ") ? '/' : each.charAt("/libraries/".length());
        boolean mustache = each.startsWith("/libraries/mustache");
        all.append(all.isEmpty() ? "" : " ").append(mustache ? 'U' : Character.toUpperCase(letter));
      }
    }
    assertThat(all.toString()).as(step.name + " " + status).isEqualTo(letters);
  }
}
