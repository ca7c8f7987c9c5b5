package dev.thermae.bench;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import okhttp3.tls.HeldCertificate;

/**
 * What a client that behaves notices of a thousand that do not: cached hits at a fixed rate, alone
 * and beside them, in turns. Then the thousand must be gone, each kind by its limit.
 */
final class ProxySlow {
  private static final String PATH = "/hit";
  private static final int PER_SECOND = 200;
  private static final int WARM_UP_SECONDS = 5;

  private final PrintStream out;
  private final ServeCommand command;
  private final Settings settings;

  ProxySlow(PrintStream out, ServeCommand command, Settings settings) {
    this.out = out;
    this.command = command;
    this.settings = settings;
  }

  /**
   * How it is run.
   *
   * @param pairs stretches alone and beside
   * @param seconds of a stretch
   * @param crowd connections
   * @param limits lines of {@code serve}'s settings, empty for its defaults
   * @param patience seconds within which all must be gone
   * @param kinds in equal parts
   */
  record Settings(
      int pairs, double seconds, int crowd, String limits, double patience, List<SlowKind> kinds) {
    static Settings full(int pairs, double seconds) {
      return new Settings(pairs, seconds, 1000, "", 100, SlowKind.ofClearText());
    }

    Settings with(List<SlowKind> others) {
      return new Settings(pairs, seconds, crowd, limits, patience, others);
    }

    /** Whether the port speaks TLS; the client that behaves does not, and is left out. */
    boolean isTls() {
      return kinds.contains(SlowKind.HELLO);
    }
  }

  /**
   * What came of it.
   *
   * @param faults of the client that behaves
   * @param survivors slow connections that no limit ended
   * @param ended kinds of which some were ended
   */
  record Result(List<String> faults, int survivors, Set<SlowKind> ended) {}

  Result run() throws Exception {
    Path folder = Folders.create();
    byte[] body = new byte[10_240];
    new Random(1).nextBytes(body);
    try (LocalOrigin origin = LocalOrigin.start(exchange -> answer(exchange, body));
        ServerProcess proxy = start(origin, folder)) {
      return settings.isTls() ? strangers(proxy) : turns(proxy, body);
    } finally {
      Folders.delete(folder);
    }
  }

  private ServerProcess start(LocalOrigin origin, Path folder) throws Exception {
    String more = settings.isTls() ? tls(folder) : "";
    return command.start(
        "proxy", origin.url(), ServerProcess.freePort(), folder, settings.limits + more);
  }

  private static String tls(Path folder) throws IOException {
    HeldCertificate held = new HeldCertificate.Builder().commonName("localhost").build();
    Path certificate = Files.writeString(folder.resolve("chain.pem"), held.certificatePem());
    Path key = Files.writeString(folder.resolve("key.pem"), held.privateKeyPkcs8Pem());
    return "\nlisten.tls { certificates = \"" + certificate + "\", key = \"" + key + "\" }\n";
  }

  private static void answer(HttpExchange exchange, byte[] hit) throws IOException {
    exchange.getRequestBody().readAllBytes();
    boolean large = exchange.getRequestURI().getPath().equals(SlowKind.LARGE);
    LocalOrigin.send(exchange, large ? new byte[1 << 20] : hit, "Cache-Control", "max-age=86400");
  }

  private Result turns(ServerProcess proxy, byte[] body) throws Exception {
    SteadyLoad client = new SteadyLoad(proxy.port(), PATH, body, PER_SECOND);
    client.run(Math.min(WARM_UP_SECONDS, settings.seconds));
    try (HttpSocket socket = HttpSocket.open(proxy.port())) {
      socket.get(SlowKind.LARGE);
    }
    Turns turns = new Turns();
    Set<SlowKind> ended = EnumSet.noneOf(SlowKind.class);
    int survivors = 0;
    for (int pair = 0; pair < settings.pairs; pair++) {
      SteadyLoad.Stretch alone = client.run(settings.seconds);
      SlowCrowd crowd = crowd(proxy);
      turns.add(out, alone, client.run(settings.seconds));
      survivors += gone(crowd, ended);
    }
    turns.print(out);
    List<String> faults = new ArrayList<>(turns.faults());
    return new Result(faults, survivors, ended);
  }

  private SlowCrowd crowd(ServerProcess proxy) {
    return new SlowCrowd(proxy.port(), settings.crowd, settings.kinds).gather();
  }

  private int gone(SlowCrowd crowd, Set<SlowKind> ended) throws InterruptedException {
    int survivors = crowd.leave(settings.patience);
    crowd.print(out);
    settings.kinds.stream().filter(kind -> crowd.ended(kind) > 0).forEach(ended::add);
    return survivors;
  }

  private Result strangers(ServerProcess proxy) throws Exception {
    SlowCrowd crowd = crowd(proxy);
    Set<SlowKind> ended = EnumSet.noneOf(SlowKind.class);
    return new Result(List.of(), gone(crowd, ended), ended);
  }
}
