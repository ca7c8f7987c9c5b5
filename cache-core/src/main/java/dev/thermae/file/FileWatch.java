package dev.thermae.file;

import dev.thermae.code.Source;
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
  private final Contents contents;
  private final WatchSettings settings;
  private final Counters counters;
  private final TimeSource time;
  private final FileEvents.Opener opener;
  private final Alarm alarm;
  private final Bursts bursts;
  private final Map<Path, Way> byGiven = new ConcurrentHashMap<>();
  private final Map<Path, WatchedFile> byReal = new ConcurrentHashMap<>();
  private volatile @Nullable Roots roots;
  private volatile int session;
  private volatile boolean broken;
  private volatile boolean over;
  private int sessions;
  private boolean armed;
  private @Nullable FileEvents events;

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
    this.opener = opener;
    this.alarm = alarm;
    this.bursts = new Bursts(settings.quiet());
  }

  /** Registers everything; where that fails, watching is over. */
  void start() {
    try {
      open();
    } catch (IOException | RuntimeException | LinkageError e) {
      stop(WatchStoppedException.of(e));
    }
  }

  private void open() throws IOException {
    Roots before = roots;
    Roots found = before == null ? Roots.of(settings.paths()) : before.again();
    FileEvents opened = opener.open(found, this);
    synchronized (this) {
      if (!over) {
        events = opened;
        roots = found;
        sessions++;
        session = sessions;
        if (broken) {
          session = 0;
        }
        return;
      }
    }
    opened.close();
  }

  boolean isWatching() {
    return !over;
  }

  /** What the file holds; null when it is none of those that are watched. */
  @Nullable Content load(Path file) throws IOException {
    Path given = file.toAbsolutePath();
    Way way = byGiven.get(given);
    WatchedFile known =
        way == null || time.nanos() - way.found >= settings.trust() ? meet(given, way) : way.file;
    if (known == null) {
      return null;
    }
    Content content = counted(known);
    if (content != null) {
      return content;
    }
    synchronized (known) {
      content = counted(known);
      return content == null ? lookAgain(known) : content;
    }
  }

  /** Looks where a path leads; null when that is not watched. */
  private @Nullable WatchedFile meet(Path given, @Nullable Way before) throws IOException {
    Roots watched = roots;
    if (watched == null) {
      return null;
    }
    long began = time.nanos();
    Path real;
    try {
      real = contents.real(given);
    } catch (IOException e) {
      if (before != null) {
        note(before.file.real(), false);
      }
      throw e;
    }
    if (before != null) {
      idle();
    }
    if (before != null && !before.file.real().equals(real)) {
      byGiven.remove(given, before);
      note(before.file.real(), false);
    }
    if (!watched.watches(given, real)) {
      return null;
    }
    WatchedFile known = byReal.computeIfAbsent(real, WatchedFile::new);
    byGiven.put(given, new Way(known, began));
    return known;
  }

  private @Nullable Content counted(WatchedFile file) {
    Look look = file.look();
    return look != null && file.counts(look, session, time.nanos() - settings.trust())
        ? look.content()
        : null;
  }

  /** A load may see what no event tells of: listeners hear of it all the same. */
  private Content lookAgain(WatchedFile file) throws IOException {
    try {
      Content content = look(file);
      if (!file.isKnown()) {
        file.told(content.source());
      } else if (!content.source().equals(file.told())) {
        note(file.real(), false);
      }
      return content;
    } catch (IOException e) {
      note(file.real(), false);
      throw e;
    }
  }

  /** Reads the file, or what it leads to if it became a link, under its lock. */
  private Content look(WatchedFile file) throws IOException {
    int ofSession = session;
    int doubts = file.doubts();
    long began = time.nanos();
    Look before = file.look();
    file.look(null);
    Path real = contents.real(file.real());
    Content content = contents.read(real, before == null ? null : before.content());
    boolean direct = real.equals(file.real());
    file.look(new Look(content, direct ? ofSession : 0, doubts, began));
    return content;
  }

  @Override
  public void changed(Path path, FileEvents.Kind kind) {
    WatchedFile known = byReal.get(path);
    boolean created = kind == FileEvents.Kind.CREATED;
    Roots watched = roots;
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
      if (created && watched != null && watched.holds(path)) {
        note(path, true);
      }
    }
  }

  @Override
  public void idle() {
    Roots watched = roots;
    if (watched != null && session != 0 && !watched.stand()) {
      lost();
    }
  }

  @Override
  public void lost() {
    broken = true; // before the session, which a start that is under way looks at last
    session = 0;
    arm(settings.quiet());
  }

  private void note(Path path, boolean created) {
    if (!over) {
      bursts.note(path, created, time.nanos());
      arm(settings.quiet());
    }
  }

  private synchronized void arm(long nanos) {
    if (!armed && !over) {
      armed = true;
      alarm.after(nanos, this::ring);
    }
  }

  private void ring() {
    synchronized (this) {
      armed = false;
    }
    try {
      idle();
      if (broken) {
        restart();
      }
      for (Burst burst : bursts.due(time.nanos())) {
        settle(burst);
      }
    } catch (RuntimeException | LinkageError e) {
      stop(WatchStoppedException.of(e));
    }
    long next = bursts.next(time.nanos());
    if (next >= 0) {
      arm(next);
    }
  }

  /** Registers everything anew, and looks at every file that was loaded. */
  private void restart() {
    broken = false;
    closeEvents();
    start();
    for (WatchedFile file : byReal.values()) {
      settle(new Burst(file.real(), false, 0, 0));
    }
  }

  private void settle(Burst burst) {
    WatchedFile known = byReal.get(burst.path());
    if (over) {
      return;
    }
    if (known == null) {
      if (burst.created() && Files.isRegularFile(burst.path())) {
        tell(burst.path(), FileChange.CREATED);
      }
      return;
    }
    FileChange change;
    synchronized (known) {
      change = changeOf(known);
    }
    if (change != null) {
      tell(known.real(), change);
    }
  }

  private @Nullable FileChange changeOf(WatchedFile file) {
    Source before = file.told();
    Source after = null;
    try {
      Content content = look(file);
      after = content.source();
      if (content.entry() == null) {
        contents.clear(file.real());
      }
    } catch (IOException e) {
      if (Files.isRegularFile(file.real())) {
        counters.onFault("watched file " + file.real(), e);
        return null;
      }
      contents.clear(file.real());
    }
    file.told(after);
    if (before == null) {
      return after == null ? null : FileChange.CREATED;
    }
    if (after == null) {
      return FileChange.DELETED;
    }
    return before.equals(after) ? null : FileChange.MODIFIED;
  }

  private void tell(Path file, FileChange change) {
    try {
      settings.listener().onChange(file, change);
    } catch (RuntimeException | LinkageError e) {
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
      } catch (RuntimeException | LinkageError e) {
        counters.onFault("listener of " + settings.paths(), e);
      }
    }
  }

  private boolean end() {
    synchronized (this) {
      if (over) {
        return false;
      }
      over = true;
      session = 0;
      roots = null;
    }
    closeEvents();
    alarm.close();
    byGiven.clear();
    byReal.clear();
    return true;
  }

  private void closeEvents() {
    FileEvents open;
    synchronized (this) {
      open = events;
      events = null;
    }
    if (open != null) {
      open.close();
    }
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
  private record Way(WatchedFile file, long found) {}
}
