package dev.thermae.file;

import java.io.IOException;
import java.nio.file.Path;

/** Tells of changes from when it is opened until it is closed. */
interface FileEvents extends AutoCloseable {
  /** No more events from now on. */
  @Override
  void close();

  /** Where events come from. */
  @FunctionalInterface
  interface Opener {
    /** Tells {@code sink} of every change in {@code roots} that is made after this returns. */
    FileEvents open(Roots roots, Sink sink) throws IOException;
  }

  /** Who is told, on whatever thread. */
  interface Sink {
    /** Something was created, written or deleted at this path: a file, or a folder. */
    void changed(Path path, Kind kind);

    /** Nothing more to tell for the moment. */
    void idle();

    /** Events were lost, or some part may not be watched: all has to be looked at again. */
    void lost();
  }

  /** What the system says, which need not be the whole story. */
  enum Kind {
    CREATED,
    MODIFIED,
    DELETED
  }
}
