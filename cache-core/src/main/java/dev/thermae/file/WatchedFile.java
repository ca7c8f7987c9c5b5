package dev.thermae.file;

import dev.thermae.code.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a watched file: for good, what listeners were told; in bounded memory, the last
 * look. Its lock is held while the file is read.
 */
final class WatchedFile {
  private static final long MOST_BYTES = 64 << 20;
  private static final int LEAST_WEIGHT = 1_024;

  private final Path real;
  private final AtomicInteger doubts = new AtomicInteger();
  private final Recent<WatchedFile, Look> looks;
  private byte @Nullable [] told;
  private boolean known;

  WatchedFile(Path real, Recent<WatchedFile, Look> looks) {
    this.real = real;
    this.looks = looks;
  }

  /** Keeps as many sources as fit: a file whose look went is read again. */
  static Recent<WatchedFile, Look> newLooks() {
    return new Recent<>(MOST_BYTES, Look::weight);
  }

  Path real() {
    return real;
  }

  /** It may have changed: looks that began before do not count any more. */
  void doubt() {
    doubts.incrementAndGet();
  }

  /**
   * What it was last seen to hold, where that counts: in this session, later than {@code oldest},
   * and with nothing heard of it since.
   */
  @Nullable Content counted(int session, long oldest) {
    Look look = looks.get(this);
    if (look == null || session == 0 || look.session != session) {
      return null;
    }
    boolean counts = look.doubts == doubts.get() && look.began - oldest > 0;
    return counts ? look.content : null;
  }

  /** Reads the file, or what it leads to if it became a link; under the lock. */
  Content look(Contents contents, int session, long now) throws IOException {
    int before = doubts.get();
    Look previous = looks.get(this);
    looks.remove(this);
    Path leads = contents.real(real);
    Content content = contents.read(leads, previous == null ? null : previous.content);
    looks.put(this, new Look(content, leads.equals(real) ? session : 0, before, now));
    return content;
  }

  /**
   * Whether listeners do not know yet that it holds {@code now}, or that it is there at all where
   * it was {@code created}; under the lock.
   */
  boolean isNews(Source now, boolean created) {
    if (!known && !created) {
      told = now.hash();
    }
    known = true;
    return !Arrays.equals(told, now.hash());
  }

  /** Whether listeners know that it is gone; under the lock. */
  boolean isGone() {
    return known && told == null;
  }

  /**
   * Looks what has become of it, which clears the code of what it was, and what listeners have to
   * hear of that; null for nothing. Under the lock.
   *
   * @throws IOException when it is there and cannot be read
   */
  @Nullable FileChange change(Contents contents, int session, long now) throws IOException {
    byte[] before = told;
    Source after = null;
    try {
      Content content = look(contents, session, now);
      after = content.source();
      if (content.entry() == null) {
        contents.clear(real, after);
      }
    } catch (IOException e) {
      if (Files.isRegularFile(real)) {
        throw e;
      }
      contents.clear(real, null);
    }
    told = after == null ? null : after.hash();
    known = true;
    if (told == null) {
      return before == null ? null : FileChange.DELETED;
    }
    if (before == null) {
      return FileChange.CREATED;
    }
    return Arrays.equals(told, before) ? null : FileChange.MODIFIED;
  }

  /**
   * A look at the file.
   *
   * @param session of watching that it began in; 0 when it must not be relied upon
   * @param doubts when it began
   * @param began nanoseconds
   */
  record Look(Content content, int session, int doubts, long began) {
    private int weight() {
      return Math.max(LEAST_WEIGHT, content.source().bytes().length);
    }
  }
}
