package dev.thermae.http;

import dev.thermae.CodeCache;
import dev.thermae.CodeCacheBuilder;
import dev.thermae.code.Ed25519PublicKeys;
import dev.thermae.code.SigningKeys;
import dev.thermae.engine.Engine;
import dev.thermae.event.CacheListener;
import dev.thermae.event.TimeSource;
import dev.thermae.http.resource.OnReplace;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceLoaderBuilder;
import dev.thermae.policy.CachePolicy;
import dev.thermae.policy.Patience;
import java.nio.file.Path;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a {@link CodeLoader}. Not thread-safe.
 *
 * @param <C> what the engine executes
 */
public final class CodeLoaderBuilder<C> {
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

  CodeLoaderBuilder(Engine<C> engine) {
    this.engine = engine;
  }

  /** Shares a cache, which stays the caller's; none of the settings for a cache apply then. */
  public CodeLoaderBuilder<C> cache(CodeCache cache) {
    given = cache;
    return this;
  }

  /** The folder of the disk tier; see {@link CodeCacheBuilder#directory}. */
  public CodeLoaderBuilder<C> directory(Path directory) {
    folder = directory;
    onDisk = true;
    return this;
  }

  /** Without bases of the environment; see {@link CodeCacheBuilder#directoryAlone}. */
  CodeLoaderBuilder<C> alone() {
    alone = true;
    return this;
  }

  /** No disk tier; see {@link CodeCacheBuilder#inMemory}. */
  public CodeLoaderBuilder<C> inMemory() {
    onDisk = false;
    return this;
  }

  /** Tenant or trust domain; see {@link CodeCacheBuilder#namespace}. */
  public CodeLoaderBuilder<C> namespace(String name) {
    own().namespace(name);
    return this;
  }

  /** When code is kept; see {@link CodeCacheBuilder#policy(CachePolicy)}. */
  public CodeLoaderBuilder<C> policy(CachePolicy policy) {
    own().policy(policy);
    return this;
  }

  /** How long to wait for other processes; see {@link CodeCacheBuilder#waitForOthers}. */
  public CodeLoaderBuilder<C> waitForOthers(Patience patience) {
    own().waitForOthers(patience);
    return this;
  }

  /** Seals with secrets; see {@link CodeCacheBuilder#signed}. */
  public CodeLoaderBuilder<C> signed(SigningKeys keys) {
    own().signed(keys);
    return this;
  }

  /** Sees every step; see {@link CodeCacheBuilder#listener}. */
  public CodeLoaderBuilder<C> listener(CacheListener listener) {
    own().listener(listener);
    return this;
  }

  /** Clocks, for tests. */
  public CodeLoaderBuilder<C> time(TimeSource time) {
    own().time(time);
    return this;
  }

  /** What becomes of code when a 200 replaces a body. */
  public CodeLoaderBuilder<C> onReplace(OnReplace rule) {
    onReplace = rule;
    return this;
  }

  /** Who makes the HTTP client; see {@link ResourceLoaderBuilder#okHttpClient}. */
  public CodeLoaderBuilder<C> okHttpClient(Supplier<OkHttpClient> supplier) {
    client = supplier;
    return this;
  }

  /** Says that the namespace is one user's; see {@link ResourceLoaderBuilder#singleUser}. */
  public CodeLoaderBuilder<C> singleUser(boolean isSingle) {
    singleUser = isSingle;
    return this;
  }

  /**
   * Asks a proxy before the origin, which may answer with code: see {@link ProxyTier}.
   *
   * @param url a scheme, a host and perhaps a port
   * @param keys whose signatures are believed
   */
  public CodeLoaderBuilder<C> proxy(String url, Ed25519PublicKeys keys) {
    return proxy(ProxyTier.builder(url, keys).build());
  }

  /** The same with settings; the tier counts what became of it. */
  public CodeLoaderBuilder<C> proxy(ProxyTier tier) {
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
    ResourceLoaderBuilder settings =
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
