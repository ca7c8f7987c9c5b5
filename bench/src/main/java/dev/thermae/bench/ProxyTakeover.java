package dev.thermae.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Replaces a proxy by a new process on the same port, again and again, under load: the new one
 * starts beside the old one, which is told to end when the new one is ready.
 */
final class ProxyTakeover {
  private final PrintStream out;
  private final ServeCommand command;
  private final Settings settings;

  ProxyTakeover(PrintStream out, ServeCommand command, Settings settings) {
    this.out = out;
    this.command = command;
    this.settings = settings;
  }

  /**
   * How it is run.
   *
   * @param requests at least
   * @param takeovers at least
   * @param clients half of which keep their connections
   * @param perSecond requests of each client
   */
  record Settings(long requests, int takeovers, int clients, int perSecond) {
    static Settings full(long requests, int takeovers) {
      return new Settings(requests, takeovers, 16, 100);
    }
  }

  /**
   * What came of it.
   *
   * @param requests all of them
   * @param once failed where nothing is repeated
   * @param repeated failed although a GET without an answer was repeated
   * @param wrong bodies that must not have been sent
   */
  record Result(long requests, int once, int repeated, List<String> wrong) {}

  Result run() throws Exception {
    Path folder = Folders.create();
    Random random = new Random(6);
    int port = ServerProcess.freePort();
    ServerProcess proxy = null;
    try (VersionedOrigin origin = new VersionedOrigin(200)) {
      proxy = start(origin, port, folder, 0);
      try (CheckedLoad load = new CheckedLoad(origin, port, settings.clients, settings.perSecond)) {
        int takeovers = 0;
        while (takeovers < settings.takeovers || load.requests() < settings.requests) {
          LockSupport.parkNanos(random.nextInt(1_000_000_000));
          origin.change(random);
          ServerProcess old = proxy;
          proxy = start(origin, port, folder, ++takeovers);
          long told = System.nanoTime();
          old.terminate();
          boolean ended = old.ends(30);
          report(load, takeovers, ended, (System.nanoTime() - told) / 1e9);
          old.close();
        }
        load.close();
        return result(load, takeovers);
      }
    } finally {
      if (proxy != null) {
        proxy.close();
      }
      Folders.delete(folder);
    }
  }

  private ServerProcess start(VersionedOrigin origin, int port, Path folder, int number)
      throws Exception {
    String shared = "listen.shared-port = true\n";
    return command.start("proxy" + number, origin.url(), port, folder, shared);
  }

  private void report(CheckedLoad load, int takeover, boolean ended, double seconds) {
    out.printf(
        Locale.ROOT,
        "takeover %d: the old one %s %.1f s; %d requests, failed %d, with repeating %d%n",
        takeover,
        ended ? "ended after" : "DID NOT END in",
        seconds,
        load.requests(),
        CheckedLoad.sum(load.firstFailures()),
        CheckedLoad.sum(load.failures()));
  }

  private Result result(CheckedLoad load, int takeovers) {
    int once = CheckedLoad.sum(load.firstFailures());
    int repeated = CheckedLoad.sum(load.failures());
    out.println(
        takeovers
            + " takeovers, "
            + load.requests()
            + " requests, "
            + load.opened()
            + " connections, wrong bodies: "
            + load.wrong().size());
    load.wrong().stream().limit(5).forEach(each -> out.println("  " + each));
    out.println("failed where nothing is repeated: " + once + ' ' + load.firstFailures());
    out.println(
        "failed where a GET that was not answered is repeated once: "
            + repeated
            + ' '
            + load.failures()
            + (repeated == 0 ? ", holds" : ", DOES NOT HOLD"));
    return new Result(load.requests(), once, repeated, load.wrong());
  }
}
