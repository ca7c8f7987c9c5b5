package dev.thermae.file;

import dev.thermae.code.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What is known of a watched file. Its lock is held while the file is read. */
final class WatchedFile {
  private final Path real;
  private final AtomicInteger doubts = new AtomicInteger();
  private volatile @Nullable Look last;
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

  /**
   * What it was last seen to hold, where that counts: in this session, later than {@code oldest},
   * and with nothing heard of it since.
   */
  @Nullable Content counted(int session, long oldest) {
    Look look = last;
    if (look == null || session == 0 || look.session != session) {
      return null;
    }
    boolean counts = look.doubts == doubts.get() && look.began - oldest > 0;
    return counts ? look.content : null;
  }

  /** Reads the file, or what it leads to if it became a link; under the lock. */
  Content look(Contents contents, int session, long now) throws IOException {
    int before = doubts.get();
    Look previous = last;
    last = null;
    Path leads = contents.real(real);
    Content content = contents.read(leads, previous == null ? null : previous.content);
    last = new Look(content, leads.equals(real) ? session : 0, before, now);
    return content;
  }

  /** Whether listeners do not know yet that it holds {@code now}; under the lock. */
  boolean isNews(Source now) {
    if (known) {
      return !now.equals(told);
    }
    told = now;
    known = true;
    return false;
  }

  /**
   * Looks what has become of it, which clears the code of what it was, and what listeners have to
   * hear of that; null for nothing. Under the lock.
   *
   * @throws IOException when it is there and cannot be read
   */
  @Nullable FileChange change(Contents contents, int session, long now) throws IOException {
    Source before = told;
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
    told = after;
    known = true;
    if (after == null) {
      return before == null ? null : FileChange.DELETED;
    }
    if (before == null) {
      return FileChange.CREATED;
    }
    return after.equals(before) ? null : FileChange.MODIFIED;
  }

  /**
   * A look at the file.
   *
   * @param session of watching that it began in; 0 when it must not be relied upon
   * @param doubts when it began
   * @param began nanoseconds
   */
  private record Look(Content content, int session, int doubts, long began) {}
}
