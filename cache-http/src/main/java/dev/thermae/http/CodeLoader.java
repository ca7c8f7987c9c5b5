package dev.thermae.http;

import dev.thermae.CodeCache;
import dev.thermae.CodeCacheBuilder;
import dev.thermae.Compiled;
import dev.thermae.code.Ed25519PublicKeys;
import dev.thermae.code.Shape;
import dev.thermae.code.SigningKeys;
import dev.thermae.code.Source;
import dev.thermae.engine.Engine;
import dev.thermae.event.CacheListener;
import dev.thermae.event.TimeSource;
import dev.thermae.http.resource.FetchException;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.OnReplace;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.policy.CachePolicy;
import dev.thermae.policy.Patience;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
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

  private CodeLoader(
      Engine<C> engine, CodeCache cache, boolean ownsCache, ResourceLoader resources) {
    this.engine = engine;
    this.cache = cache;
    this.ownsCache = ownsCache;
    this.resources = resources;
  }

  /** A loader of scripts for {@code engine}. */
  public static <C> Builder<C> builder(Engine<C> engine) {
    return new Builder<>(engine);
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

  /**
   * Settings of a {@link CodeLoader}. Not thread-safe.
   *
   * @param <C> what the engine executes
   */
  public static final class Builder<C> {
    private final Engine<C> engine;
    private @Nullable CodeCache given;
    private @Nullable CodeCacheBuilder own;
    private @Nullable Path folder;
    private boolean onDisk = true;
    private boolean alone;
    private @Nullable OnReplace onReplace;
    private @Nullable Supplier<OkHttpClient> client;
    private boolean singleUser;
    private @Nullable ProxyTier proxy;

    private Builder(Engine<C> engine) {
      this.engine = engine;
    }

    /** Shares a cache, which stays the caller's; none of the settings for a cache apply then. */
    public Builder<C> cache(CodeCache cache) {
      given = cache;
      return this;
    }

    /** The folder of the disk tier; see {@link CodeCacheBuilder#directory}. */
    public Builder<C> directory(Path directory) {
      folder = directory;
      onDisk = true;
      return this;
    }

    /** Without bases of the environment; see {@link CodeCacheBuilder#directoryAlone}. */
    Builder<C> alone() {
      alone = true;
      return this;
    }

    /** No disk tier; see {@link CodeCacheBuilder#inMemory}. */
    public Builder<C> inMemory() {
      onDisk = false;
      return this;
    }

    /** Tenant or trust domain; see {@link CodeCacheBuilder#namespace}. */
    public Builder<C> namespace(String name) {
      own().namespace(name);
      return this;
    }

    /** When code is kept; see {@link CodeCacheBuilder#policy(CachePolicy)}. */
    public Builder<C> policy(CachePolicy policy) {
      own().policy(policy);
      return this;
    }

    /** How long to wait for other processes; see {@link CodeCacheBuilder#waitForOthers}. */
    public Builder<C> waitForOthers(Patience patience) {
      own().waitForOthers(patience);
      return this;
    }

    /** Seals with secrets; see {@link CodeCacheBuilder#signed}. */
    public Builder<C> signed(SigningKeys keys) {
      own().signed(keys);
      return this;
    }

    /** Sees every step; see {@link CodeCacheBuilder#listener}. */
    public Builder<C> listener(CacheListener listener) {
      own().listener(listener);
      return this;
    }

    /** Clocks, for tests. */
    public Builder<C> time(TimeSource time) {
      own().time(time);
      return this;
    }

    /** What becomes of code when a 200 replaces a body. */
    public Builder<C> onReplace(OnReplace rule) {
      onReplace = rule;
      return this;
    }

    /** Who makes the HTTP client; see {@link ResourceLoader.Builder#okHttpClient}. */
    public Builder<C> okHttpClient(Supplier<OkHttpClient> supplier) {
      client = supplier;
      return this;
    }

    /** Says that the namespace is one user's; see {@link ResourceLoader.Builder#singleUser}. */
    public Builder<C> singleUser(boolean isSingle) {
      singleUser = isSingle;
      return this;
    }

    /**
     * Asks a proxy before the origin, which may answer with code: see {@link ProxyTier}.
     *
     * @param url a scheme, a host and perhaps a port
     * @param keys whose signatures are believed
     */
    public Builder<C> proxy(String url, Ed25519PublicKeys keys) {
      return proxy(ProxyTier.builder(url, keys).build());
    }

    /** The same with settings; the tier counts what became of it. */
    public Builder<C> proxy(ProxyTier tier) {
      proxy = tier;
      return this;
    }

    private CodeCacheBuilder own() {
      CodeCacheBuilder settings = own;
      if (settings == null) {
        settings = CodeCache.builder();
        own = settings;
      }
      return settings;
    }

    /**
     * Builds the loader; no connection is opened.
     *
     * @throws IllegalStateException when a cache was given and settings for one, too
     */
    public CodeLoader<C> build() {
      CodeCache cache = given == null ? newCache() : given;
      if (cache == given && (own != null || folder != null || !onDisk)) {
        throw new IllegalStateException("a given cache has its own settings");
      }
      return new CodeLoader<>(engine, cache, given == null, resources(cache));
    }

    private CodeCache newCache() {
      if (own == null && onDisk) {
        return CodeCache.open(folder);
      }
      CodeCacheBuilder settings = own();
      if (folder != null) {
        if (alone) {
          settings.directoryAlone(folder);
        } else {
          settings.directory(folder);
        }
      }
      if (!onDisk) {
        settings.inMemory();
      }
      return settings.build();
    }

    private ResourceLoader resources(CodeCache cache) {
      if (onReplace == null && client == null && !singleUser && proxy == null) {
        return ResourceLoader.of(cache.store(), cache.time(), cache.counters(), cache.namespace());
      }
      ResourceLoader.Builder settings =
          ResourceLoader.builder(cache.store())
              .time(cache.time())
              .counters(cache.counters())
              .namespace(cache.namespace())
              .singleUser(singleUser);
      if (onReplace != null) {
        settings.onReplace(onReplace);
      }
      if (client != null) {
        settings.okHttpClient(client);
      }
      if (proxy != null) {
        settings.near(new ProxyOpening(proxy, cache, engine));
      }
      return settings.build();
    }
  }
}
