package dev.thermae.http;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.Engine;
import dev.thermae.http.resource.FetchException;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Loads scripts by URL: fetches through the HTTP cache, then compiles through the code cache, so
 * that code lives exactly as long as the response it was compiled from. Thread-safe.
 *
 * <pre>{@code
 * try (CodeLoader<Script> loader = CodeLoader.builder(engine).build()) {
 *   Script script = loader.load("https://example.org/app.js").code();
 * }
 * }</pre>
 *
 * <p>Whoever wants to know what HTTP did takes both steps apart: {@link #fetch} tells a 304 from a
 * response that was fresh, {@link #compile} tells cold from hot.
 *
 * @param <C> what the engine executes
 */
public final class CodeLoader<C> implements AutoCloseable {
  private final Engine<C> engine;
  private final CodeCache cache;
  private final boolean ownsCache;
  private final ResourceLoader resources;

  /** Closes the cache where it owns it. */
  CodeLoader(Engine<C> engine, CodeCache cache, boolean ownsCache, ResourceLoader resources) {
    this.engine = engine;
    this.cache = cache;
    this.ownsCache = ownsCache;
    this.resources = resources;
  }

  /** A loader of scripts for {@code engine}. */
  public static <C> CodeLoaderBuilder<C> builder(Engine<C> engine) {
    return new CodeLoaderBuilder<>(engine);
  }

  /**
   * The compiled script at {@code url}, named by the URL it was found at after redirects.
   *
   * @throws FetchException when it cannot be fetched, or the origin does not answer with success
   * @throws dev.thermae.engine.CompileException when the script is at fault
   */
  public Compiled<C> load(String url) throws IOException {
    return compile(checked(resources.fetch(url)));
  }

  /** The same for a request with header fields of its own. */
  public Compiled<C> load(ResourceRequest request) throws IOException {
    return compile(fetch(request));
  }

  /**
   * The first half of {@link #load}: the response alone.
   *
   * @throws FetchException when it cannot be fetched, or is no complete success
   */
  public Fetched fetch(ResourceRequest request) throws IOException {
    return checked(resources.fetch(request));
  }

  private static Fetched checked(Fetched fetched) throws IOException {
    if (!fetched.isSuccess() || fetched.status() == 206) {
      throw FetchException.answered(
          fetched.url(), fetched.status(), "the origin answered " + fetched.statusLine());
    }
    return fetched;
  }

  /**
   * The second half of {@link #load}. Code of a response that must not be stored stays in memory.
   *
   * @throws dev.thermae.engine.CompileException when the script is at fault
   */
  public Compiled<C> compile(Fetched fetched) throws IOException {
    StoredEntry entry = fetched.entry();
    return entry == null
        ? cache.compileInMemory(engine, fetched.source(), Shape.SCRIPT)
        : cache.compile(engine, fetched.source(), Shape.SCRIPT, entry);
  }

  /**
   * A source that came from no URL, a file perhaps: the code is attached to its bytes.
   *
   * @throws dev.thermae.engine.CompileException when the script is at fault
   */
  public Compiled<C> compile(Source source) {
    return cache.compile(engine, source);
  }

  /** The same for a source that may have come from no URL. */
  Compiled<C> compile(Source source, @Nullable Fetched fetched) throws IOException {
    return fetched == null ? compile(source) : compile(fetched);
  }

  /** What HTTP resources come through. */
  public ResourceLoader resources() {
    return resources;
  }

  /** What units come through, and where everything is counted. */
  public CodeCache cache() {
    return cache;
  }

  /** Closes connections, and the cache unless it was given. */
  @Override
  public void close() {
    resources.close();
    if (ownsCache) {
      cache.close();
    }
  }
}
