package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server around the handler. */
class ProxyServerTest extends ProxyFixture {
  @Override
  ProxyServerBuilder settings() {
    return super.settings().listener(listening().stopTimeout(Duration.ofSeconds(10)));
  }

  @Test
  void knowsItsAddress() {
    assertThat(proxy.port()).isPositive();
    assertThat(proxy.url()).isEqualTo("http://127.0.0.1:" + proxy.port());
    assertThat(proxy.origin()).isEqualTo(originUrl());
  }

  @Test
  void smallAnswersAreSentAtOnce() {
    // Jetty's default, which the throughput of keep-alive connections stands on.
    try (ServerConnector connector = new ServerConnector(new Server())) {
      assertThat(connector.getAcceptedTcpNoDelay()).isTrue();
    }
  }

  @Test
  void aPortIsListenedOnOnce() {
    assertThatThrownBy(() -> open(settings().port(proxy.port())))
        .isInstanceOf(IOException.class)
        .hasCauseInstanceOf(BindException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1st", "a b", "a;b", "a\r\nb", "\u00e9"})
  void namesAreTokens(String name) {
    assertThatThrownBy(() -> settings().name(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void requestsUnderWayEndBeforeItDoes() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    script.add(
        request -> {
          arrived.countDown();
          await(released);
          return response(200, JS);
        });
    CompletableFuture<HttpResponse<String>> underWay =
        client.sendAsync(request("GET", "/a.js", null), BodyHandlers.ofString());
    await(arrived);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(proxy::close);
    RawAnswer refused;
    do { // until the door is shut, by a 503 or a closed port
      refused = knock();
    } while (refused.status() == 405);
    released.countDown();
    assertThat(underWay.get(20, TimeUnit.SECONDS).body()).isEqualTo(JS);
    closed.get(20, TimeUnit.SECONDS);
    assertThat(refused.status()).isIn(0, 503);
    assertThatThrownBy(() -> get("/b.js")).isInstanceOf(IOException.class);
  }

  private RawAnswer knock() {
    try {
      String trace = "TRACE / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
      // A connection that nobody accepts any more is never answered.
      return RawAnswer.to(proxy.port(), trace, 1_000);
    } catch (IOException | IllegalArgumentException closed) {
      return new RawAnswer("", true);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
