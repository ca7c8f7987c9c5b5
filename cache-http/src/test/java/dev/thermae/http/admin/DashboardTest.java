package dev.thermae.http.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.code.Source;
import dev.thermae.engine.Engine;
import dev.thermae.http.testing.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The page in a real browser, with real traffic. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@Tag("once")
class DashboardTest extends AdminFixture {
  private Chromium browser;

  @BeforeEach
  void startBrowser() throws Exception {
    Path program = Chromium.installed();
    assumeTrue(
        program != null, "no Chromium here: install chromium-headless-shell to test the page");
    browser = Chromium.start(program, Files.createDirectory(temporary.resolve("profile")));
  }

  @AfterEach
  void endBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  /** By the keyboard alone: the token's field has the focus. */
  private void logIn(String token) throws Exception {
    browser.open(admin.url() + "/");
    browser.type(token);
    browser.press("Enter", 13, "\r");
  }

  /** Hits, misses, validations, what is not stored, failures; scripts cold and hot. */
  private void traffic(int rounds) throws Exception {
    String[] scripts = {"app", "vendor/react", "vendor/lodash", "checkout", "i18n/de", "search"};
    for (int i = 0; i < scripts.length; i++) {
      String body = ("function f() { return " + i + "; }\n").repeat(40 * (i + 1) * (i + 1));
      serve(
          "/scripts/" + scripts[i] + ".js",
          body,
          "Cache-Control: max-age=600",
          "Surrogate-Key: scripts s" + i);
    }
    serve("/api/cart", "{}", "Cache-Control: no-store");
    serve("/styles.css", "a{}", "Cache-Control: no-cache", "ETag: \"1\"");
    get("/styles.css");
    paths.put("/styles.css", any -> response("", "ETag: \"1\"").code(304).build());
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < scripts.length; i++) {
        if (round % (i + 1) == 0) {
          get("/scripts/" + scripts[i] + ".js");
        }
      }
      get(round % 3 == 0 ? "/api/cart" : "/styles.css");
    }
    paths.put("/gone.js", any -> new MockResponse.Builder().code(404).build());
    get("/gone.js");
  }

  private void compile(Engine<?> engine) throws Exception {
    for (int i = 0; i < 4; i++) {
      String text = ("var f" + i + " = function (a) { return a * " + i + "; };\n").repeat(200);
      Source source = Source.of("http://localhost/scripts/" + i + ".js", text);
      cache.compile(engine, source);
      cache.flush();
      cache.clearMemory();
      if (i < 3) {
        cache.compile(engine, source);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyFigureIsThatOfTheStatus(String scheme) throws Exception {
    browser.size(1360, 900);
    browser.prefer(scheme);
    logIn(TOKEN);
    browser.await("document.body.dataset.snapshot");
    compile(newEngine());
    for (int i = 0; i < 3; i++) {
      traffic(3 + 2 * i);
      seen();
    }
    while (board.status().store().entries() == null) {
      Thread.yield();
    }
    seen();
    browser.evaluate(
        "document.getElementById('explain-url').value = '/scripts/app.js';"
            + "document.getElementById('explain-form').requestSubmit()");
    browser.await("document.querySelector('#explained dl')");
    JsonNode shown = quiet();
    compareFigures(shown);
    assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor").asString())
        .isEqualTo(scheme.equals("dark") ? "rgb(15, 18, 22)" : "rgb(244, 245, 247)");
    browser.size(400, 900);
    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt()).isEqualTo(400);
    browser.screenshot(buildFolder().resolve("screenshots/dashboard-narrow-" + scheme + ".png"));
    browser.size(1360, 900);
    browser.screenshot(buildFolder().resolve("screenshots/dashboard-" + scheme + ".png"));
  }

  private static Path buildFolder() throws IOException {
    String classes =
        DashboardTest.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return Path.of(classes).toRealPath().getParent();
  }

  /** Waits for the next snapshot. */
  private void seen() throws Exception {
    String before = browser.evaluate("document.body.dataset.snapshot").asString();
    browser.await("document.body.dataset.snapshot > '" + before + "'");
  }

  /** A status that equals those before and after the page's last snapshot, but for its times. */
  private JsonNode quiet() throws Exception {
    while (true) {
      JsonNode before = status();
      seen();
      JsonNode after = status();
      if (figures(before).equals(figures(after))) {
        browser.evaluate("document.getElementById('pause').click()");
        return after;
      }
    }
  }

  private static String figures(JsonNode status) {
    return status
        .toString()
        .replaceFirst("\"time\".*?\"version\"", "")
        .replaceFirst("\"uptimeSeconds\":\\d+", "");
  }

  /** Each figure with a path in the status, and each row made of its lists. */
  private void compareFigures(JsonNode status) throws Exception {
    JsonNode figures =
        browser.evaluate(
            "[...document.querySelectorAll('[data-path]')].map((e) => [e.dataset.path,"
                + " e.dataset.value, e.textContent, e.dataset.as])");
    assertThat(figures.size()).isGreaterThan(20);
    for (JsonNode figure : figures) {
      JsonNode real = status.at("/" + figure.get(0).asString().replace('.', '/'));
      String value = figure.get(1).asString();
      if (real.isMissingNode()) {
        assertThat(value).as(figure.toString()).isEmpty();
      } else {
        assertThat(Double.parseDouble(value)).as(figure.toString()).isEqualTo(real.asDouble());
        if (figure.get(3).asString().equals("count")) {
          String text = figure.get(2).asString().replace(",", "");
          assertThat(text).as(figure.toString()).isEqualTo(real.asString());
        }
      }
    }
    JsonNode rows =
        browser.evaluate(
            "[...document.querySelectorAll('[data-in]')].map((e) => [e.dataset.in,"
                + " e.dataset.value])");
    assertThat(rows.size()).isGreaterThan(30);
    for (JsonNode row : rows) {
      String path =
          row.get(0)
              .asString()
              .replaceFirst("^outcomes", "requests.outcomes")
              .replaceFirst("^by-hits", "topByHits")
              .replaceFirst("^by-bytes", "topByBytes");
      JsonNode real = status.at("/" + path.replace('.', '/'));
      assertThat(row.get(1).asString()).as(row.toString()).isEqualTo(real.asString());
    }
  }

  @Test
  void aWrongTokenLeadsBackToTheLogin() throws Exception {
    logIn("a-wrong-token-of-some-length");
    browser.await("document.getElementById('login-problem').textContent !== ''");
    assertThat(browser.evaluate("document.getElementById('board').hidden").asBoolean()).isTrue();
    assertThat(browser.evaluate("sessionStorage.getItem('thermae-token')").isNull()).isTrue();
    assertThat(browser.evaluate("document.activeElement.id").asString()).isEqualTo("token");
  }

  @Test
  void aPurgeIsConfirmedByTheKeyboard() throws Exception {
    serve("/a.js", "var a;", "Cache-Control: max-age=600");
    get("/a.js");
    logIn(TOKEN);
    browser.await("document.body.dataset.snapshot");
    browser.evaluate("document.getElementById('purge-what').focus()");
    browser.type("/a.js");
    browser.press("Enter", 13, "\r");
    browser.await("document.getElementById('confirm').open");
    browser.press("Enter", 13, "\r"); // on what keeps it
    browser.await("!document.getElementById('confirm').open");
    assertThat(cacheStatus("/a.js")).contains("hit");
    browser.press("Enter", 13, "\r");
    browser.await("document.getElementById('confirm').open");
    browser.press("Tab", 9, "");
    browser.press("Enter", 13, "\r");
    browser.await("document.getElementById('purged').textContent.includes('purged')");
    assertThat(cacheStatus("/a.js")).contains("fwd=");
  }

  @Test
  void theSwitchOutweighsTheSystemAndNothingHasNoName() throws Exception {
    browser.prefer("light");
    logIn(TOKEN);
    browser.await("document.body.dataset.snapshot");
    browser.evaluate(
        "(() => { const s = document.getElementById('theme'); s.value = 'dark';"
            + " s.dispatchEvent(new Event('change')); })()");
    assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor").asString())
        .isEqualTo("rgb(15, 18, 22)");
    JsonNode tree = browser.send("Accessibility.getFullAXTree", Map.of());
    int controls = 0;
    for (JsonNode node : tree.get("nodes")) {
      String role = node.at("/role/value").asString("");
      if (Set.of("button", "textbox", "combobox", "radio", "checkbox").contains(role)) {
        assertThat(node.at("/name/value").asString("")).as(node.toString()).isNotEmpty();
        controls++;
      }
    }
    assertThat(controls).isGreaterThanOrEqualTo(11);
  }

  @Test
  void nothingMovesWhileFiguresCome() throws Exception {
    browser.size(1360, 900);
    browser.open(admin.url() + "/");
    browser.evaluate(
        "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((e) => {"
            + " if (!e.hadRecentInput) window.shift += e.value; }))"
            + ".observe({type: 'layout-shift', buffered: true}); 1");
    browser.type(TOKEN);
    browser.press("Enter", 13, "\r");
    browser.await("document.body.dataset.snapshot");
    for (int i = 0; i < 2; i++) {
      traffic(6);
      seen();
    }
    assertThat(browser.evaluate("window.shift").asDouble()).isLessThan(0.1);
  }
}
