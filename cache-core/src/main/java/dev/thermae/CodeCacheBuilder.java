package dev.thermae;

import dev.thermae.code.Seal;
import dev.thermae.code.SigningKeys;
import dev.thermae.disk.DiskOptions;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.KeyFolder;
import dev.thermae.event.CacheListener;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.policy.CachePolicy;
import dev.thermae.policy.Patience;
import dev.thermae.store.MemoryStore;
import dev.thermae.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets up a {@link CodeCache}. Not thread-safe. */
public final class CodeCacheBuilder {
  private String namespace = "";
  private @Nullable CachePolicy policy;
  private Map<String, CachePolicy> policies = Map.of();
  private @Nullable Patience patience;
  private TimeSource time = TimeSource.SYSTEM;
  private long memoryBytes = CodeCache.MEMORY_BYTES;
  private long errorMillis = CodeCache.ERROR_MILLIS;
  private @Nullable Path folder;
  private boolean onDisk = true;
  private boolean alone;
  private @Nullable DiskOptions disk;
  private @Nullable SigningKeys keys;
  private @Nullable Path keyFolder;
  private @Nullable CacheListener listener;

  CodeCacheBuilder() {}

  /**
   * The folder of the disk tier; without it {@code THERMAE_DIR}, else the user's cache home. It
   * lies above the bases in the list {@code THERMAE_BASE}, unless {@link DiskOptions#bases} names
   * others.
   */
  public CodeCacheBuilder directory(Path directory) {
    folder = directory;
    onDisk = true;
    return this;
  }

  /**
   * The folder of the disk tier, above no bases but those that {@link DiskOptions#bases} names,
   * whatever {@code THERMAE_BASE} says: for filling what is to be a base itself.
   */
  public CodeCacheBuilder directoryAlone(Path directory) {
    alone = true;
    return directory(directory);
  }

  /** How the disk tier is kept; {@link DiskOptions#DEFAULTS} unless set. */
  public CodeCacheBuilder disk(DiskOptions options) {
    disk = options;
    return this;
  }

  /** No disk tier: resources and code stay in memory. */
  public CodeCacheBuilder inMemory() {
    onDisk = false;
    return this;
  }

  /** Tenant or trust domain: caches of different namespaces share nothing. */
  public CodeCacheBuilder namespace(String name) {
    if (name.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a namespace has no line breaks: " + name);
    }
    namespace = name;
    return this;
  }

  /** When code is kept; {@link CachePolicy#chrome()} unless set. */
  public CodeCacheBuilder policy(CachePolicy chosen) {
    policy = chosen;
    return this;
  }

  /** When code of one engine is kept, by its {@link dev.thermae.engine.Engine#id()}. */
  public CodeCacheBuilder policy(String engine, CachePolicy chosen) {
    Map<String, CachePolicy> all = new HashMap<>(policies);
    all.put(engine, chosen);
    policies = all;
    return this;
  }

  /**
   * How long a load waits for another process that compiles the same at that moment, to use its
   * code; {@link Patience#asExpected} unless set.
   */
  public CodeCacheBuilder waitForOthers(Patience chosen) {
    patience = chosen;
    return this;
  }

  /** Seals with secrets instead of checksums: where others can write the folder. */
  public CodeCacheBuilder signed(SigningKeys secrets) {
    keys = secrets;
    keyFolder = null;
    return this;
  }

  /**
   * Seals with the secrets in a folder, outside the cache folder: see {@link KeyFolder}. Where they
   * are missing, or others may read them, there is no disk tier, and a warning says so.
   */
  public CodeCacheBuilder signed(Path secrets) {
    keyFolder = secrets;
    keys = null;
    return this;
  }

  /** Sees every step. */
  public CodeCacheBuilder listener(CacheListener sees) {
    listener = sees;
    return this;
  }

  /** Clocks, for tests. */
  public CodeCacheBuilder time(TimeSource source) {
    time = source;
    return this;
  }

  /** Bytes that units may take in memory; 64 MiB unless set. */
  public CodeCacheBuilder memoryBytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("memory is bounded by a positive number of bytes");
    }
    memoryBytes = bytes;
    return this;
  }

  /** How long a compile error is remembered, in milliseconds; 5,000 unless set, 0 for never. */
  public CodeCacheBuilder rememberErrors(long millis) {
    errorMillis = millis;
    return this;
  }

  /** Builds the cache. A folder that cannot be used is warned of once; the memory tier works on. */
  public CodeCache build() {
    Counters counters = new Counters(listener);
    Store store = onDisk ? onDisk(counters) : new MemoryStore(memoryBytes, counters, time);
    return build(store, counters);
  }

  /** Builds a cache over a store that is there already. */
  CodeCache build(Store store, Counters counters) {
    return new CodeCache(
        store, counters, time, namespace, policy, policies, patience, memoryBytes, errorMillis);
  }

  private Store onDisk(Counters counters) {
    try {
      SigningKeys secrets = keys;
      if (keyFolder != null) {
        KeyFolder.requireOutside(keyFolder, folder == null ? DiskStore.defaultFolder() : folder);
        secrets = KeyFolder.read(keyFolder);
      }
      Seal seal = secrets == null ? Seal.checksum() : Seal.signed(secrets, namespace);
      if (alone && folder != null) {
        return DiskStore.open(folder, seal, counters, time, disk);
      }
      return DiskStore.openAboveBases(folder, seal, counters, time, disk);
    } catch (IOException | RuntimeException e) {
      return withoutDisk(e, memoryBytes, counters, time);
    }
  }

  /** A cache whose folder cannot be used: what it would have kept stays in memory. */
  static Store withoutDisk(Exception why, long memoryBytes, Counters counters, TimeSource time) {
    counters.onWarning("No disk tier: " + why.getMessage());
    return new MemoryStore(memoryBytes, counters, time);
  }
}
