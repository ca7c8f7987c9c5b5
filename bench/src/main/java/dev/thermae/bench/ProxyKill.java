package dev.thermae.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills a proxy under load and starts it again on the same port and folder: no body may be wrong,
 * and its hits must come back.
 */
final class ProxyKill {
  private static final double BACK = 0.95;
  private static final long PATIENCE = 60_000_000_000L;

  private final PrintStream out;
  private final ServeCommand command;
  private final Settings settings;

  ProxyKill(PrintStream out, ServeCommand command, Settings settings) {
    this.out = out;
    this.command = command;
    this.settings = settings;
  }

  /**
   * How it is run.
   *
   * @param rounds kills
   * @param resources of the origin
   * @param clients half of which keep their connections
   * @param perSecond requests of each client
   * @param seconds of load before a kill, up to twice of them
   */
  record Settings(int rounds, int resources, int clients, int perSecond, double seconds) {
    static Settings full(int rounds) {
      return new Settings(rounds, 1000, 16, 50, 2);
    }
  }

  /**
   * What came of it.
   *
   * @param wrong bodies that must not have been sent
   * @param requests all of them
   * @param back seconds from the start of each new process until its hits were back
   */
  record Result(List<String> wrong, long requests, List<Double> back) {}

  Result run() throws Exception {
    Path folder = Folders.create();
    Random random = new Random(5);
    List<Double> back = new ArrayList<>();
    int port = ServerProcess.freePort();
    try (VersionedOrigin origin = new VersionedOrigin(settings.resources)) {
      ServerProcess proxy = start(origin, port, folder, 0);
      try (CheckedLoad load = new CheckedLoad(origin, port, settings.clients, settings.perSecond)) {
        double level = warmUp(load, origin, random);
        for (int round = 1; round <= settings.rounds; round++) {
          pass(settings.seconds * (1 + random.nextDouble()), origin, random);
          proxy.kill();
          long killed = System.nanoTime();
          proxy = start(origin, port, folder, round);
          double ready = (System.nanoTime() - killed) / 1e9;
          double hits = recover(load, BACK * level, killed, origin, random);
          back.add(hits);
          out.printf(
              Locale.ROOT,
              "kill %d: ready after %.1f s, hits back to %.0f %% of %.0f %% after %.1f s; wrong %d%n",
              round,
              ready,
              100 * BACK,
              100 * level,
              hits,
              load.wrong().size());
        }
        load.close();
        return result(load, back);
      } finally {
        proxy.close();
      }
    } finally {
      Folders.delete(folder);
    }
  }

  private ServerProcess start(VersionedOrigin origin, int port, Path folder, int round)
      throws Exception {
    return command.start("proxy" + round, origin.url(), port, folder, "");
  }

  /** Until nearly all that does not change comes from the cache. */
  private static double warmUp(CheckedLoad load, VersionedOrigin origin, Random random) {
    long end = System.nanoTime() + PATIENCE;
    do {
      pass(1, origin, random);
    } while (load.hitRatio() < 0.85 && System.nanoTime() < end);
    return load.hitRatio();
  }

  /** Lets time pass, in which resources change: 20 a second. */
  private static void pass(double seconds, VersionedOrigin origin, Random random) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(50_000_000);
      origin.change(random);
    }
  }

  private static double recover(
      CheckedLoad load, double level, long since, VersionedOrigin origin, Random random) {
    pass(1, origin, random); // or the window would have seconds of the old one in it
    while (load.hitRatio() < level && System.nanoTime() - since < PATIENCE) {
      pass(0.1, origin, random);
    }
    return (System.nanoTime() - since) / 1e9;
  }

  private Result result(CheckedLoad load, List<Double> back) {
    List<Double> sorted = back.stream().sorted().toList();
    out.println(
        load.requests()
            + " requests in "
            + load.opened()
            + " connections; failed: "
            + load.firstFailures()
            + ", and again when an unanswered one was repeated: "
            + load.failures());
    out.println("wrong bodies: " + load.wrong().size());
    load.wrong().stream().limit(5).forEach(each -> out.println("  " + each));
    double worst = sorted.get(sorted.size() - 1);
    out.printf(
        Locale.ROOT,
        "hits back after the kill: %.1f s (%.1f to %.1f), at most 10: %s%n",
        sorted.get(sorted.size() / 2),
        sorted.get(0),
        worst,
        worst <= 10 && load.wrong().isEmpty() ? "holds" : "DOES NOT HOLD");
    return new Result(load.wrong(), load.requests(), back);
  }
}
