package dev.thermae.file;

import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.file.Bursts.Burst;
import dev.thermae.file.WatchedFile.Look;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers loads of watched files from memory while nothing is known to have happened to them.
 *
 * <p>An event, before anything else, makes looks that began before it count no more; so from the
 * system's word on, a load reads. Only what listeners hear waits until a file is quiet. When events
 * were lost no look counts, until everything is registered anew and looked at. Thread-safe.
 */
final class FileWatch implements FileEvents.Sink, AutoCloseable {
  private static final long MOST_WAYS = 10_000;

  private final Contents contents;
  private final WatchSettings settings;
  private final Counters counters;
  private final TimeSource time;
  private final Registration registration;
  private final Alarm alarm;
  private final Bursts bursts;
  private final Recent<WatchedFile, Look> looks = WatchedFile.newLooks();
  private final Recent<Path, Way> byGiven = new Recent<>(MOST_WAYS, way -> 1);
  private final Map<Path, WatchedFile> byReal = new ConcurrentHashMap<>();
  private boolean armed;

  FileWatch(
      Contents contents,
      WatchSettings settings,
      Counters counters,
      TimeSource time,
      FileEvents.Opener opener,
      Alarm alarm) {
    this.contents = contents;
    this.settings = settings;
    this.counters = counters;
    this.time = time;
    this.registration = new Registration(settings.paths(), opener);
    this.alarm = alarm;
    this.bursts = new Bursts(settings.quiet());
  }

  /** Registers everything for the first time; says what is not there yet. */
  void begin() {
    start();
    Roots roots = registration.roots();
    if (roots != null) {
      for (String missing : roots.missing()) {
        counters.onWarning("Watched files: ".concat(missing));
      }
    }
  }

  /** Registers everything; where that fails, watching is over. */
  private void start() {
    try {
      registration.open(this);
    } catch (Throwable e) {
      stop(WatchStoppedException.of(e));
    }
  }

  boolean isWatching() {
    return !registration.isOver();
  }

  int count() {
    return byReal.size();
  }

  /** What the file holds; null when it is none of those that are watched. */
  @Nullable Content load(Path file) throws IOException {
    if (!isWatching()) {
      return null;
    }
    Path given = file.toAbsolutePath();
    Way way = byGiven.get(given);
    boolean isOld = way == null || time.nanos() - way.found >= settings.trust();
    WatchedFile known = way == null || isOld ? null : byReal.get(way.real);
    if (known == null) {
      known = meet(given, way);
    }
    if (known == null) {
      return null;
    }
    Content content = counted(known);
    if (content != null) {
      return content;
    }
    synchronized (known) {
      content = counted(known);
      return content == null ? look(known) : content;
    }
  }

  private @Nullable Content counted(WatchedFile file) {
    return file.counted(registration.session(), time.nanos() - settings.trust());
  }

  /** Looks where a path leads; null when that is not watched. */
  private @Nullable WatchedFile meet(Path given, @Nullable Way before) throws IOException {
    Roots roots = registration.roots();
    if (roots == null) {
      return null;
    }
    long began = time.nanos();
    Path real;
    try {
      real = contents.real(given);
    } catch (IOException e) {
      noteIfKnown(before);
      throw e;
    }
    if (before != null) {
      idle();
      if (!before.real.equals(real)) {
        byGiven.remove(given);
        noteIfKnown(before);
      }
    }
    if (!roots.watches(given, real)) {
      return null;
    }
    WatchedFile known = byReal.computeIfAbsent(real, path -> new WatchedFile(path, looks));
    byGiven.put(given, new Way(real, began));
    return known;
  }

  private void noteIfKnown(@Nullable Way way) {
    if (way != null) {
      note(way.real, false);
    }
  }

  /** A load may see what no event tells of: listeners hear of it all the same. */
  private Content look(WatchedFile file) throws IOException {
    try {
      Content content = file.look(contents, registration.session(), time.nanos());
      if (file.isNews(content.source(), bursts.isCreated(file.real()))) {
        note(file.real(), false);
      }
      return content;
    } catch (IOException e) {
      note(file.real(), false);
      throw e;
    }
  }

