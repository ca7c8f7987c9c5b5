package dev.thermae.engine.v8;

import com.caoccao.javet.exceptions.BaseJavetScriptingException;
import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.callback.IJavetDirectCallable;
import com.caoccao.javet.interop.callback.JavetCallbackContext;
import com.caoccao.javet.interop.callback.JavetCallbackType;
import com.caoccao.javet.interop.options.V8RuntimeOptions;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.reference.V8ValueFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Runtimes of a test, which closes them, and how units run in them. Thread-safe. */
final class Runtimes implements AutoCloseable {
  private static final int MOST = 64;

  private final List<V8Runtime> open = new ArrayList<>();

  /** A new runtime; once there are many, the last one again. */
  synchronized V8Runtime next() {
    return open.size() < MOST ? fresh() : open.get(open.size() - 1);
  }

  synchronized V8Runtime fresh() {
    return with(new V8RuntimeOptions());
  }

  synchronized V8Runtime with(V8RuntimeOptions options) {
    try {
      V8Runtime runtime = V8Host.getV8Instance().createV8Runtime(options);
      open.add(runtime);
      return runtime;
    } catch (JavetException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A runtime whose heap begins as another one's ended. */
  synchronized V8Runtime fromSnapshot() {
    try (V8Runtime first =
        V8Host.getV8Instance()
            .createV8Runtime(new V8RuntimeOptions().setCreateSnapshotEnabled(true))) {
      first.getExecutor("var before = 1").executeVoid();
      V8RuntimeOptions options = new V8RuntimeOptions();
      options.setSnapshotBlob(first.createSnapshot());
      return with(options);
    } catch (JavetException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The result as text, or the error with message, name and line. */
  static String run(V8Unit unit, Callable<String> callback) {
    synchronized (unit.script().getV8Runtime()) {
      return running(unit, callback);
    }
  }

  private static String running(V8Unit unit, Callable<String> callback) {
    V8Runtime runtime = unit.runtime();
    JavetCallbackContext context =
        new JavetCallbackContext(
            "callback",
            JavetCallbackType.DirectCallNoThisAndResult,
            (IJavetDirectCallable.NoThisAndResult<Exception>)
                arguments -> runtime.createV8ValueString(callback.call()));
    try (V8ValueFunction function = runtime.createV8ValueFunction(context)) {
      runtime.getGlobalObject().set("callback", function);
      try (V8Value result = unit.run()) {
        return String.valueOf(result);
      }
    } catch (BaseJavetScriptingException e) {
      return e.getScriptingError().getDetailedMessage()
          + " at "
          + e.getScriptingError().getResourceName()
          + ':'
          + e.getScriptingError().getLineNumber()
          + ' '
          + e.getScriptingError().getStack();
    } catch (JavetException e) {
      throw new IllegalStateException(e);
    }
  }

  static String run(V8Unit unit) {
    return run(unit, () -> "none");
  }

  @Override
  public synchronized void close() {
    for (V8Runtime each : open) {
      try {
        if (!each.isClosed()) {
          V8Engine.of(each).closeScripts();
          each.close();
        }
      } catch (JavetException e) {
        throw new IllegalStateException(e);
      }
    }
    open.clear();
  }
}
