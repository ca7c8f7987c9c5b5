package dev.thermae.http.proxy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Listens on loopback, counts who connects, and answers one request each, one by one. */
final class CountingServer implements AutoCloseable {
  private final Thread thread;
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile UnaryOperator<String> answers = path -> "HTTP/1.1 200 OK\r\n";
  private ServerSocket server;

  CountingServer(String name) {
    this.thread = new Thread(this::serve, name);
    thread.setDaemon(true);
  }

  void start() throws IOException {
    server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    thread.start();
  }

  /** Status line and fields for a path. */
  void answers(UnaryOperator<String> newAnswers) {
    answers = newAnswers;
  }

  int port() {
    return server.getLocalPort();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        accepted.incrementAndGet();
        answer(socket);
      } catch (IOException closed) {
        // by either side
      }
    }
  }

  private void answer(Socket socket) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    String first = in.readLine();
    if (first == null) {
      return;
    }
    for (String line = first; line != null && !line.isEmpty(); line = in.readLine()) {
      // the head, to its end
    }
    String head = answers.apply(first.split(" ", -1)[1]);
    String answer =
        head + "Content-Length: 0\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Connections so far; whoever connected before this is called is counted, as the last is ours.
   */
  int connections() throws IOException {
    try (Socket last = new Socket(InetAddress.getLoopbackAddress(), port())) {
      last.shutdownOutput();
      while (last.getInputStream().read() >= 0) {
        // until it was closed
      }
    }
    return accepted.decrementAndGet();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
