package dev.thermae.engine.quickjs;

import dev.thermae.code.Rejection;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.RestoreException;
import dev.thermae.engine.digest.DigestedCode;
import dev.thermae.event.Counters;
import dev.thermae.store.Store;
import io.roastedroot.quickjs4j.core.ScriptCache;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The cache that quickjs4j itself asks for, over a store: for programs that call its {@code Engine}
 * or {@code Runner}, and keep calling them.
 *
 * <pre>{@code
 * CodeCache cache = CodeCache.builder().build();
 * QuickJsCache scripts = QuickJsCache.over(cache.store(), cache.counters());
 * Engine engine = Engine.builder().withCache(scripts).build();
 * }</pre>
 *
 * <p>quickjs4j asks with the source, and what it puts before it for its builtins. Here the builds
 * of quickjs4j and of its WebAssembly runtime belong to the key as well, and what is stored is
 * sealed: damage and another build are misses. Faults are counted and never thrown. The source is
 * kept by its SHA-256 alone.
 *
 * <p>Thread-safe: one serves any number of engines.
 */
public final class QuickJsCache implements ScriptCache {
  private static final QuickJsEngine BUILD = QuickJsEngine.create();

  private final Store store;
  private final Counters counters;
  private final DigestedCode scripts;

  /** What {@link #exists} found and {@link #get} is about to ask for, on the same thread. */
  private final Map<Thread, Found> found = Collections.synchronizedMap(new WeakHashMap<>());

  private QuickJsCache(Store store, Counters counters, String namespace) {
    this.store = store;
    this.counters = counters;
    this.scripts = DigestedCode.of("quickjs4j", store, counters, BUILD, namespace);
  }

  /** The very array that was asked for, and what it is compiled. */
  private static final class Found {
    final byte[] code;
    final byte[] compiled;

    Found(byte[] code, byte[] compiled) {
      this.code = code;
      this.compiled = compiled;
    }
  }

  /**
   * A cache over {@code store}, which stays the caller's to close.
   *
   * @param counters where hits are not counted, but what is stored, refused or fails is
   */
  public static QuickJsCache over(Store store, Counters counters) {
    return new QuickJsCache(store, counters, "");
  }

  /** The same for a tenant or trust domain, with which no other one shares anything. */
  public QuickJsCache namespace(String name) {
    return new QuickJsCache(store, counters, name);
  }

  /** Whether there is good bytecode of a source; the next {@link #get} of this thread gives it. */
  @Override
  public boolean exists(byte[] code) {
    byte[] compiled = find(code);
    if (compiled == null) {
      found.remove(Thread.currentThread());
      return false;
    }
    found.put(Thread.currentThread(), new Found(code, compiled));
    return true;
  }

  /** The bytecode of a source; null for none, whatever the reason. */
  @Override
  public byte @Nullable [] get(byte[] code) {
    Found last = found.remove(Thread.currentThread());
    return last != null && last.code == code ? last.compiled : find(code);
  }

  /** Keeps the bytecode of a source, unless there is a good one, or it cannot be kept. */
  @Override
  public void set(byte[] code, byte[] compiled) {
    String digest = digest(code);
    scripts.keep(digest, BUILD.serialize(new QuickJsUnit(digest, compiled)));
  }

  private byte @Nullable [] find(byte[] code) {
    String digest = digest(code);
    byte[] kept = scripts.find(digest);
    if (kept == null) {
      return null;
    }
    try {
      return BUILD.restore(kept, 0, kept.length, Source.of(digest, digest), Shape.SCRIPT).shared();
    } catch (RestoreException e) {
      counters.onRejected("quickjs4j " + digest, Rejection.ENGINE, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static String digest(byte[] code) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(code);
      return "sha-256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
