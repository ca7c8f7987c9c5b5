package dev.thermae.bench;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client of cached hits notices while others ask for code of sources that are made to break
 * compilers; and whether an honest source is compiled afterwards.
 */
final class ProxyBombs {
  private static final String HIT = "/hit";
  private static final String HONEST = "/honest.js";
  private static final String FINGERPRINTS = "/.well-known/thermae/fingerprints";
  private static final int PER_SECOND = 200;
  private static final int THROWERS = 2;
  private static final long SECOND = 1_000_000_000;
  private static final Pattern REFUSED = Pattern.compile("refused: ([^;]*)");

  private final PrintStream out;
  private final ServeCommand command;
  private final Settings settings;

  ProxyBombs(PrintStream out, ServeCommand command, Settings settings) {
    this.out = out;
    this.command = command;
    this.settings = settings;
  }

  /**
   * How it is run.
   *
   * @param pairs stretches alone and beside
   * @param seconds of a stretch
   * @param limits lines of {@code serve}'s settings
   */
  record Settings(int pairs, double seconds, String limits) {
    static Settings full(int pairs, double seconds, String more) {
      return new Settings(pairs, seconds, "compile { time = 10s }\n" + more);
    }
  }

  /**
   * What came of it.
   *
   * @param faults of the client that behaves
   * @param answers to the bombs, with how often
   * @param honest whether an honest source was compiled afterwards
   */
  record Result(List<String> faults, Map<String, Integer> answers, boolean honest) {}

  Result run() throws Exception {
    Path folder = Folders.create();
    byte[] body = new byte[10_240];
    new Random(1).nextBytes(body);
    try (LocalOrigin origin = LocalOrigin.start(exchange -> answer(exchange, body));
        ServerProcess proxy = start(origin, folder)) {
      Map<String, String> fingerprints = fingerprints(proxy.port());
      Map<String, Integer> answers = new TreeMap<>();
      Turns turns = turns(proxy, body, fingerprints, answers);
      boolean honest = compiles(proxy.port(), fingerprints.get("rhino"));
      turns.print(out);
      out.println("how requests for bombs were answered: " + answers);
      out.println("an honest source is compiled afterwards: " + honest);
      proxy.terminate();
      proxy.ends(30);
      Matcher refused = REFUSED.matcher(proxy.printed());
      out.println("how their compiles ended: " + (refused.find() ? refused.group(1) : "unknown"));
      return new Result(turns.faults(), answers, honest);
    } finally {
      Folders.delete(folder);
    }
  }

  private static void answer(HttpExchange exchange, byte[] hit) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body = hit;
    if (path.startsWith("/bomb/")) {
      body = Bomb.source(path);
    } else if (path.equals(HONEST)) {
      body = "var honest = 1;".getBytes(StandardCharsets.US_ASCII);
    }
    LocalOrigin.send(exchange, body, "Cache-Control", "max-age=86400");
  }

  private ServerProcess start(LocalOrigin origin, Path folder) throws Exception {
    return command.start(
        "proxy",
        origin.url(),
        ServerProcess.freePort(),
        folder,
        settings.limits,
        "--engine",
        "rhino",
        "--engine",
        "groovy",
        "--engine-path",
        ChildJvm.classPath(),
        "--signing-key",
        key(folder).toString());
  }

  private static Path key(Path folder) throws IOException, GeneralSecurityException {
    byte[] der =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
    Path file =
        Files.createFile(
            folder.resolve("key"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        file, "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
  }

  /**
   * By the names of engines; a line is a fingerprint and a name. There are none until the first
   * worker has started, for which it may take more than one attempt.
   */
  private static Map<String, String> fingerprints(int port) throws IOException {
    Map<String, String> fingerprints = new HashMap<>();
    for (int tries = 0; tries < 120 && fingerprints.isEmpty(); tries++) {
      LockSupport.parkNanos(tries == 0 ? 0 : SECOND / 2);
      try (HttpSocket socket = HttpSocket.open(port)) {
        String text = new String(socket.get(FINGERPRINTS).body(), StandardCharsets.US_ASCII);
        for (String line : text.lines().toList()) {
          fingerprints.put(line.split(" ", -1)[1], line.split(" ", -1)[0]);
        }
      }
    }
    for (Bomb bomb : Bomb.values()) {
      if (!fingerprints.containsKey(bomb.engine)) {
        throw new IOException("no " + bomb.engine + " among " + fingerprints);
      }
    }
    return fingerprints;
  }

  private Turns turns(
      ServerProcess proxy,
      byte[] body,
      Map<String, String> fingerprints,
      Map<String, Integer> answers)
      throws Exception {
    SteadyLoad client = new SteadyLoad(proxy.port(), HIT, body, PER_SECOND);
    client.run(Math.min(5, settings.seconds));
    AtomicInteger bombs = new AtomicInteger();
    Turns turns = new Turns();
    long before = proxy.residentBytes();
    for (int pair = 0; pair < settings.pairs; pair++) {
      SteadyLoad.Stretch alone = client.run(settings.seconds);
      BombThrower thrower = new BombThrower(proxy.port(), fingerprints, bombs, THROWERS);
      turns.add(out, alone, client.run(settings.seconds));
      thrower.close();
      thrower.answers().forEach((what, count) -> answers.merge(what, count.get(), Integer::sum));
      compiles(proxy.port(), fingerprints.get("rhino")); // the line is empty then
    }
    out.printf(
        Locale.ROOT,
        "%d bombs; memory of the proxy: %d MB before, %d after%n",
        bombs.get(),
        before >> 20,
        proxy.residentBytes() >> 20);
    return turns;
  }

  /** Whether there is code of a source that nobody has asked for before, within two minutes. */
  private boolean compiles(int port, String fingerprint) throws InterruptedException {
    long end = System.nanoTime() + 120 * SECOND;
    String path = HONEST + "?" + System.nanoTime();
    while (System.nanoTime() < end) {
      try (HttpSocket socket = HttpSocket.open(port)) {
        HttpSocket.Answer answer = socket.get(path, BombThrower.accept(fingerprint));
        if (answer.field("content-type").equals("application/vnd.thermae.code")) {
          return true;
        }
      } catch (HttpFailure e) {
        out.println("  honest: " + e);
      }
      LockSupport.parkNanos(SECOND / 10);
    }
    return false;
  }
}
