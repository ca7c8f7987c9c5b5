package dev.thermae.http.compile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Takes what a worker prints, logs the beginning of it for debugging, and forgets the rest. */
final class StderrDrain implements Runnable {
  private static final System.Logger LOG = System.getLogger("dev.thermae");
  private static final int LOGGED = 8 << 10;

  private final InputStream stream;
  private final long pid;
  private volatile long octets;
  private volatile String beginning = "";

  StderrDrain(InputStream stream, long pid) {
    this.stream = stream;
    this.pid = pid;
  }

  /** The first that it printed, on one line. */
  String beginning() {
    return beginning;
  }

  /** How many octets there were. */
  long octets() {
    return octets;
  }

  private void note(String said) {
    if (beginning.isEmpty()) {
      beginning = said;
    }
    LOG.log(System.Logger.Level.DEBUG, "compile worker " + pid + ": " + said);
  }

  @Override
  public void run() {
    byte[] room = new byte[LOGGED];
    try (stream) {
      for (int read = stream.read(room); read >= 0; read = stream.read(room)) {
        long before = octets;
        octets = before + read;
        if (before < LOGGED) {
          int logged = (int) Math.min(read, LOGGED - before);
          note(Frames.plain(new String(room, 0, logged, StandardCharsets.UTF_8), LOGGED).strip());
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "compile worker " + pid + " was cut off: " + e);
    }
  }
}
