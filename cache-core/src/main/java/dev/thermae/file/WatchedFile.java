package dev.thermae.file;

import dev.thermae.code.Source;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What is known of a watched file. Its lock is held while the file is read. */
final class WatchedFile {
  private final Path real;
  private final AtomicInteger doubts = new AtomicInteger();
  private volatile @Nullable Look look;
  private @Nullable Source told;
  private boolean known;

  WatchedFile(Path real) {
    this.real = real;
  }

  Path real() {
    return real;
  }

  /** It may have changed: looks that began before do not count any more. */
  void doubt() {
    doubts.incrementAndGet();
  }

  int doubts() {
    return doubts.get();
  }

  /** The last look; null for none, and when the file was gone. */
  @Nullable Look look() {
    return look;
  }

  /** Whether a look counts: it is of this session, later than {@code oldest}, and undoubted. */
  boolean counts(Look one, int session, long oldest) {
    return session != 0
        && one.session == session
        && one.doubts == doubts.get()
        && one.began - oldest > 0;
  }

  void look(@Nullable Look latest) {
    look = latest;
  }

  /** What listeners know that it holds; null for nothing. Under the lock. */
  @Nullable Source told() {
    return told;
  }

  void told(@Nullable Source latest) {
    told = latest;
    known = true;
  }

  /** Whether listeners know of it, be it that it is gone. Under the lock. */
  boolean isKnown() {
    return known;
  }

  /**
   * A look at the file.
   *
   * @param session of watching that it began in; 0 when it must not be relied upon
   * @param doubts when it began
   * @param began nanoseconds
   */
  record Look(Content content, int session, int doubts, long began) {}
}
