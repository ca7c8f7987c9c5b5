package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.event.Counters;
import dev.thermae.http.testing.PromptServer;
import dev.thermae.store.MemoryStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tables cannot say: the rest of the call, and everything else of the client. */
class CachingInterceptorTest {
  private static final String FRESH = "Cache-Control: max-age=60";

  private final FakeTime time = new FakeTime();
  private final Counters counters = new Counters(null);
  private final FaultyStore store = new FaultyStore(new MemoryStore(1 << 20, counters, time));
  private final MockWebServer server = PromptServer.create();
  private final List<OkHttpClient> clients = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() {
    for (OkHttpClient each : clients) {
      each.dispatcher().executorService().shutdown();
      each.connectionPool().evictAll();
    }
    server.close();
  }

  private CachingInterceptor cache() {
    return CachingInterceptor.builder(store).time(time).counters(counters).build();
  }

  private OkHttpClient client(OkHttpClient.Builder builder) {
    OkHttpClient client = builder.build();
    clients.add(client);
    return client;
  }

  private OkHttpClient client() {
    return client(new OkHttpClient.Builder().addInterceptor(cache()));
  }

  private void answer(String body, String... fields) {
    server.enqueue(LoaderFixture.response(200, body, fields));
  }

  private Request.Builder request() {
    return new Request.Builder().url(server.url("/a"));
  }

  private static Response run(OkHttpClient client, Request request) throws IOException {
    return client.newCall(request).execute();
  }

  /** The body, and where it came from. */
  private static String got(OkHttpClient client, Request request) throws IOException {
    try (Response response = run(client, request)) {
      String from =
          response.networkResponse() == null
              ? " stored"
              : response.cacheResponse() == null ? " fetched" : " validated";
      return response.body().string() + from;
    }
  }

  @Test
  void clientsOwnCacheIsSwitchedOff(@TempDir Path folder) throws IOException {
    try (Cache own = new Cache(folder.toFile(), 1 << 20)) {
      OkHttpClient client = client(new OkHttpClient.Builder().cache(own).addInterceptor(cache()));
      answer("one", FRESH);
      assertThat(got(client, request().build())).isEqualTo("one fetched");
      assertThat(got(client, request().build())).isEqualTo("one stored");
      assertThat(own.requestCount()).isZero();
      assertThat(own.size()).isZero();
    }
  }

  @Test
  void installedTheClientHasNoCacheAndFollowsNothingItself(@TempDir Path folder)
      throws IOException {
    try (Cache own = new Cache(folder.toFile(), 1 << 20)) {
      OkHttpClient client = client(cache().installOn(new OkHttpClient.Builder().cache(own)));
      assertThat(client.cache()).isNull();
      assertThat(client.followRedirects()).isFalse();
      assertThat(client.followSslRedirects()).isFalse();
    }
  }

