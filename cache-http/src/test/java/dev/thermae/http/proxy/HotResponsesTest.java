package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.store.MemoryStore;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the proxy answers from memory, and when it looks into the store again. */
class HotResponsesTest extends ProxyFixture {
  private static final String MINUTE = "Cache-Control: max-age=60";
  private static final String TAG = "ETag: \"v1\"";

  private ResourceLoader loader;

  @Override
  ProxyServer open(ProxyServerBuilder settings) throws IOException {
    loader =
        ResourceLoader.builder(new MemoryStore(64 << 20, counters, time))
            .time(time)
            .counters(counters)
            .shared(true)
            .build();
    return settings.start(loader);
  }

  @AfterEach
  void close() {
    proxy.close();
    loader.close();
  }

  /** Stored at the first request, in memory from the second one on. */
  private void warm(String... fields) throws Exception {
    answer(200, JS, fields);
    get("/a.js");
    time.advance(1); // at a full second Cache-Status would say another ttl a millisecond later
    assertThat(get("/a.js").body()).isEqualTo(JS);
    assertThat(requests).hasSize(1);
  }

  /** What another process would do: the proxy is not told. */
  private void changeBehindItsBack() throws IOException {
    loader.invalidate(originUrl() + "/a.js");
    answer(200, "other", MINUTE);
  }

  @Test
  void whatOthersChangeIsSeenASecondLater() throws Exception {
    warm(MINUTE, TAG);
    changeBehindItsBack();
    time.advance(900);
    assertThat(get("/a.js").body()).isEqualTo(JS);
    time.advance(100);
    assertThat(get("/a.js").body()).isEqualTo("other");
  }

  @Test
  void whatIsChangedHereIsSeenAtOnce() throws Exception {
    warm(MINUTE, TAG);
    answer(200, "done");
    send("POST", "/a.js", "x");
    answer(200, "other", MINUTE);
    assertThat(get("/a.js").body()).isEqualTo("other");
  }

  @Test
  void whatIsPurgedIsGone() throws Exception {
    warm(MINUTE, TAG);
    changeBehindItsBack();
    proxy.forgetMemory();
    assertThat(get("/a.js").body()).isEqualTo("other");
  }

  @Test
  void theFieldsAreThoseOfTheStore() throws Exception {
    warm(MINUTE, TAG, "X-Own: 1", "Content-Type: text/javascript", "Connection: X-Hop", "X-Hop: 1");
    time.advance(1_500);
    HttpResponse<String> stored = get("/a.js");
    HttpResponse<String> hot = get("/a.js");
    assertThat(hot.headers().map()).isEqualTo(stored.headers().map());
    assertThat(field(hot, "Age")).isEqualTo("1");
    assertThat(field(hot, "Cache-Status")).isEqualTo("thermae; hit; ttl=58");
    assertThat(field(hot, "X-Hop")).isNull();
    time.advance(500);
    assertThat(field(get("/a.js"), "Age")).isEqualTo("2");
  }

  @Test
  void whoHasItIsToldSo() throws Exception {
    warm(MINUTE, TAG);
    for (String known : new String[] {"\"v1\"", "W/\"v1\"", "\"v0\", \"v1\"", "*"}) {
      HttpResponse<String> response = get("/a.js", "If-None-Match: " + known);
      assertThat(response.statusCode()).as(known).isEqualTo(304);
      assertThat(field(response, "Content-Length")).as("parsers would wait for it").isNull();
      assertThat(field(response, "ETag")).isEqualTo("\"v1\"");
    }
    assertThat(get("/a.js", "If-None-Match: \"v0\"").body()).isEqualTo(JS);
    assertThat(requests).hasSize(1);
  }

  @Test
  void requestsThatAskForMore() throws Exception {
    warm(MINUTE, TAG);
    assertThat(get("/a.js", "Range: bytes=0-2").statusCode()).isEqualTo(206);
    assertThat(send("HEAD", "/a.js", null).body()).isEmpty();
    answer(304, "", TAG, MINUTE);
    assertThat(get("/a.js", "Cache-Control: no-cache").body()).isEqualTo(JS);
    assertThat(requests).hasSize(2);
  }

  @Test
  void whatVariesIsNotKept() throws Exception {
    warm(MINUTE, "Vary: X-Mood");
    changeBehindItsBack();
    assertThat(get("/a.js").body()).isEqualTo("other");
  }

  @Test
  void whatVariesByCodingIs() throws Exception {
    warm(MINUTE, "Vary: Accept-Encoding");
    changeBehindItsBack();
    assertThat(get("/a.js").body()).isEqualTo(JS);
    assertThat(get("/a.js", "Accept-Encoding: gzip").body()).isEqualTo("other");
  }

  @Test
  void whatIsStaleIsNot() throws Exception {
    warm("Cache-Control: max-age=1", TAG);
    time.advance(1_000);
    answer(200, "other", MINUTE);
    assertThat(get("/a.js").body()).isEqualTo("other");
  }

  @Test
  void noMemory() throws Exception {
    proxy.close();
    proxy = open(settings().memory(0));
    warm(MINUTE, TAG);
    changeBehindItsBack();
    assertThat(get("/a.js").body()).isEqualTo("other");
  }
}
