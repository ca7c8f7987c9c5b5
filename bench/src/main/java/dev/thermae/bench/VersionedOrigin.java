package dev.thermae.bench;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An origin of many resources, some of which change while they are asked for. Every body says which
 * it is and in which version, and all its bytes follow from that, so that one that is mixed, cut,
 * of another resource, or older than it may be is known as such. Thread-safe.
 */
final class VersionedOrigin implements AutoCloseable {
  private static final int SECONDS = 2;
  private static final long DELAY = 20_000_000;
  private static final long SLACK = TimeUnit.MILLISECONDS.toNanos(1_500);
  private static final int CHANGING = 10; // one of so many

  private final Resource[] resources;
  private final LocalOrigin server;

  VersionedOrigin(int count) throws IOException {
    this.resources = new Resource[count];
    for (int i = 0; i < count; i++) {
      resources[i] = new Resource(i);
    }
    this.server = LocalOrigin.start(this::answer);
  }

  String url() {
    return server.url();
  }

  int size() {
    return resources.length;
  }

  /** One of them; its versions have the moments from which they were there. */
  private static final class Resource {
    final int number;
    final CopyOnWriteArrayList<Long> since = new CopyOnWriteArrayList<>();

    Resource(int number) {
      this.number = number;
      since.add(System.nanoTime());
    }

    boolean changes() {
      return number % CHANGING == 0;
    }

    int version() {
      return since.size() - 1;
    }
  }

  /** Changes one of those that change. */
  void change(Random random) {
    int number = random.nextInt((resources.length + CHANGING - 1) / CHANGING) * CHANGING;
    Resource resource = resources[number];
    synchronized (resource) {
      resource.since.add(System.nanoTime());
    }
  }

  static String path(int number) {
    return "/r" + number + ".js";
  }

  /** The bytes of a version; 500 to 40,000 of them. */
  static byte[] body(int number, int version) {
    Random random = new Random(31L * number + version);
    byte[] body = new byte[500 + random.nextInt(39_500)];
    random.nextBytes(body);
    byte[] name = (number + " " + version + "\n").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(name, 0, body, 0, name.length);
    return body;
  }

  /**
   * What is wrong with a body; null where nothing is.
   *
   * @param asked when it was asked for, by {@link System#nanoTime}
   */
  String wrong(int number, byte[] body, long asked) {
    int end = 0;
    while (end < body.length && body[end] != '\n') {
      end++;
    }
    String name = new String(body, 0, Math.min(end, 40), StandardCharsets.ISO_8859_1);
    if (!name.matches("\\d{1,9} \\d{1,9}")) {
      return path(number) + ": " + body.length + " bytes of nothing that the origin sent";
    }
    String[] words = name.split(" ", -1);
    int version = Integer.parseInt(words[1]);
    Resource resource = resources[number];
    if (Integer.parseInt(words[0]) != number || version > resource.version()) {
      return path(number) + " was answered with " + name;
    }
    if (!Arrays.equals(body, body(number, version))) {
      return path(number) + ": version " + version + " is damaged";
    }
    boolean replaced = version < resource.version();
    long late = replaced ? asked - resource.since.get(version + 1) : 0;
    long allowed = TimeUnit.SECONDS.toNanos(SECONDS) + SLACK;
    return late <= allowed
        ? null
        : path(number)
            + ": version "
            + version
            + " was replaced "
            + late / 1_000_000
            + " ms before";
  }

  private void answer(HttpExchange exchange) throws IOException {
    LockSupport.parkNanos(DELAY);
    String path = exchange.getRequestURI().getPath();
    Resource resource = resources[Integer.parseInt(path.substring(2, path.length() - 3))];
    int version = resource.version();
    String tag = "\"" + resource.number + '-' + version + '"';
    String lifetime = "max-age=" + (resource.changes() ? SECONDS : 86_400);
    if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      exchange.getResponseHeaders().set("ETag", tag);
      exchange.getResponseHeaders().set("Cache-Control", lifetime);
      exchange.sendResponseHeaders(304, -1);
      exchange.close();
    } else {
      byte[] body = body(resource.number, version);
      LocalOrigin.send(exchange, body, "Cache-Control", lifetime, "ETag", tag);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
