package dev.thermae.engine.v8;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.V8ScriptOrigin;
import com.caoccao.javet.values.reference.V8Script;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a runtime: who is in it, what its V8 is, and which scripts nobody needs any
 * more. There is one for each runtime, which it holds weakly: Javet keeps open runtimes, and what
 * was compiled in them, itself. Thread-safe.
 */
final class RuntimeHold {
  private static final Map<V8Runtime, RuntimeHold> HOLDS = new WeakHashMap<>();

  private final WeakReference<V8Runtime> runtime;
  private final ReentrantLock inside = new ReentrantLock();
  private final ReferenceQueue<V8Unit> dropped = new ReferenceQueue<>();
  private final Set<Drop> drops = ConcurrentHashMap.newKeySet();
  private volatile @Nullable CodeHeader header;
  private volatile @Nullable WeakReference<V8Script> mark;

  private RuntimeHold(V8Runtime runtime) {
    this.runtime = new WeakReference<>(runtime);
  }

  static RuntimeHold of(V8Runtime runtime) {
    synchronized (HOLDS) {
      RuntimeHold known = HOLDS.get(runtime);
      if (known == null) {
        known = new RuntimeHold(runtime);
        HOLDS.put(runtime, known);
      }
      return known;
    }
  }

  /** A unit that is unreachable, and what is left of it in V8. */
  private static final class Drop extends PhantomReference<V8Unit> {
    private final WeakReference<V8Script> script;

    Drop(V8Unit unit, V8Script script, ReferenceQueue<V8Unit> queue) {
      super(unit, queue);
      this.script = new WeakReference<>(script);
    }
  }

  /** Has {@code script} closed some time after {@code unit} became unreachable. */
  void closeWith(V8Unit unit, V8Script script) {
    drops.add(new Drop(unit, script, dropped));
  }

  /**
   * The runtime.
   *
   * @throws IllegalStateException when it is closed, or another thread is in it
   */
  V8Runtime free() {
    V8Runtime open = runtime.get();
    if (open == null || open.isClosed()) {
      throw new IllegalStateException("the V8 runtime is closed");
    }
    if (inside.isLocked() && !inside.isHeldByCurrentThread()) {
      throw taken();
    }
    return open;
  }

  private static IllegalStateException taken() {
    return new IllegalStateException(
        "another thread uses this V8 runtime; they have to take turns");
  }

  /**
   * Begins a use by this thread, which may be in the runtime already; {@link #leave} ends it.
   *
   * @throws IllegalStateException when it is closed, or another thread is in it
   */
  V8Runtime enter() {
    V8Runtime open = free();
    if (!inside.tryLock()) {
      throw taken();
    }
    closeDropped();
    return open;
  }

  void leave() {
    inside.unlock();
  }

  private void closeDropped() {
    for (Reference<?> each = dropped.poll(); each != null; each = dropped.poll()) {
      Drop drop = (Drop) each;
      drops.remove(drop);
      close(drop.script.get());
    }
  }

  private static void close(@Nullable V8Script script) {
    if (script != null && !script.isClosed()) {
      try {
        script.close();
      } catch (JavetException e) {
        throw new IllegalStateException("a V8 script cannot be closed", e);
      }
    }
  }

  /** Closes every script that was compiled here. */
  void closeAll() {
    enter();
    try {
      for (Drop each : drops) {
        close(each.script.get());
      }
      drops.clear();
      WeakReference<V8Script> marked = mark;
      close(marked == null ? null : marked.get());
    } finally {
      leave();
    }
  }

  /**
   * What stands for the runtime until it is closed or reset: a script, which Javet holds and closes
   * with all others then.
   */
  V8Script mark() {
    free();
    WeakReference<V8Script> known = mark;
    V8Script script = known == null ? null : known.get();
    return script == null || script.isClosed() ? newMark() : script;
  }

  private V8Script newMark() {
    V8Runtime open = enter();
    try {
      V8Script script = open.compileV8Script("1", null, new V8ScriptOrigin("mark"), true);
      header = new CodeHeader(script.getCachedData());
      mark = new WeakReference<>(script);
      return script;
    } catch (JavetException e) {
      throw new IllegalStateException("V8 does not tell what it is", e);
    } finally {
      leave();
    }
  }

  /** The header of code that this runtime's V8 writes. */
  CodeHeader header() {
    mark();
    return Objects.requireNonNull(header);
  }

  /** Scripts that are open for units that can be reached, or were not yet found unreachable. */
  int scripts() {
    return drops.size();
  }
}
