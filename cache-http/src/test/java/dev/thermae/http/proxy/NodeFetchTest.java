package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.http.resource.FakeTime;
import dev.thermae.http.testing.Program;
import dev.thermae.http.testing.PromptServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Node's fetch sees through the proxy what it sees at the origin. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@Tag("once")
class NodeFetchTest extends ProxyFixture {
  private static final String MODIFIED = "Sun, 06 Nov 1994 08:00:00 GMT";
  private static final String LARGE = "function f() { return 'large'; }\n".repeat(100_000);

  @TempDir Path folder;

  NodeFetchTest() {
    super(new FakeTime(System.currentTimeMillis()));
  }

  /** What is packed on the way is not as from the origin. */
  @Override
  ProxyServerBuilder settings() {
    return super.settings().compression(Compression.none());
  }

  /** An origin with conditions and ranges of its own. */
  private final class Files extends Dispatcher {
    @Override
    public MockResponse dispatch(RecordedRequest request) {
      requests.add(request);
      String path = request.getUrl().encodedPath();
      return switch (path) {
        case "/large.js" -> file(request, LARGE);
        case "/small.js" -> file(request, "small " + request.getUrl().query());
        case "/packed.js" -> packed();
        case "/moved" -> response(302, "moved", "Location: /large.js", "X-Own: moved");
        case "/echo" -> response(200, request.getBody().toByteArray(), "Cache-Control: no-store");
        default -> response(404, "nothing here", "Content-Type: text/plain");
      };
    }
  }

  private static MockResponse file(RecordedRequest request, String text) {
    String[] fields = {
      "Cache-Control: max-age=600",
      "ETag: \""
          + LibraryOrigin.digest(text.getBytes(StandardCharsets.UTF_8)).substring(0, 8)
          + '"',
      "Last-Modified: " + MODIFIED,
      "X-Own: 1"
    };
    String tag = fields[1].substring("ETag: ".length());
    Headers asked = request.getHeaders();
    String known = asked.get("If-None-Match");
    if (known == null ? MODIFIED.equals(asked.get("If-Modified-Since")) : known.equals(tag)) {
      return response(304, "", fields).newBuilder().removeHeader("Content-Length").build();
    }
    MockResponse.Builder whole =
        response(200, text, fields).newBuilder().addHeader("Content-Type", "text/javascript");
    String range = asked.get("Range");
    if (range == null) {
      return whole.build();
    }
    ByteRange part = ByteRange.parse(range, text.length());
    String told = part.contentRange(text.length());
    if (!part.isSatisfiable()) {
      return response(416, "416 Range Not Satisfiable\n", "Content-Range: " + told);
    }
    String cut = text.substring((int) part.first(), (int) part.last() + 1);
    return whole.code(206).addHeader("Content-Range", told).body(cut).build();
  }

  private static MockResponse packed() {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(LARGE.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return response(
        200,
        packed.toByteArray(),
        "Content-Encoding: gzip",
        "Vary: Accept-Encoding",
        "ETag: \"p\"");
  }

  @Test
  void asFromTheOrigin() throws Exception {
    Path node = Program.installed("node");
    assumeTrue(node != null, "no Node here: install nodejs to test the proxy with its fetch");
    Program program = new Program(node, folder);
    assumeTrue(
        program.run("", List.of("-p", "typeof fetch")).text().startsWith("function"),
        "this Node has no fetch: 18 or newer has it");
    String script;
    try (InputStream in = NodeFetchTest.class.getResourceAsStream("fetches.mjs")) {
      script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    JsonNode direct;
    try (MockWebServer itself = PromptServer.create()) {
      itself.setDispatcher(new Files());
      itself.start();
      direct = told(program, script, "http://127.0.0.1:" + itself.getPort());
    }
    requests.clear();
    origin.setDispatcher(new Files());
    JsonNode proxied = told(program, script, proxy.url());
    for (String step : direct.propertyNames()) {
      if (!step.equals("no range")) { // each has words of its own for that
        assertThat(proxied.get(step)).as(step).isEqualTo(direct.get(step));
      }
    }
    assertThat(direct.at("/first/status").asInt()).isEqualTo(200);
    assertThat(direct.at("/first/bytes").asInt()).isEqualTo(LARGE.length());
    assertThat(direct.at("/known/status").asInt()).isEqualTo(304);
    assertThat(direct.at("/known since/status").asInt()).isEqualTo(304);
    assertThat(direct.at("/range/status").asInt()).isEqualTo(206);
    assertThat(proxied.at("/no range/status").asInt()).isEqualTo(416);
    assertThat(proxied.at("/no range/content-range"))
        .isEqualTo(direct.at("/no range/content-range"));
    assertThat(direct.at("/head/content-length").asInt()).isEqualTo(LARGE.length());
    assertThat(direct.at("/left/some").asBoolean()).isTrue();
    assertThat(direct.at("/left/ended").asString()).isEqualTo("AbortError");
    assertThat(direct.at("/again")).isEqualTo(direct.at("/first"));
    assertThat(direct.at("/concurrent")).hasSize(50);
    whatTheOriginWasAsked();
  }

  private static JsonNode told(Program node, String script, String base) throws Exception {
    Program.Outcome outcome = node.run(script, List.of("--input-type=module", "-", base));
    assertThat(outcome.exit()).as(outcome.error()).isZero();
    return new JsonMapper().readTree(outcome.text());
  }

  /**
   * Once for each; where two requests say so, and three that bring conditions of their own, fetch
   * asks for what the origin has now.
   */
  private void whatTheOriginWasAsked() {
    List<String> large =
        requests.stream()
            .filter(each -> each.getTarget().equals("/large.js"))
            .map(each -> each.getMethod() + (each.getHeaders().get("If-None-Match") == null))
            .toList();
    assertThat(large.get(0)).isEqualTo("GETtrue");
    assertThat(large.subList(1, large.size())).hasSize(5).containsOnly("GETfalse");
    assertThat(requests.stream().filter(each -> each.getTarget().startsWith("/small.js")))
        .hasSize(5);
  }
}