  @Test
  void isNoNetworkInterceptor() {
    OkHttpClient client = client(new OkHttpClient.Builder().addNetworkInterceptor(cache()));
    assertThatThrownBy(() -> run(client, request().build()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("addInterceptor");
  }

  @Test
  void cancelledCallGetsNothingStale() throws IOException {
    AtomicBoolean cancels = new AtomicBoolean();
    AtomicInteger hits = new AtomicInteger();
    EventListener listener =
        new EventListener() {
          @Override
          public void requestHeadersEnd(Call call, Request request) {
            if (cancels.get()) {
              call.cancel();
            }
          }

          @Override
          public void cacheHit(Call call, Response response) {
            hits.incrementAndGet();
          }
        };
    OkHttpClient client =
        client(new OkHttpClient.Builder().addInterceptor(cache()).eventListener(listener));
    answer("one", FRESH);
    got(client, request().build());
    time.advanceSeconds(61);
    cancels.set(true);
    answer("two", FRESH);
    Call call = client.newCall(request().build());
    assertThatThrownBy(call::execute).isInstanceOf(IOException.class);
    assertThat(call.isCanceled()).isTrue();
    assertThat(hits).hasValue(0);
  }

  @Test
  void callsTimeoutHoldsAndGetsNothingStale() throws IOException {
    OkHttpClient client = client();
    answer("one", FRESH);
    got(client, request().build());
    time.advanceSeconds(61);
    server.enqueue(new MockResponse.Builder().headersDelay(1, TimeUnit.HOURS).build());
    OkHttpClient hasty = client(client.newBuilder().callTimeout(Duration.ofMillis(100)));
    assertThatThrownBy(() -> run(hasty, request().build()))
        .isInstanceOf(InterruptedIOException.class);
  }

  @Test
  void clientsReadTimeoutHoldsAndStaleStandsIn() throws IOException {
    OkHttpClient client =
        client(
            new OkHttpClient.Builder().addInterceptor(cache()).readTimeout(Duration.ofMillis(100)));
    answer("one", FRESH);
    got(client, request().build());
    time.advanceSeconds(61);
    server.enqueue(new MockResponse.Builder().headersDelay(1, TimeUnit.HOURS).build());
    assertThat(got(client, request().build())).isEqualTo("one stored");
  }

  @Test
  void failuresAreThoseOfOkHttp() {
    HttpUrl url = server.url("/a");
    server.close();
    OkHttpClient client = client();
    assertThatThrownBy(() -> run(client, new Request.Builder().url(url).build()))
        .isInstanceOf(ConnectException.class);
  }

  /** A jar with one cookie, which OkHttp sends below the interceptor. */
  private static final class OneCookie implements CookieJar {
    volatile String value = "";

    @Override
    public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
      value = cookies.get(0).value();
    }

    @Override
    public List<Cookie> loadForRequest(HttpUrl url) {
      return value.isEmpty()
          ? List.of()
          : List.of(new Cookie.Builder().domain(url.host()).name("id").value(value).build());
    }
  }

  @Test
  void cookiesOfTheJarAreCredentials() throws Exception {
    OneCookie jar = new OneCookie();
    jar.value = "1";
    OkHttpClient client = client(new OkHttpClient.Builder().cookieJar(jar).addInterceptor(cache()));
    answer("one", FRESH);
    answer("two", FRESH, "Set-Cookie: id=2");
    assertThat(got(client, request().build())).isEqualTo("one fetched");
    assertThat(got(client, request().build())).isEqualTo("two fetched");
    assertThat(jar.value).isEqualTo("2");
    assertThat(server.takeRequest().getHeaders().values("Cookie")).containsExactly("id=1");
  }

  @Test
  void cookiesOfTheJarSelectVariants() throws IOException {
    OneCookie jar = new OneCookie();
    OkHttpClient client = client(new OkHttpClient.Builder().cookieJar(jar).addInterceptor(cache()));
    answer("nobody", "Cache-Control: public, max-age=60", "Vary: Cookie");
    answer("one", "Cache-Control: public, max-age=60", "Vary: Cookie");
    assertThat(got(client, request().build())).isEqualTo("nobody fetched");
    jar.value = "1";
    assertThat(got(client, request().build())).isEqualTo("one fetched");
    assertThat(got(client, request().build())).isEqualTo("one stored");
    jar.value = "";
    assertThat(got(client, request().build())).isEqualTo("nobody stored");
  }

  @Test
  void authenticatorAnswersBelowAndItsCredentialsCount() throws IOException {
    OkHttpClient client =
        client(
            new OkHttpClient.Builder()
                .addInterceptor(cache())
                .authenticator(
                    (route, response) ->
                        response
                            .request()
                            .newBuilder()
                            .header("Authorization", "Basic x")
                            .build()));
    server.enqueue(LoaderFixture.response(401, "who?", "WWW-Authenticate: Basic realm=x"));
    answer("mine", FRESH);
    server.enqueue(LoaderFixture.response(401, "who?", "WWW-Authenticate: Basic realm=x"));
    answer("everybody's", "Cache-Control: public, max-age=60");
    assertThat(got(client, request().build())).isEqualTo("mine fetched");
    assertThat(got(client, request().build())).isEqualTo("everybody's fetched");
    assertThat(got(client, request().build())).isEqualTo("everybody's stored");
  }

  @Test
  void eventStreamIsHandedOutBeforeItsEnd() throws IOException {
    server.enqueue(
        new MockResponse.Builder()
            .addHeader("Content-Type", "text/event-stream")
            .addHeader("Cache-Control", "max-age=60")
            .body(new Buffer().writeUtf8("data: 1\n\n".repeat(1000)))
            .onResponseBody(SocketEffect.Stall.INSTANCE)
            .build());
    try (Response response = run(client(), request().build())) {
      assertThat(response.body().source().readUtf8Line()).isEqualTo("data: 1");
    }
  }

  @Test
  void webSocketsPass() throws InterruptedException {
    server.enqueue(
        new MockResponse.Builder()
            .webSocketUpgrade(
                new WebSocketListener() {
                  @Override
                  public void onMessage(WebSocket socket, String text) {
                    socket.send(text + " back");
                    socket.close(1000, null);
                  }
                })
            .build());
    List<String> said = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    client()
        .newWebSocket(
            request().build(),
            new WebSocketListener() {
              @Override
              public void onOpen(WebSocket socket, Response response) {
                socket.send("there");
              }

              @Override
              public void onMessage(WebSocket socket, String text) {
                said.add(text);
              }

              @Override
              public void onClosing(WebSocket socket, int code, String reason) {
                socket.close(1000, null);
                done.countDown();
              }

              @Override
              public void onFailure(WebSocket socket, Throwable failure, Response response) {
                said.add(failure.toString());
                done.countDown();
              }
            });
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(said).containsExactly("there back");
  }

  @Test
  void http2IsCachedAlike() throws IOException {
    server.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
    OkHttpClient client =
        client(
            new OkHttpClient.Builder()
                .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                .addInterceptor(cache()));
    answer("one", FRESH, "ETag: \"1\"");
    assertThat(got(client, request().build())).isEqualTo("one fetched");
    assertThat(got(client, request().build())).isEqualTo("one stored");
    time.advanceSeconds(60);
    server.enqueue(LoaderFixture.response(304, ""));
    assertThat(got(client, request().build())).isEqualTo("one validated");
  }

  @Test
  void enqueuedCallsAreCachedAlike() throws Exception {
    OkHttpClient client = client();
    answer("one", FRESH);
    got(client, request().build());
    List<String> bodies = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    client
        .newCall(request().build())
        .enqueue(
            new Callback() {
              @Override
              public void onResponse(Call call, Response response) throws IOException {
                bodies.add(response.body().string());
                done.countDown();
              }

              @Override
              public void onFailure(Call call, IOException failure) {
                done.countDown();
              }
            });
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(bodies).containsExactly("one");
  }

  @Test
  void storeThatFailsIsGoneAround() throws IOException {
    OkHttpClient client = client();
    store.writesFail = true;
    answer("one", FRESH);
    answer("two", FRESH);
    assertThat(got(client, request().build())).isEqualTo("one fetched");
    assertThat(got(client, request().build())).isEqualTo("two fetched");
    assertThat(counters.snapshot().faults()).isEqualTo(2);
  }

  @Test
  void storedBodyThatIsGoneIsFetchedAgain() throws IOException {
    OkHttpClient client = client();
    answer("one", FRESH);
    answer("two", FRESH);
    assertThat(got(client, request().build())).isEqualTo("one fetched");
    store.bodiesAreLost = true;
    assertThat(got(client, request().build())).isEqualTo("two fetched");
  }

  @Test
  void credentialsDoNotFollowToAnotherOrigin() throws Exception {
    try (MockWebServer other = PromptServer.create()) {
      other.start();
      OkHttpClient client = client(cache().installOn(new OkHttpClient.Builder()));
      server.enqueue(LoaderFixture.response(302, "", "Location: " + other.url("/b")));
      other.enqueue(LoaderFixture.response(200, "there"));
      Request request =
          request()
              .header("Authorization", "Bearer 1")
              .header("Cookie", "id=1")
              .header("X-Kept", "1")
              .build();
      try (Response response = run(client, request)) {
        assertThat(response.body().string()).isEqualTo("there");
        assertThat(response.priorResponse().code()).isEqualTo(302);
      }
      assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer 1");
      var seen = other.takeRequest().getHeaders();
      assertThat(seen.get("Authorization")).isNull();
      assertThat(seen.get("Cookie")).isNull();
      assertThat(seen.get("X-Kept")).isEqualTo("1");
    }
  }

  /** What was fetched once says nothing of another response to the same request. */
  @Test
  void requestOfAResponseMayBeUsedAgain() throws IOException {
    OkHttpClient client = client();
    answer("one", FRESH);
    answer("two", "Cache-Control: no-store");
    Request used;
    try (Response response = run(client, request().build())) {
      used = response.request();
      assertThat(CachingInterceptor.fetched(response)).isNotNull();
    }
    time.advanceSeconds(60);
    try (Response response = run(client, used)) {
      assertThat(response.body().string()).isEqualTo("two");
      assertThat(CachingInterceptor.fetched(response)).isNull();
    }
  }

  @Test
  void invalidatesOnDemand() throws IOException {
    CachingInterceptor cache = cache();
    OkHttpClient client = client(new OkHttpClient.Builder().addInterceptor(cache));
    answer("one", FRESH);
    answer("two", FRESH);
    assertThat(got(client, request().build())).isEqualTo("one fetched");
    cache.invalidate(server.url("/a").toString());
    time.advanceSeconds(1);
    assertThat(got(client, request().build())).isEqualTo("two fetched");
  }

  @Test
  void timesAreThoseOfTheStoredResponse() throws IOException {
    OkHttpClient client = client();
    answer("one", FRESH);
    got(client, request().build());
    time.advanceSeconds(5);
    try (Response response = run(client, request().build())) {
      assertThat(response.sentRequestAtMillis()).isEqualTo(FakeTime.START);
      assertThat(response.receivedResponseAtMillis()).isEqualTo(FakeTime.START);
      assertThat(response.body().contentLength()).isEqualTo(3);
      assertThat(response.headers("Cache-Status")).containsExactly("thermae; hit; ttl=55");
    }
  }
}
