package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What clients notice of a proxy that is told to end. */
@Tag("once")
class EndingTest extends ProxyFixture {
  private static final String REQUEST = "GET /a.js HTTP/1.1\r\nHost: h\r\n\r\n";

  @Override
  ListenerSettings listening() {
    return super.listening().stopTimeout(Duration.ofSeconds(20));
  }

  /** Who keeps a connection cannot know, and no client repeats a request that was answered 503. */
  @Test
  void aKeptConnectionIsAnsweredOnceMore() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    answer(200, JS, "Cache-Control: max-age=100");
    try (Socket kept = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        Socket other = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      assertThat(ask(kept)).startsWith("HTTP/1.1 200 ").doesNotContain("Connection: close");
      script.add(
          request -> {
            asked.countDown();
            await(goOn);
            return response(200, JS);
          });
      write(other, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n"); // keeps the proxy from ending
      asked.await();
      Thread end = new Thread(proxy::close);
      end.start();
      Awaitility.await().until(() -> !proxy.isReady());
      assertThat(ask(kept)).startsWith("HTTP/1.1 200 ").contains("Connection: close");
      assertThat(kept.getInputStream().read()).isEqualTo(-1);
      goOn.countDown();
      end.join();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** One answer, to the end of its body. */
  private static String ask(Socket socket) throws IOException {
    write(socket, REQUEST);
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n" + JS) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        return text + " and the end";
      }
      text.append((char) next);
    }
    return text.toString();
  }
}
