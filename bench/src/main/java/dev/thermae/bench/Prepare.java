package dev.thermae.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.http.CodeLoader;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.mozilla.javascript.Script;

/**
 * Makes what a measurement starts from: the script as a file, and a cache folder that holds it as a
 * fresh response, with nothing, a mark or code attached.
 */
final class Prepare {
  private Prepare() {}

  /** What the folder is to hold besides the response. */
  enum State {
    /** Nothing: the next load is cold. */
    COLD,
    /** A mark: the next load is warm. */
    WARM,
    /** Code: the next load is hot. */
    HOT
  }

  /** Where the script lies as a file. */
  static Path script(Path folder) {
    return folder.resolve("script.js");
  }

  /** The cache folder. */
  static Path cache(Path folder) {
    return folder.resolve("cache");
  }

  /** Arguments: folder, script, state. Prints the URL. */
  public static void main(String[] args) throws Exception {
    System.out.println(prepare(Path.of(args[0]), args[1], State.valueOf(args[2])));
  }

  /** Does so in another process, so that this one stays as it was, and returns the URL. */
  static String elsewhere(String classPath, Path folder, String script, State state)
      throws IOException, InterruptedException {
    Process process = ChildJvm.start(jvm(), Prepare.class, classPath, folder, script, state);
    try (InputStream in = process.getInputStream()) {
      String url = new String(in.readAllBytes(), StandardCharsets.UTF_8).trim();
      if (process.waitFor() != 0) {
        throw new IOException("cannot prepare " + script);
      }
      return url;
    }
  }

  /** Kryo, which writes headers, would have newer JDKs print warnings. */
  private static List<String> jvm() {
    boolean warns = Runtime.version().feature() >= 24;
    return warns ? List.of("--sun-misc-unsafe-memory-access=allow") : List.of();
  }

  /** Fills the folder and returns the script's URL. */
  static String prepare(Path folder, String script, State state) throws Exception {
    byte[] body = Scripts.read(script);
    Files.write(script(folder), body);
    HttpServer origin =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    origin.createContext("/", exchange -> answer(exchange, body));
    origin.start();
    try {
      String url = "http://127.0.0.1:" + origin.getAddress().getPort() + "/" + script + ".js";
      DeepStack.call(() -> load(cache(folder), url, state));
      return url;
    } finally {
      origin.stop(0);
    }
  }

  private static void answer(HttpExchange exchange, byte[] body) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Cache-Control", "max-age=604800");
      exchange.getResponseHeaders().set("ETag", "\"1\"");
      exchange.getResponseHeaders().set("Content-Type", "text/javascript; charset=utf-8");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static boolean load(Path cache, String url, State state) throws IOException {
    CachePolicy policy = state == State.HOT ? CachePolicy.eager() : CachePolicy.chrome();
    try (CodeLoader<Script> loader =
        CodeLoader.builder(RhinoEngine.create()).directory(cache).policy(policy).build()) {
      if (state == State.COLD) {
        return loader.fetch(ResourceRequest.get(url)).isSuccess();
      }
      return loader.load(url) != null;
    }
  }
}
