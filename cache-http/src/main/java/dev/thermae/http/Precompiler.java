package dev.thermae.http;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskStore;
import dev.thermae.engine.CompileException;
import dev.thermae.event.CacheStats;
import dev.thermae.event.Origin;
import dev.thermae.event.TimeSource;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Fills a cache folder before anybody loads from it, so that the first load is hot. Thread-safe.
 *
 * <pre>{@code
 * try (Precompiler<Script> precompiler =
 *     Precompiler.of(CodeLoader.builder(engine).directory(folder))) {
 *   precompiler.compile(Source.of("app.js", bytes, UTF_8));
 *   precompiler.load(ResourceRequest.get("https://example.org/app.js"));
 * }
 * }</pre>
 *
 * <p>Everything is kept as a load would keep it: code of a URL with its response, code of any other
 * source by the source's bytes and charset. After each it is loaded once more from the folder.
 * Nothing is executed: of an engine that compiles functions when they are first called, such as V8,
 * what it compiled without that is kept. Units then run sooner than cold and later than harvested
 * ones, and the first {@code Compiled.ran()} of a process that runs them adds the rest.
 *
 * @param <C> what the engine executes
 */
public final class Precompiler<C> implements AutoCloseable {
  /** What is said of code that a fault, told to the listener, kept out of the folder. */
  public static final String NOT_STORED = "its code could not be stored";

  private final CodeLoader<C> loader;

  private Precompiler(CodeLoader<C> loader) {
    this.loader = loader;
  }

  /**
   * With a loader's settings, but for the policy, which is eager, and without the bases of {@code
   * THERMAE_BASE}: what lies there is to be in this folder, too.
   */
  public static <C> Precompiler<C> of(CodeLoaderBuilder<C> settings) {
    return new Precompiler<>(settings.policy(CachePolicy.eager()).alone().build());
  }

  /** What became of a script. */
  public enum Outcome {
    /** It was compiled, and its code is in the folder. */
    COMPILED,
    /** Its code was in the folder. */
    FOUND,
    /** It was compiled, and its code is not in the folder. */
    NOT_KEPT,
    /** It could not be fetched or compiled. */
    FAILED
  }

  /**
   * What became of a script.
   *
   * @param name of the source, after redirects
   * @param sourceBytes 0 where there is no source
   * @param nanos it took to compile, or to restore
   * @param why in words; empty for code that is in the folder
   */
  public record Result(String name, Outcome outcome, long sourceBytes, long nanos, String why) {}

  /** Whether there is a folder at all; without one nothing can be kept. */
  public boolean hasFolder() {
    return loader.cache().store() instanceof DiskStore;
  }

  /** Compiles a source that comes from no URL. */
  public Result compile(Source source) {
    return compile(source.name(), source, null);
  }

  /** Fetches a script, and compiles it. */
  public Result load(ResourceRequest request) {
    try {
      Fetched fetched = loader.fetch(request);
      return compile(fetched.url(), fetched.source(), fetched);
    } catch (IOException e) {
      return new Result(request.url(), Outcome.FAILED, 0, 0, String.valueOf(e.getMessage()));
    }
  }

  private Result compile(String name, Source source, @Nullable Fetched fetched) {
    CodeCache cache = loader.cache();
    TimeSource time = cache.time();
    long bytes = source.bytes().length;
    try {
      cache.clearMemory();
      CacheStats before = cache.stats();
      long start = time.nanos();
      Compiled<C> unit = loader.compile(source, fetched);
      long nanos = time.nanos() - start;
      if (unit.origin() == Origin.RESTORED) {
        return new Result(name, Outcome.FOUND, bytes, nanos, "");
      }
      unit.ran(); // it did not, but what there is of it is to be kept
      boolean flushed = cache.flush();
      CacheStats after = cache.stats();
      boolean failed = after.faults() + after.dropped() > before.faults() + before.dropped();
      cache.clearMemory();
      Compiled<C> again = loader.compile(source, fetched);
      return again.origin() == Origin.RESTORED
          ? new Result(name, Outcome.COMPILED, bytes, nanos, "")
          : new Result(name, Outcome.NOT_KEPT, bytes, nanos, why(again, fetched, flushed, failed));
    } catch (CompileException | IOException e) {
      return new Result(name, Outcome.FAILED, bytes, 0, String.valueOf(e.getMessage()));
    }
  }

  private static String why(
      Compiled<?> unit, @Nullable Fetched fetched, boolean flushed, boolean failed) {
    if (fetched != null && fetched.entry() == null) {
      if (fetched.isUnstorable()) {
        return "the response could not be stored";
      }
      return "the response must not be stored: " + fetched.why();
    }
    if (failed) {
      return NOT_STORED;
    }
    return flushed ? unit.why() : "not on disk after 5 s";
  }

  /** Keeps what is still to be kept, and closes the folder. */
  @Override
  public void close() {
    loader.close();
  }
}