  @Override
  public void changed(Path path, FileEvents.Kind kind) {
    WatchedFile known = byReal.get(path);
    boolean created = kind == FileEvents.Kind.CREATED;
    if (known != null) {
      known.doubt();
      note(path, created);
    } else if (kind != FileEvents.Kind.MODIFIED) {
      for (WatchedFile below : byReal.values()) {
        if (below.real().startsWith(path)) {
          below.doubt();
          note(below.real(), false);
        }
      }
      Roots roots = registration.roots();
      if (created && roots != null && roots.arrives(path)) {
        lost();
      } else if (created && roots != null && roots.holds(path)) {
        note(path, true);
      }
    }
  }

  @Override
  public void idle() {
    if (registration.isOvertaken()) {
      lost();
    }
  }

  @Override
  public void lost() {
    registration.lost();
    arm(settings.quiet());
  }

  private void note(Path path, boolean created) {
    if (isWatching()) {
      bursts.note(path, created, time.nanos());
      arm(settings.quiet());
    }
  }

  private void arm(long nanos) {
    synchronized (this) {
      if (armed || !isWatching()) {
        return;
      }
      armed = true;
    }
    try {
      alarm.after(nanos, this::ring);
    } catch (OutOfMemoryError e) { // the system gives no thread, too
      stop(WatchStoppedException.of(e));
    }
  }

  private void ring() {
    synchronized (this) {
      armed = false;
    }
    try {
      idle();
      if (registration.isBroken()) {
        restart();
      }
      for (Burst burst : bursts.due(time.nanos())) {
        settle(burst.path(), burst.created());
      }
    } catch (Throwable e) {
      stop(WatchStoppedException.of(e));
    }
    long next = bursts.next(time.nanos());
    if (next >= 0) {
      arm(next);
    }
  }

  /** Registers everything anew, and looks at every file that was loaded. */
  private void restart() throws IOException {
    Roots before = registration.roots();
    start();
    for (WatchedFile file : byReal.values()) {
      settle(file.real(), false);
    }
    Roots now = registration.roots();
    if (before != null && now != null) {
      for (Path file : now.arrived(before)) {
        note(file, true);
      }
    }
  }

  private void settle(Path path, boolean created) {
    WatchedFile known = byReal.get(path);
    if (!isWatching()) {
      return;
    }
    if (known == null) {
      if (created && Files.isRegularFile(path)) {
        tell(path, FileChange.CREATED);
      }
      return;
    }
    FileChange change;
    synchronized (known) {
      try {
        change = known.change(contents, registration.session(), time.nanos());
        if (known.isGone()) {
          byReal.remove(path, known);
        }
      } catch (IOException e) {
        counters.onFault("watched file " + path, e);
        return;
      }
    }
    if (change != null) {
      tell(path, change);
    }
  }

  private void tell(Path file, FileChange change) {
    try {
      settings.listener().onChange(file, change);
    } catch (Throwable e) {
      counters.onFault("listener of " + file, e);
    }
  }

  /** For good: told once. */
  private void stop(WatchStoppedException reason) {
    if (end()) {
      counters.onFault("watch of " + settings.paths(), reason);
      counters.onWarning("Files are read at each load from now on: " + reason.getMessage());
      try {
        settings.listener().onStopped(reason);
      } catch (Throwable e) {
        counters.onFault("listener of " + settings.paths(), e);
      }
    }
  }

  private boolean end() {
    if (!registration.end()) {
      return false;
    }
    alarm.close();
    byGiven.clear();
    byReal.clear();
    looks.clear();
    return true;
  }

  @Override
  public void close() {
    end();
  }

  /**
   * What a path led to.
   *
   * @param found when that was looked up, in nanoseconds
   */
  private record Way(Path real, long found) {}
}
