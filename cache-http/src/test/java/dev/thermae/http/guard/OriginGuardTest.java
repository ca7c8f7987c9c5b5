package dev.thermae.http.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.http.testing.PromptServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketAddress;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the guarded client does, in a network in which each public address is the origin's. */
class OriginGuardTest {
  private final MockWebServer origin = PromptServer.create();

  @BeforeEach
  void start() throws Exception {
    origin.start();
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  private SocketAddress network(SocketAddress asked) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), origin.getPort());
  }

  private OriginGuard guard(OriginRules rules, OkHttpClient client) {
    return GuardedNetwork.guard(rules, () -> client, this::network);
  }

  private static OkHttpClient.Builder resolving(String address) throws IOException {
    List<InetAddress> addresses = List.of(InetAddress.getByName(address));
    return new OkHttpClient.Builder().dns(host -> addresses);
  }

  private static int status(OriginGuard guard, String url) throws IOException {
    Request request = new Request.Builder().url(url).build();
    try (Response response = guard.get().newCall(request).execute()) {
      assertThat(response.body().string()).isEqualTo("body");
      return response.code();
    }
  }

  private void answer(int status, String... field) {
    MockResponse.Builder response = new MockResponse.Builder().code(status).body("body");
    if (field.length > 0) {
      response.setHeader(field[0], field[1]);
    }
    origin.enqueue(response.build());
  }

  @Test
  void connectionsAreUsedAgain() throws Exception {
    OriginRules rules = OriginRules.none().allow("a.example");
    try (OriginGuard guard = guard(rules, resolving("93.184.216.34").build())) {
      for (int i = 0; i < 2; i++) {
        answer(200);
        assertThat(status(guard, "http://a.example/")).isEqualTo(200);
        assertThat(origin.takeRequest().getExchangeIndex()).isEqualTo(i);
      }
    }
  }

  @Test
  void noProxyIsAsked() throws Exception {
    SocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    Proxy proxy = new Proxy(Proxy.Type.HTTP, nobody);
    OkHttpClient client = resolving("93.184.216.34").proxy(proxy).build();
    try (OriginGuard guard = guard(OriginRules.none().allow("a.example"), client)) {
      answer(200);
      assertThat(status(guard, "http://a.example/x")).isEqualTo(200);
      assertThat(origin.takeRequest().getTarget()).isEqualTo("/x"); // no absolute form
    }
  }

  @Test
  void noRedirectIsFollowed() throws Exception {
    OriginRules rules = OriginRules.none().allow("a.example");
    try (OriginGuard guard = guard(rules, resolving("93.184.216.34").build())) {
      answer(302, "Location", "http://127.0.0.1/");
      assertThat(status(guard, "http://a.example/")).isEqualTo(302);
    }
  }

  @Test
  void namesWithSpecialAddressesAloneAreRefused() throws Exception {
    OriginRules rules = OriginRules.none().allow("*.a.example");
    try (OriginGuard guard = guard(rules, resolving("10.0.0.1").build())) {
      assertThatThrownBy(() -> status(guard, "http://x.a.example/"))
          .isInstanceOf(RefusedException.class)
          .hasMessage("x.a.example has no address on the public internet");
      assertThatThrownBy(() -> status(guard, "http://b.example:8080/"))
          .isInstanceOf(RefusedException.class)
          .hasMessage("http://b.example:8080 is not allowed");
      assertThat(origin.getRequestCount()).isZero();
    }
  }
}
