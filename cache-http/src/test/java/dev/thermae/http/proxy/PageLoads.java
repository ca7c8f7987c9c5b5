package dev.thermae.http.proxy;

import dev.thermae.http.testing.Chromium;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What a browser tells of each request of a page while it loads. Used by one thread. */
final class PageLoads {
  private static final String RESULTS =
      """
      (async () => {
        const told = {};
        for (const name in results) {
          const bytes = new TextEncoder().encode(results[name]);
          const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
          const hex = Array.from(digest, (b) => b.toString(16).padStart(2, '0')).join('');
          told[name] = results[name].slice(0, 500) + ' ' + bytes.length + ' ' + hex;
        }
        return told;
      })()
      """;

  private final Chromium browser;

  PageLoads(Chromium browser) throws InterruptedException {
    this.browser = browser;
    int most = 200 << 20;
    browser.send("Page.enable", Map.of());
    browser.send(
        "Network.enable", Map.of("maxTotalBufferSize", most, "maxResourceBufferSize", most));
  }

  /**
   * A request.
   *
   * @param how the status that came over the network, or {@code cache}
   * @param protocol as ALPN names it
   * @param digest of the body that came; of what the browser had, how long it is
   * @param fields of the answer, names in small letters
   */
  record Exchange(String how, String protocol, String digest, Map<String, String> fields) {}

  /**
   * A page that was loaded.
   *
   * @param exchanges by path
   * @param results what the page's own calls said, by library: how it begins, and a digest of it
   */
  record Load(Map<String, Exchange> exchanges, Map<String, String> results) {
    /** What came how, by path. */
    Map<String, String> sequence() {
      Map<String, String> sequence = new TreeMap<>();
      exchanges.forEach((path, exchange) -> sequence.put(path, exchange.how));
      return sequence;
    }

    /** Digests of bodies, by path. */
    Map<String, String> digests() {
      Map<String, String> digests = new TreeMap<>();
      exchanges.forEach((path, exchange) -> digests.put(path, exchange.digest));
      return digests;
    }
  }

  Load open(String url) throws InterruptedException {
    return load("Page.navigate", Map.of("url", url));
  }

  Load reload(boolean ignoringCache) throws InterruptedException {
    return load("Page.reload", Map.of("ignoreCache", ignoringCache));
  }

  /** As a new profile has it. */
  void forgetAll() throws InterruptedException {
    browser.send("Network.clearBrowserCache", Map.of());
  }

  private byte[] body(String request) throws InterruptedException {
    JsonNode body = browser.send("Network.getResponseBody", Map.of("requestId", request));
    String text = body.get("body").asString();
    return body.get("base64Encoded").asBoolean()
        ? Base64.getDecoder().decode(text)
        : text.getBytes(StandardCharsets.UTF_8);
  }

  private Load load(String command, Map<String, ?> parameters) throws InterruptedException {
    browser.forgetEvents();
    browser.send(command, parameters);
    Map<String, Seen> seen = new LinkedHashMap<>();
    boolean loaded = false;
    while (!loaded || seen.values().stream().anyMatch(each -> !each.isWhole())) {
      JsonNode event = browser.event();
      if (event == null) {
        throw new IllegalStateException("the page does not end: " + seen.keySet());
      }
      loaded |= event.get("method").asString().equals("Page.loadEventFired");
      String id = event.at("/params/requestId").asString("");
      if (!id.isEmpty()) {
        seen.computeIfAbsent(id, any -> new Seen()).add(event);
      }
    }
    Map<String, Exchange> exchanges = new TreeMap<>();
    for (Map.Entry<String, Seen> each : seen.entrySet()) {
      Seen whole = each.getValue();
      exchanges.put(whole.path(), whole.exchange(whole.isKept() ? null : body(each.getKey())));
    }
    Map<String, String> results = new TreeMap<>();
    JsonNode told = browser.evaluate(RESULTS);
    told.propertyStream().forEach(each -> results.put(each.getKey(), each.getValue().asString()));
    return new Load(exchanges, results);
  }

  /** One request's events. */
  private static final class Seen {
    private final Map<String, JsonNode> events = new LinkedHashMap<>();
    private long bytes;

    void add(JsonNode event) {
      String method = event.get("method").asString();
      if (method.equals("Network.loadingFailed")) {
        throw new IllegalStateException(event.toString());
      }
      bytes += event.at("/params/dataLength").asLong(0);
      events.put(method.substring(method.indexOf('.') + 1), event.get("params"));
    }

    /** What was kept by the browser has an announcement of more, and no more. */
    boolean isWhole() {
      JsonNode response = events.get("responseReceived");
      return response != null
          && events.containsKey("loadingFinished")
          && (isKept()
              || !response.get("hasExtraInfo").asBoolean()
              || events.containsKey("responseReceivedExtraInfo"));
    }

    private boolean isKept() {
      return events.containsKey("requestServedFromCache")
          || response().get("fromDiskCache").asBoolean();
    }

    private JsonNode response() {
      return events.get("responseReceived").get("response");
    }

    String path() {
      String url = response().get("url").asString();
      return url.substring(url.indexOf('/', "https://".length()));
    }

    Exchange exchange(byte[] body) {
      JsonNode more = events.get("responseReceivedExtraInfo");
      JsonNode status = more == null ? response().get("status") : more.get("statusCode");
      JsonNode headers = (more == null ? response() : more).get("headers");
      Map<String, String> fields = new TreeMap<>();
      headers
          .propertyStream()
          .forEach(
              each ->
                  fields.put(each.getKey().toLowerCase(Locale.ROOT), each.getValue().asString()));
      return new Exchange(
          isKept() ? "cache" : status.asString(),
          response().get("protocol").asString(),
          body == null ? bytes + " bytes" : LibraryOrigin.digest(body),
          fields);
    }
  }
}
