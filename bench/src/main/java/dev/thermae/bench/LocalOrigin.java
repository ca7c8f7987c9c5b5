package dev.thermae.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server of this JVM that a proxy stands before. */
final class LocalOrigin implements AutoCloseable {
  private static final int BACKLOG = 1024;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool(LocalOrigin::daemon);

  private LocalOrigin(HttpServer server) {
    this.server = server;
  }

  static LocalOrigin start(HttpHandler handler) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    LocalOrigin origin = new LocalOrigin(HttpServer.create(any, BACKLOG));
    origin.server.createContext("/", handler);
    origin.server.setExecutor(origin.threads);
    origin.server.start();
    return origin;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "origin");
    thread.setDaemon(true);
    return thread;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Sends a script; fields are names and values in turn. */
  static void send(HttpExchange exchange, byte[] body, String... fields) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/javascript");
    for (int i = 0; i < fields.length; i += 2) {
      exchange.getResponseHeaders().set(fields[i], fields[i + 1]);
    }
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
