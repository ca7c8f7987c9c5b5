package dev.thermae.file;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Shape;
import dev.thermae.engine.Engine;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads scripts from local files through a code cache. Thread-safe.
 *
 * <pre>{@code
 * try (CodeCache cache = CodeCache.builder().build();
 *     FileLoader<Script> loader =
 *         FileLoader.builder(cache, engine).watch(Path.of("scripts")).build()) {
 *   Script script = loader.load(Path.of("scripts", "app.js")).code();
 * }
 * }</pre>
 *
 * <p>A file is to its code what a URL is to it: equal bytes, with whatever times, are its 304 and
 * keep the code; other bytes are its 200, which clears the code, so that the next load is cold. A
 * file is known by its real path within the cache's namespace. Processes that see different files
 * under the same path, in containers perhaps, need namespaces or folders of their own: each would
 * clear the other's code, though none would run it.
 *
 * <p>Sources too short for the policy, and those of engines whose code cannot leave memory, are not
 * stored. What the store cannot do is a counted fault, and the code stays in memory.
 *
 * <p>Without {@link Builder#watch}, each load reads the file and compares its bytes: what is loaded
 * is never older than the call. With it, a watched file that is unchanged is answered from memory.
 *
 * @param <C> what the engine executes
 */
public final class FileLoader<C> implements AutoCloseable {
  private final CodeCache cache;
  private final Engine<C> engine;
  private final Contents contents;
  private final @Nullable FileWatch watch;

  private FileLoader(
      CodeCache cache, Engine<C> engine, Contents contents, @Nullable FileWatch watch) {
    this.cache = cache;
    this.engine = engine;
    this.contents = contents;
    this.watch = watch;
  }

  /** A loader that reads the file at each load. Both stay the caller's. */
  public static <C> FileLoader<C> of(CodeCache cache, Engine<C> engine) {
    return builder(cache, engine).build();
  }

  /** Settings for a loader over a cache, which stays the caller's, as does the engine. */
  public static <C> Builder<C> builder(CodeCache cache, Engine<C> engine) {
    return new Builder<>(cache, engine);
  }

  /**
   * The compiled script in {@code file}, named by its real path.
   *
   * @throws java.nio.file.NoSuchFileException when there is no such file
   * @throws IOException when it is a folder or no regular file, is longer than the most that is
   *     read, changes all the time while it is read, or cannot be read
   * @throws dev.thermae.engine.CompileException when the script is at fault
   */
  public Compiled<C> load(Path file) throws IOException {
    FileWatch watching = watch;
    Content content = watching == null ? null : watching.load(file);
    if (content == null) {
      content = contents.read(contents.real(file), null);
    }
    StoredEntry entry = content.entry();
    return entry == null
        ? cache.compileInMemory(engine, content.source(), Shape.SCRIPT)
        : cache.compile(engine, content.source(), Shape.SCRIPT, entry);
  }

  /** Whether files are watched now: asked for, and neither failed nor closed. */
  public boolean isWatching() {
    return watch != null && watch.isWatching();
  }

  /** Files that were loaded and are watched, for tests. */
  int watchedFiles() {
    return watch == null ? 0 : watch.count();
  }

  /** Ends watching and its threads. Loads still work, and read their files. */
  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }

  /**
   * Settings of a {@link FileLoader}. Not thread-safe.
   *
   * @param <C> what the engine executes
   */
  public static final class Builder<C> {
    private static final Duration LONGEST_QUIET = Duration.ofSeconds(10);
    private static final Duration LONGEST_TRUST = Duration.ofDays(1);

    private final CodeCache cache;
    private final Engine<C> engine;
    private final List<Path> watched = new ArrayList<>();
    private Charset charset = StandardCharsets.UTF_8;
    private int maximum = SourceFiles.DEFAULT_MAXIMUM;
    private @Nullable FileListener listener;
    private @Nullable Duration quiet;
    private @Nullable Duration trust;

    private Builder(CodeCache cache, Engine<C> engine) {
      this.cache = cache;
      this.engine = engine;
    }

    /** How bytes become text; UTF-8 by default. A byte order mark is dropped, not obeyed. */
    public Builder<C> charset(Charset ofFiles) {
      charset = ofFiles;
      return this;
    }

    /**
     * The longest file that is read, in bytes; 64 MiB by default.
     *
     * @throws IllegalArgumentException below 1 and above 2,147,483,638
     */
    public Builder<C> maximumBytes(int bytes) {
      if (bytes < 1 || bytes > SourceFiles.LARGEST) {
        throw new IllegalArgumentException("not from 1 to " + SourceFiles.LARGEST + ": " + bytes);
      }
      maximum = bytes;
      return this;
    }

    /**
     * Watches a file, or a folder and all below it; may be called again. Needs {@code
     * io.methvin:directory-watcher} on the class path.
     *
     * <p>Loads of watched files are answered from memory, while the system tells of no change and
     * for no longer than {@link #trust}. Between a change and the system's word, usually
     * milliseconds, a load may still get the file as it was, and never for longer than that. From
     * the system's word on, loads read the file. Of watched files that were loaded, up to 64 MiB of
     * sources stay in memory; those that do not fit are read at each load. Links below a watched
     * folder are not followed: what lies behind them is read at each load. A path at which nothing
     * is yet is told of in a warning and waited for, in the nearest folder above it that is there:
     * once it is a file, that is watched, and once it is a folder, that and all below it.
     *
     * <p>Where watching fails, at first or later, that is told once, as a fault and a warning of
     * the cache and to {@link #listener}, and files are read at each load, as without watching. A
     * folder that is deleted and not there again at once is such a failure.
     */
    public Builder<C> watch(Path fileOrFolder) {
      watched.add(fileOrFolder);
      return this;
    }

    /** Hears of changes to what is watched. */
    public Builder<C> listener(FileListener hears) {
      listener = hears;
      return this;
    }

    /**
     * How long a file must be left alone before its change is looked at and told, so that a burst
     * of writes is one change; 0.1 s by default. A file that is never left alone is looked at after
     * ten times that. It delays no load.
     *
     * @throws IllegalArgumentException below a millisecond and above 10 s
     */
    public Builder<C> quiet(Duration time) {
      if (time.toMillis() < 1 || time.compareTo(LONGEST_QUIET) > 0) {
        throw new IllegalArgumentException("not from 1 ms to 10 s: " + time);
      }
      quiet = time;
      return this;
    }

    /**
     * How long a look at a watched file counts, whatever the watcher missed: mounts, a link above a
     * watched folder that leads elsewhere, writes through another name or another machine; 1 s by
     * default. A load after that reads the file and compares.
     *
     * @throws IllegalArgumentException when negative, and above a day
     */
    public Builder<C> trust(Duration time) {
      if (time.isNegative() || time.compareTo(LONGEST_TRUST) > 0) {
        throw new IllegalArgumentException("not from 0 to a day: " + time);
      }
      trust = time;
      return this;
    }

    /**
     * Builds the loader. With {@link #watch}, all folders are watched when this returns; it walks
     * through them.
     *
     * @throws IllegalStateException when there are settings for watching and nothing to watch
     */
    public FileLoader<C> build() {
      if (watched.isEmpty()) {
        if (listener != null || quiet != null || trust != null) {
          throw new IllegalStateException("say what to watch");
        }
        return new FileLoader<>(cache, engine, contents(), null);
      }
      return build((roots, sink) -> DirectoryEvents.open(roots, sink), new ThreadAlarm());
    }

    /** With other events and another alarm, for tests. */
    FileLoader<C> build(FileEvents.Opener events, Alarm alarm) {
      WatchSettings settings = WatchSettings.of(watched, listener, quiet, trust);
      Contents contents = contents();
      FileWatch watch =
          new FileWatch(contents, settings, cache.counters(), cache.time(), events, alarm);
      watch.begin();
      return new FileLoader<>(cache, engine, contents, watch);
    }

    private Contents contents() {
      return new Contents(cache, engine, new SourceFiles(charset, maximum, cache.time()));
    }
  }
}
