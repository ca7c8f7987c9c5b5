package dev.thermae.file;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is watched, who hears of it, and two durations in nanoseconds. Immutable. */
record WatchSettings(List<Path> paths, FileListener listener, long quiet, long trust) {
  private static final Duration QUIET = Duration.ofMillis(100);
  private static final Duration TRUST = Duration.ofSeconds(1);

  /** The defaults stand for nulls. */
  static WatchSettings of(
      List<Path> paths,
      @Nullable FileListener listener,
      @Nullable Duration quiet,
      @Nullable Duration trust) {
    return new WatchSettings(
        List.copyOf(paths),
        listener == null ? (file, change) -> {} : listener,
        (quiet == null ? QUIET : quiet).toNanos(),
        (trust == null ? TRUST : trust).toNanos());
  }
}
