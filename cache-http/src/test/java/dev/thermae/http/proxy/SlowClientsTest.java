package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that are slower than they may be lose their connections; others do not. */
@Tag("once")
class SlowClientsTest extends ProxyFixture {
  private static final int TICK_MILLIS = 50;
  private static final int NOTHING = -2;

  @Override
  ListenerSettings listening() {
    return super.listening()
        .headTimeout(Duration.ofSeconds(1))
        .minimumRate(100_000, Duration.ofSeconds(1))
        .maximumConnectionsPerAddress(3);
  }

  @Override
  ProxyServerBuilder settings() {
    return ProxyServer.builder(originUrl()).listener(listening());
  }

  @Test
  void aHeadThatTrickles() throws Exception {
    try (Socket socket = connect()) {
      write(socket, "GET / HTTP/1.1\r\nHost: h\r\nX: ");
      assertThat(trickle(socket)).isNull();
    }
    assertThat(requests).isEmpty();
  }

  @Test
  void aRequestLineThatTrickles() throws Exception {
    try (Socket socket = connect()) {
      write(socket, "GET /");
      assertThat(trickle(socket)).isNull();
    }
  }

  @Test
  void linesBeforeARequest() throws Exception {
    try (Socket socket = connect()) {
      socket.setSoTimeout(TICK_MILLIS);
      assertThat(trickle(socket, "\r\n")).isNull();
    }
  }

  @Test
  void aConnectionWithoutARequest() throws Exception {
    try (Socket socket = connect()) {
      socket.setSoTimeout(20_000);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aSecondHeadThatTrickles() throws Exception {
    answer(200, JS, "Cache-Control: max-age=100");
    try (Socket socket = connect()) {
      write(socket, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      answer(socket);
      write(socket, "GET /");
      assertThat(trickle(socket)).isNull();
    }
  }

  /** Rest between requests is no head that takes its time. */
  @Test
  void aConnectionAtRest() throws Exception {
    answer(200, JS, "Cache-Control: max-age=100");
    try (Socket socket = connect()) {
      write(socket, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(answer(socket)).contains(JS);
      socket.setSoTimeout(2_500);
      try {
        assertThat(socket.getInputStream().read()).as("it was closed").isNotEqualTo(-1);
      } catch (SocketTimeoutException stillOpen) {
        write(socket, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(answer(socket)).contains(JS);
      }
    }
  }

  @Test
  void aBodyThatTrickles() throws Exception {
    answer(200, "taken");
    try (Socket socket = connect()) {
      write(socket, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
      assertThat(trickle(socket)).isNull();
    }
    assertThat(requests).isEmpty();
  }

  /** Pings are no reason to keep a client that asks for nothing. */
  @Test
  void anHttp2ConnectionThatOnlyPings() throws Exception {
    answer(200, JS, "Cache-Control: max-age=100");
    ListenerSettings listening = super.listening().idleTimeout(Duration.ofSeconds(1));
    ProxyServer strict = open(settings().listener(listening));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), strict.port())) {
      socket.setSoTimeout(TICK_MILLIS);
      write(socket, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
      write(socket, "\0\0\6\1\5\0\0\0\1\u0082\u0086\u0084\1\1h"); // GET http://h/
      boolean gone = false;
      for (int ticks = 0; ticks < 400 && !gone; ticks++) {
        gone = !ping(socket);
      }
      assertThat(gone).isTrue();
    }
    assertThat(requests).hasSize(1);
  }

  /** One ping, and whatever comes until the next; false once the connection is gone. */
  private static boolean ping(Socket socket) throws IOException {
    try {
      write(socket, "\0\0\10\6\0\0\0\0\00012345678");
      int read = 0;
      while (read >= 0) {
        read = socket.getInputStream().read(new byte[4096]);
      }
      return false;
    } catch (SocketTimeoutException nothingYet) {
      return true;
    } catch (SocketException reset) {
      return false;
    }
  }

  /** However many they are, no thread waits for what they send. */
  @Test
  void manyBodiesThatTrickle() throws Exception {
    answer(200, JS, "Cache-Control: max-age=100");
    ListenerSettings patient = super.listening().minimumRate(1, Duration.ofSeconds(60));
    ProxyServer small = open(settings().listener(patient).maximumThreads(16));
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), small.port());
        slow.add(socket);
        write(socket, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nx");
      }
      assertThat(RawAnswer.to(small.port(), GET_AND_CLOSE, 10_000).status()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void anAnswerThatIsNotTaken() throws Exception {
    byte[] large = new byte[48 << 20];
    Arrays.fill(large, (byte) 'x');
    script.add(request -> response(200, large, "Cache-Control: max-age=100"));
    Duration grace = Duration.ofSeconds(1);
    ProxyServer strict = open(settings().listener(super.listening().minimumRate(40 << 20, grace)));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), strict.port())) {
      write(socket, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      int first = socket.getInputStream().read();
      assertThat(first).isEqualTo('H');
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> strict.slowClients() > 0);
      assertThat(rest(socket)).isLessThan(large.length);
    }
  }

  /** The client waits; it is not waited for. */
  @Test
  void anOriginThatIsSlow() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    script.add(
        request -> {
          try {
            never.await(3, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return response(200, JS);
        });
    assertThat(get("/").body()).isEqualTo(JS);
    assertThat(proxy.slowClients()).isZero();
  }

  @Test
  void tooManyConnectionsOfOneAddress() throws Exception {
    answer(200, JS, "Cache-Control: max-age=100");
    try (Socket one = connect();
        Socket two = connect();
        Socket three = connect()) {
      for (Socket each : new Socket[] {one, two, three}) {
        write(each, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(answer(each)).contains(JS);
      }
      try (Socket four = connect()) {
        four.setSoTimeout(10_000);
        assertThat(first(four)).isEqualTo(-1);
      }
      one.shutdownOutput();
      one.setSoTimeout(10_000);
      assertThat(first(one)).isEqualTo(-1);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> RawAnswer.to(proxy.port(), GET_AND_CLOSE).status() == 200);
    }
  }

  private static final String GET_AND_CLOSE =
      "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static String trickle(Socket socket) throws IOException {
    return trickle(socket, "x");
  }

  /** A piece every tick, for 20 s at most; null once the connection is gone, else what came. */
  private static String trickle(Socket socket, String piece) throws IOException {
    socket.setSoTimeout(TICK_MILLIS);
    OutputStream out = socket.getOutputStream();
    for (int ticks = 0; ticks < 400; ticks++) {
      try {
        out.write(piece.getBytes(StandardCharsets.ISO_8859_1));
        int read = tick(socket);
        if (read != NOTHING) {
          return read < 0 ? null : "byte " + read;
        }
      } catch (SocketException gone) {
        return null;
      }
    }
    return "still there";
  }

  private static int tick(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (SocketTimeoutException nothingYet) {
      return NOTHING;
    }
  }

  private static int first(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (SocketException reset) {
      return -1;
    }
  }

  /** One answer whose body is the script. */
  private static String answer(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
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

  private static long rest(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    InputStream in = socket.getInputStream();
    byte[] chunk = new byte[1 << 16];
    long count = 0;
    try {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        count += n;
      }
    } catch (SocketException reset) {
      return count;
    }
    return count;
  }
}
