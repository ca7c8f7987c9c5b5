package dev.thermae.http.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A headless browser with one page, driven over its DevTools protocol. Used by one thread. */
public final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome");
  private static final List<String> OPTIONS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--no-first-run",
          "--hide-scrollbars",
          "--remote-debugging-port=0");
  private static final int PATIENCE_SECONDS = 60;
  private static final JsonMapper JSON = new JsonMapper();

  private final Process process;
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private int last;

  private Chromium(Process process, String page) {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(page), new Listener())
            .join();
  }

  /** The browser that is installed here; null for none. */
  public static @Nullable Path installed() {
    for (String name : NAMES) {
      Path program = Program.installed(name);
      if (program != null) {
        return program;
      }
    }
    return null;
  }

  /** Starts it with a profile of its own, and more options perhaps. */
  public static Chromium start(Path program, Path profile, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(OPTIONS);
    command.addAll(List.of(options));
    command.addAll(List.of("--user-data-dir=" + profile, "about:blank"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolveSibling("chromium.log").toFile())
            .start();
    Path ports = profile.resolve("DevToolsActivePort");
    while (!Files.exists(ports) || Files.readAllLines(ports).size() < 2) {
      if (!process.isAlive()) {
        throw new IOException("the browser ended with " + process.exitValue());
      }
      Thread.onSpinWait();
    }
    String port = Files.readAllLines(ports).get(0);
    try (var in = URI.create("http://127.0.0.1:" + port + "/json/list").toURL().openStream()) {
      for (JsonNode target : JSON.readTree(in)) {
        if (target.get("type").asString().equals("page")) {
          return new Chromium(process, target.get("webSocketDebuggerUrl").asString());
        }
      }
    }
    process.destroy();
    throw new IOException("the browser has no page");
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean whole) {
      text.append(data);
      if (whole) {
        JsonNode message = JSON.readTree(text.toString());
        text.setLength(0);
        (message.has("id") ? answers : events).add(message);
      }
      from.request(1);
      return null;
    }
  }

  /** Sends a command and waits for its result. */
  public JsonNode send(String method, Map<String, ?> parameters) throws InterruptedException {
    int id = ++last;
    socket
        .sendText(
            JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
        .join();
    while (true) {
      JsonNode answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (answer == null || answer.has("error")) {
        throw new IllegalStateException(method + ": " + answer);
      }
      if (answer.get("id").asInt() == id) {
        return answer.get("result");
      }
    }
  }

  /** The next event of a domain that was enabled; null where none comes for a minute. */
  public @Nullable JsonNode event() throws InterruptedException {
    return events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Events so far are nobody's. */
  public void forgetEvents() {
    events.clear();
  }

  /** The value of an expression, promises awaited. */
  public JsonNode evaluate(String expression) throws InterruptedException {
    JsonNode result =
        send(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + result);
    }
    return result.at("/result/value");
  }

  /** Waits until an expression is true on the page that is open. */
  public void await(String expression) throws InterruptedException {
    evaluate(
        "new Promise((done) => { const timer = setInterval(() => { if ("
            + expression
            + ") { clearInterval(timer); done(true); } }, 20); })");
  }

  public void open(String url) throws InterruptedException {
    send("Page.navigate", Map.of("url", url));
    String there = "document.readyState === 'complete' && location.href.startsWith('http')";
    while (!evaluate(there).asBoolean()) {
      Thread.onSpinWait();
    }
  }

  public void size(int width, int height) throws InterruptedException {
    send(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** What {@code prefers-color-scheme} says. */
  public void prefer(String scheme) throws InterruptedException {
    send(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Presses and releases a key. */
  public void press(String key, int code, String text) throws InterruptedException {
    for (String type : new String[] {"keyDown", "keyUp"}) {
      send(
          "Input.dispatchKeyEvent",
          Map.of(
              "type",
              type,
              "key",
              key,
              "code",
              key,
              "windowsVirtualKeyCode",
              code,
              "text",
              type.equals("keyDown") ? text : ""));
    }
  }

  public void type(String text) throws InterruptedException {
    send("Input.insertText", Map.of("text", text));
  }

  /** The whole page as a PNG file. */
  public void screenshot(Path file) throws IOException, InterruptedException {
    Files.createDirectories(file.getParent());
    JsonNode shot =
        send("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    Files.write(file, Base64.getDecoder().decode(shot.get("data").asString()));
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }
}
