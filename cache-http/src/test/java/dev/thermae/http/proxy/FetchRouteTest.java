package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.http.guard.OriginGuard;
import dev.thermae.http.guard.OriginRules;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.testing.PromptServer;
import dev.thermae.store.MemoryStore;
import java.net.http.HttpResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients fetch from allowed origins, and what they do not. */
class FetchRouteTest extends ProxyFixture {
  private static final String MINUTE = "Cache-Control: max-age=60";
  private final OkHttpClient network = new OkHttpClient();
  private ResourceLoader guarded;
  private String place;

  @BeforeEach
  void allow() throws Exception {
    place = "/fetch/http/" + originUrl().substring("http://".length());
    serve(OriginRules.none().allowInternal(originUrl()));
  }

  private void serve(OriginRules rules) throws Exception {
    ProxyServerBuilder settings = settings().fetch(rules);
    OriginGuard guard = settings.guard(() -> network);
    guarded =
        ResourceLoader.builder(new MemoryStore(1 << 20, counters, time))
            .time(time)
            .shared(true)
            .okHttpClient(guard)
            .build();
    proxy.close();
    proxy = settings.start(guarded);
    closeLater(proxy, guarded, guard);
  }

  @Test
  void whatIsAllowedIsKept() throws Exception {
    answer(200, JS, MINUTE);
    assertThat(get(place + "/a%7e.js?x=%2f").body()).isEqualTo(JS);
    assertThat(lastRequest().getTarget()).isEqualTo("/a~.js?x=%2F");
    assertThat(get(place + "/%61~.js?x=%2F").body()).isEqualTo(JS);
    assertThat(field(get("/a~.js?x=%2F"), "Cache-Status")).contains("; hit");
    assertThat(requests).hasSize(1);
  }

  @Test
  void othersAreRefusedInOneLine() throws Exception {
    HttpResponse<String> response = get("/fetch/https/evil.example/x");
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).isEqualTo("403 Forbidden: https://evil.example is not allowed\n");
    assertThat(field(response, "Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void anExactOriginMayNotBeInsideUnlessItIsSaidSo() throws Exception {
    String host = origin.getHostName().equals("127.0.0.1") ? "localhost" : "127.0.0.1";
    String other = host + ':' + origin.getPort();
    serve(OriginRules.none().allow("http://" + other));
    HttpResponse<String> response = get("/fetch/http/" + other + "/x");
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(requests).isEmpty();

    serve(OriginRules.none().allowInternal("http://" + other));
    answer(200, JS);
    assertThat(get("/fetch/http/" + other + "/x").body()).isEqualTo(JS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "get"})
  void onlyReading(String method) throws Exception {
    RawAnswer answer =
        RawAnswer.to(proxy.port(), method + ' ' + place + "/ HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.text()).contains("\r\nAllow: GET, HEAD\r\n");
    assertThat(requests).isEmpty();
  }

  @Test
  void noCookiesEitherWay() throws Exception {
    answer(
        200,
        JS,
        MINUTE,
        "Set-Cookie: a=b",
        "Clear-Site-Data: *",
        "Strict-Transport-Security: max-age=9",
        "X-Own: 1");
    HttpResponse<String> response = get(place + "/a", "Cookie: c=d", "Authorization: Basic eA==");
    assertThat(lastRequest().getHeaders().get("Cookie")).isNull();
    assertThat(lastRequest().getHeaders().get("Authorization")).isEqualTo("Basic eA==");
    assertThat(response.headers().map())
        .containsKey("x-own")
        .doesNotContainKeys("set-cookie", "clear-site-data", "strict-transport-security");
  }

  @Test
  void redirectsAreFollowed() throws Exception {
    answer(302, "", "Location: /b?c");
    answer(200, JS, MINUTE);
    HttpResponse<String> response = get(place + "/a", "Authorization: Basic eA==");
    assertThat(response.body()).isEqualTo(JS);
    assertThat(lastRequest().getTarget()).isEqualTo("/b?c");
    assertThat(lastRequest().getHeaders().get("Authorization")).isEqualTo("Basic eA==");
  }

  @Test
  void redirectsElsewhereAreRefusedFromTheStoreToo() throws Exception {
    answer(301, "", "Location: http://evil.example/", MINUTE);
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> response = get(place + "/a");
      assertThat(response.statusCode()).isEqualTo(403);
      assertThat(response.body()).isEqualTo("403 Forbidden: http://evil.example is not allowed\n");
    }
    assertThat(requests).hasSize(1);
  }

  @Test
  void credentialsStayAtTheirOrigin() throws Exception {
    try (MockWebServer other = PromptServer.create()) {
      other.start();
      String there = "http://" + other.getHostName() + ':' + other.getPort();
      other.enqueue(response(302, "", "Location: " + originUrl() + "/c"));
      serve(OriginRules.none().allowInternal(originUrl()).allowInternal(there));
      answer(302, "", "Location: " + there + "/b");
      answer(200, JS);
      assertThat(get(place + "/a", "Authorization: Basic eA==").body()).isEqualTo(JS);
      assertThat(other.takeRequest().getHeaders().get("Authorization")).isNull();
      assertThat(lastRequest().getHeaders().get("Authorization")).isNull();
      assertThat(requests.get(0).getHeaders().get("Authorization")).isNotNull();
    }
  }

  @Test
  void anEndlessChainEnds() throws Exception {
    for (int i = 0; i < 30; i++) {
      int next = i + 1;
      script.add(request -> response(302, "", "Location: /" + next));
    }
    HttpResponse<String> response = get(place + "/0");
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.body()).contains("more than 20 redirects");
    assertThat(requests).hasSize(21);
  }

  @Test
  void aRedirectWithTwoReadingsIsNotFollowed() throws Exception {
    answer(302, "", "Location: /x/..%2fy");
    HttpResponse<String> response = get(place + "/a");
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.body()).contains("dot segments");
    assertThat(requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///x", "http://u:p@h/", "http://[fe80::1%251]/", "data:,x"})
  void aRedirectOutOfHttpIsNotPassedOn(String location) throws Exception {
    answer(302, "", "Location: " + location);
    assertThat(get(place + "/a").statusCode()).isEqualTo(502);
  }

  @Test
  void fetchPathsNeverLeadToAnOrigin() throws Exception {
    assertThat(get("/fetch/x").statusCode()).isEqualTo(400);
    assertThat(requests).isEmpty();
  }

  @Test
  void aLoaderThatPassesTheGuardByIsRefused() throws Exception {
    OriginRules rules = OriginRules.none().allow("https://a.example");
    assertThatThrownBy(() -> settings().fetch(rules).start(guarded))
        .isInstanceOf(IllegalStateException.class);
    ProxyServerBuilder settings = settings().fetch(rules);
    settings.guard(() -> network).close();
    assertThatThrownBy(() -> settings.start(guarded)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void responsesForOneUserAreNotKept() throws Exception {
    answer(200, "for one", "Cache-Control: private, max-age=60");
    answer(200, "for another", "Cache-Control: private, max-age=60");
    assertThat(get("/p").body()).isEqualTo("for one");
    assertThat(get("/p").body()).isEqualTo("for another");
    answer(200, "with a password", MINUTE);
    answer(200, "without", MINUTE);
    assertThat(get("/q", "Authorization: Basic eA==").body()).isEqualTo("with a password");
    assertThat(get("/q").body()).isEqualTo("without");
  }
}
