package dev.thermae.engine.v8;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.reference.IV8Cacheable;
import com.caoccao.javet.values.reference.V8Module;
import com.caoccao.javet.values.reference.V8Script;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;

/**
 * A script or a module in a V8 runtime, which stays the user's. It may run many times, a module
 * once. Its V8 object is closed by whoever uses the engine after the unit became unreachable, or
 * with the runtime.
 *
 * <p>A runtime is used by one thread at a time: while one is in it, through an engine or a unit,
 * others get an {@link IllegalStateException}. A script that calls Java may load and run others.
 */
public final class V8Unit {
  private final RuntimeHold hold;
  private final WeakReference<IV8Cacheable> object;
  private final boolean ofAscii;

  V8Unit(RuntimeHold hold, IV8Cacheable object, boolean ofAscii) {
    this.hold = hold;
    this.object = new WeakReference<>(object);
    this.ofAscii = ofAscii;
    if (object instanceof V8Script) {
      hold.closeWith(this, (V8Script) object);
    }
  }

  /** Whether its source is ASCII. */
  boolean isOfAscii() {
    return ofAscii;
  }

  /**
   * Runs it in the runtime's global scope. A module is instantiated first, its imports resolved by
   * the runtime's module resolver, and gives a promise.
   *
   * @return the result, to be closed by the caller
   * @throws JavetException what the script throws, or stops it
   * @throws IllegalStateException when the runtime is closed, or another thread is in it
   */
  public V8Value run() throws JavetException {
    hold.enter();
    try {
      IV8Cacheable code = object();
      return code instanceof V8Module ? ((V8Module) code).execute(true) : script().execute(true);
    } finally {
      Reference.reachabilityFence(this);
      hold.leave();
    }
  }

  /** The runtime that it belongs to. */
  public V8Runtime runtime() {
    return hold.free();
  }

  /**
   * Javet's script, which is not to be closed and is good for as long as this unit is held.
   *
   * @throws IllegalStateException when this is a module, or the runtime is closed
   */
  public V8Script script() {
    IV8Cacheable code = object();
    if (!(code instanceof V8Script)) {
      throw new IllegalStateException("a module, not a script");
    }
    return (V8Script) code;
  }

  /**
   * Javet's module, for its namespace, its status and its error; open until the runtime is closed.
   *
   * @throws IllegalStateException when this is a script, or the runtime is closed
   */
  public V8Module module() {
    IV8Cacheable code = object();
    if (!(code instanceof V8Module)) {
      throw new IllegalStateException("a script, not a module");
    }
    return (V8Module) code;
  }

  boolean isModule() {
    return object() instanceof V8Module;
  }

  IV8Cacheable object() {
    IV8Cacheable code = object.get();
    if (code == null || code.isClosed()) {
      throw new IllegalStateException("the V8 runtime was closed or reset");
    }
    return code;
  }

  RuntimeHold hold() {
    return hold;
  }
}
