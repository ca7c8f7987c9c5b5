package dev.thermae.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one change of many events: a path is due when it has been quiet for a while, or has not
 * been quiet for ten times that. Times are nanoseconds of any one clock. Thread-safe.
 */
final class Bursts {
  private static final int LONGEST = 10;

  private final long quiet;
  private final Map<Path, Burst> pending = new LinkedHashMap<>();

  Bursts(long quiet) {
    this.quiet = quiet;
  }

  /** An event; {@code created} when it says that the path is new. */
  synchronized void note(Path path, boolean created, long now) {
    Burst known = pending.get(path);
    pending.put(
        path,
        new Burst(
            path,
            created || (known != null && known.created),
            known == null ? now : known.first,
            now));
  }

  /** Whether a pending event says that the path is new. */
  synchronized boolean isCreated(Path path) {
    Burst known = pending.get(path);
    return known != null && known.created;
  }

  /** What is due, and is forgotten here. */
  synchronized List<Burst> due(long now) {
    List<Burst> due = new ArrayList<>();
    for (Iterator<Burst> each = pending.values().iterator(); each.hasNext(); ) {
      Burst burst = each.next();
      if (wait(burst, now) <= 0) {
        due.add(burst);
        each.remove();
      }
    }
    return due;
  }

  /** Nanoseconds until something is due, at least 0; -1 when nothing is pending. */
  synchronized long next(long now) {
    long next = -1;
    for (Burst burst : pending.values()) {
      long wait = Math.max(0, wait(burst, now));
      next = next < 0 ? wait : Math.min(next, wait);
    }
    return next;
  }

  private long wait(Burst burst, long now) {
    return Math.min(quiet - (now - burst.last), LONGEST * quiet - (now - burst.first));
  }

  /** Events of one path, and when the first and the last of them came. */
  record Burst(Path path, boolean created, long first, long last) {}
}
