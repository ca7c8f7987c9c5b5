package dev.thermae.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A fresh response from the HTTP cache of a client, body read to its end: ours behind OkHttp's
 * interceptor beside the caches of OkHttp, Methanol and Apache HttpClient 5, disk beside disk and
 * memory beside memory.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class CachedHit {
  /** Whose cache, and where it keeps what it has. */
  @Param({
    "THERMAE_DISK",
    "OKHTTP_DISK",
    "METHANOL_DISK",
    "THERMAE_MEMORY",
    "APACHE_MEMORY",
    "METHANOL_MEMORY"
  })
  public String peer;

  /** Length of the body. */
  @Param({"1", "10", "100"})
  public int kilobytes;

  private final AtomicInteger asked = new AtomicInteger();
  private Path folder;
  private HttpServer origin;
  private Peer client;
  private String url;
  private byte[] body;

  /** Starts the origin and has the response stored. */
  @Setup(Level.Trial)
  public void setUp() throws Exception {
    folder = Folders.create();
    body = new byte[kilobytes * 1000];
    new Random(1).nextBytes(body);
    origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    origin.createContext("/", this::answer);
    origin.start();
    url = "http://127.0.0.1:" + origin.getAddress().getPort() + "/script.js";
    client = Peer.of(Peer.Kind.valueOf(peer), folder.resolve("cache"));
    for (int i = 0; i < 3; i++) {
      if (client.get(url).length != body.length) {
        throw new IllegalStateException(peer + " brought another body");
      }
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.incrementAndGet();
      exchange.getResponseHeaders().set("Cache-Control", "max-age=604800");
      exchange.getResponseHeaders().set("ETag", "\"1\"");
      exchange.getResponseHeaders().set("Content-Type", "text/javascript; charset=utf-8");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** A hit. */
  @Benchmark
  public byte[] hit() throws Exception {
    return client.get(url);
  }

  /** Ends everything; a cache that asked the origin more than once was not measured. */
  @TearDown(Level.Trial)
  public void tearDown() throws Exception {
    client.close();
    origin.stop(0);
    Folders.delete(folder);
    if (asked.get() != 1) {
      throw new IllegalStateException(peer + " asked the origin " + asked + " times");
    }
  }
}
