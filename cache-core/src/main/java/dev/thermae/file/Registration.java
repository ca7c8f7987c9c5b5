package dev.thermae.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is registered with the system, in sessions: a look at a file counts in the session that it
 * began in. Thread-safe.
 */
final class Registration {
  private final List<Path> paths;
  private final FileEvents.Opener opener;
  private final Object opening = new Object();
  private volatile @Nullable Roots roots;
  private volatile int session;
  private volatile boolean broken;
  private volatile boolean over;
  private int sessions;
  private @Nullable FileEvents events;

  Registration(List<Path> paths, FileEvents.Opener opener) {
    this.paths = paths;
    this.opener = opener;
  }

  /** Registers everything, anew where it was before, and begins a session. */
  void open(FileEvents.Sink sink) throws IOException {
    synchronized (opening) {
      openAlone(sink);
    }
  }

  private void openAlone(FileEvents.Sink sink) throws IOException {
    broken = false;
    closeEvents();
    Roots before = roots;
    Roots found = before == null ? Roots.of(paths) : before.again();
    FileEvents opened = opener.open(found, sink);
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

  /** Ends the session: what is told from now on is not all there is to tell. */
  void lost() {
    broken = true; // before the session, which an open that is under way looks at last
    session = 0;
  }

  /** Whether it has to be opened anew. */
  boolean isBroken() {
    return broken;
  }

  /** The session that runs; 0 for none. */
  int session() {
    return session;
  }

  /** What is registered; null before the first time and after the end. */
  @Nullable Roots roots() {
    return roots;
  }

  /** Whether folders were replaced that a session runs on; looks at each. */
  boolean isOvertaken() {
    Roots registered = roots;
    return registered != null && session != 0 && !registered.stand();
  }

  boolean isOver() {
    return over;
  }

  /** Ends all of it for good; false when that was done before. */
  boolean end() {
    synchronized (this) {
      if (over) {
        return false;
      }
      over = true;
      session = 0;
      roots = null;
    }
    closeEvents();
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
}
