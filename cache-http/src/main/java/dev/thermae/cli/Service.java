package dev.thermae.cli;

import dev.thermae.CodeCache;
import dev.thermae.CodeCacheBuilder;
import dev.thermae.code.SigningKeys;
import dev.thermae.disk.DiskOptions;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.DiskUsage;
import dev.thermae.event.CacheStats;
import dev.thermae.http.compile.CompileWorkers;
import dev.thermae.http.compile.CompileWorkersBuilder;
import dev.thermae.http.guard.OriginGuard;
import dev.thermae.http.proxy.CodeStats;
import dev.thermae.http.proxy.ProxyServer;
import dev.thermae.http.proxy.ProxyServerBuilder;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceLoaderBuilder;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A proxy with all that it stands on, opened and closed together. Thread-safe. */
final class Service implements AutoCloseable {
  private static final Duration ORIGIN_TIMEOUT = Duration.ofSeconds(60);

  private final CodeCache cache;
  private final SharedClient client;
  private final OriginGuard guard;
  private final ResourceLoader loader;
  private final ProxyServer proxy;
  private final Operations operations;
  private final @Nullable CompileWorkers workers;
  private final String ready;
  private volatile @Nullable DiskUsage lastUsage;

  private Service(
      ProxyServerBuilder settings,
      CodeCache cache,
      String place,
      CacheBounds bounds,
      Operations operations,
      @Nullable CompileWorkersBuilder compile)
      throws IOException {
    this.cache = cache;
    this.workers = compile == null ? null : compile.build();
    if (workers != null) {
      settings.codeCompiler(workers);
    }
    this.operations = operations;
    this.client = new SharedClient();
    this.guard = settings.guard(client);
    ResourceLoaderBuilder fetching =
        ResourceLoader.builder(cache.store())
            .shared(true)
            .counters(cache.counters())
            .okHttpClient(guard)
            .timeout(ORIGIN_TIMEOUT)
            .maximumBytes(bounds.bodyBytes());
    operations.listenTo(fetching);
    operations.listenTo(settings);
    this.loader = fetching.build();
    this.proxy = settings.start(loader);
    this.ready = proxy.url() + " -> " + proxy.origin() + ", cache " + place + operate();
  }

  private String operate() throws IOException {
    try {
      return operations.start(cache, loader, proxy);
    } catch (IOException e) {
      proxy.close();
      throw e;
    }
  }

  /**
   * Opens the cache, in memory where the folder cannot be used, and starts the proxy.
   *
   * @param folder of the cache; null for the default
   * @param keys of signed mode; null without
   * @throws FailedException when it cannot listen
   */
  static Service open(
      ProxyServerBuilder settings, @Nullable Path folder, @Nullable SigningKeys keys)
      throws FailedException {
    return open(settings, folder, keys, CacheBounds.DEFAULTS, OperationsSettings.NONE, null);
  }

  /**
   * The same, with an admin listener, an access log and compiling where they were chosen.
   *
   * @param bounds of what is kept
   */
  static Service open(
      ProxyServerBuilder settings,
      @Nullable Path folder,
      @Nullable SigningKeys keys,
      CacheBounds bounds,
      OperationsSettings operated,
      @Nullable CompileWorkersBuilder compile)
      throws FailedException {
    Operations operations = Operations.open(operated);
    CodeCacheBuilder builder =
        CodeCache.builder()
            .policy(CachePolicy.eager())
            .disk(DiskOptions.DEFAULTS.maximumBytes(bounds.folderBytes()))
            .listener(operations.listener());
    if (keys != null) {
      builder.signed(keys);
    }
    CodeCache cache = folder == null ? builder.build() : builder.directory(folder).build();
    String place = "in memory";
    if (cache.store() instanceof DiskStore) {
      Path used = folder == null ? DiskStore.defaultFolder() : folder;
      place = used.toAbsolutePath().normalize().toString();
    }
    try {
      Service service = new Service(settings, cache, place, bounds, operations, compile);
      if (cache.store() instanceof DiskStore disk) {
        disk.claimIndex(); // not before the port is ours: who cannot listen needs no index
      }
      return service;
    } catch (IOException e) {
      operations.close();
      cache.close();
      Throwable cause = e.getCause();
      String why = cause == null ? "" : ": " + cause.getMessage();
      throw new FailedException("cannot listen: " + e.getMessage() + why, e);
    }
  }

  /** Where the proxy is, where it leads and where it keeps things. */
  String ready() {
    return ready;
  }

  /** What was done. */
  String summary() {
    CacheStats stats = cache.stats();
    DiskUsage usage = lastUsage;
    CodeStats code = proxy.codeStats();
    String text = proxy.stats() + "; " + stats.stored() + " responses stored";
    if (code != null) {
      text += "; " + code;
    }
    if (proxy.slowClients() > 0) {
      text += "; " + proxy.slowClients() + " connections of slow clients ended";
    }
    if (stats.faults() + stats.rejected() > 0) {
      text += ", " + stats.faults() + " faults, " + stats.rejected() + " refused files";
    }
    if (usage != null) {
      text += "; the folder holds " + usage.entries() + ", " + usage.bytes() + " bytes";
      text += " (" + usage.kind() + " index)";
    }
    return text;
  }

  /** Waits until it was closed. */
  void join() throws InterruptedException {
    proxy.join();
  }

  /** Lets requests under way end, then closes everything; the index is sealed. */
  @Override
  public void close() {
    proxy.close();
    if (workers != null) {
      workers.close();
    }
    operations.close();
    loader.close();
    guard.close();
    client.close();
    lastUsage = usage();
    cache.close();
  }

  /** What the index knows, once it is open. */
  @Nullable DiskUsage usage() {
    return cache.store() instanceof DiskStore disk ? disk.usage() : null;
  }
}
