package dev.thermae.file;

import io.methvin.watcher.DirectoryChangeEvent;
import io.methvin.watcher.DirectoryChangeEvent.EventType;
import io.methvin.watcher.DirectoryChangeListener;
import io.methvin.watcher.DirectoryWatcher;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.helpers.NOPLogger;

/**
 * Events through directory-watcher, which watches new folders as they appear and has a way of its
 * own on macOS. It does not debounce. Its hashes stay off: it compares a file with what it held at
 * the last event, and we with what was loaded, which may have been something in between.
 */
final class DirectoryEvents implements FileEvents, DirectoryChangeListener {
  private final Sink sink;
  private final DirectoryWatcher watcher;
  private volatile boolean closed;

  private DirectoryEvents(Roots roots, Sink sink) throws IOException {
    this.sink = sink;
    this.watcher =
        DirectoryWatcher.builder()
            .paths(roots.folders())
            .fileHashing(false)
            .fileTreeVisitor(new WatchedTree(roots))
            .logger(NOPLogger.NOP_LOGGER)
            .listener(this)
            .build();
  }

  /** Starts a daemon thread; all folders are registered when this returns. */
  static FileEvents open(Roots roots, Sink sink) throws IOException {
    DirectoryEvents events = new DirectoryEvents(roots, sink);
    CompletableFuture<Void> ended;
    try {
      ended =
          events.watcher.watchAsync(
              task -> ThreadAlarm.daemon(task, "thermae-watch-events").start());
    } catch (RuntimeException | Error e) { // no thread, perhaps
      events.close();
      throw e;
    }
    if (ended.isCompletedExceptionally()) {
      events.close();
      throw cause(ended);
    }
    CompletableFuture<Void> unused = ended.whenComplete((nothing, fault) -> events.lost());
    return events;
  }

  private static IOException cause(CompletableFuture<Void> failed) {
    try {
      failed.join();
      return new IOException("the watcher ended at once");
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      Throwable inner = cause.getCause();
      return inner instanceof IOException
          ? (IOException) inner
          : new IOException(cause.toString(), cause);
    }
  }

  @Override
  public void onEvent(DirectoryChangeEvent event) {
    EventType type = event.eventType();
    switch (type) {
      case CREATE -> sink.changed(event.path(), Kind.CREATED);
      case MODIFY -> sink.changed(event.path(), Kind.MODIFIED);
      case DELETE -> sink.changed(event.path(), Kind.DELETED);
      case OVERFLOW -> lost();
    }
  }

  /**
   * It goes on after overflows and exceptions, but without the folders it missed. An overflow ends
   * here, too: version 0.19.1 looks up the path that it does not have.
   */
  @Override
  public void onException(Exception fault) {
    lost();
  }

  @Override
  public void onIdle(int count) {
    if (!closed) {
      sink.idle();
    }
  }

  private void lost() {
    if (!closed) {
      sink.lost();
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      watcher.close();
    } catch (IOException e) {
      return; // nothing is watched any more all the same
    }
  }
}
