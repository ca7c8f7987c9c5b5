package dev.thermae.engine.rhino;

import java.util.concurrent.Callable;
import org.mozilla.javascript.BaseFunction;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/** Runs scripts of Rhino in scopes of their own, and ends those that run for ever. */
final class RhinoRuns {
  private static final ContextFactory FACTORY = new Limited(100_000_000);
  private static final ContextFactory SHORT = new Limited(100_000);

  private RhinoRuns() {}

  /** What {@code unit} gives, as text, or how it fails. */
  static String run(Script unit, Callable<String> callback) {
    return run(FACTORY, unit, callback);
  }

  /** The same for code that may be damaged, and loop. */
  static String runBriefly(Script unit) {
    return run(SHORT, unit, () -> "");
  }

  private static String run(ContextFactory factory, Script unit, Callable<String> callback) {
    Context context = factory.enterContext();
    try {
      context.setLanguageVersion(Context.VERSION_ECMASCRIPT);
      ScriptableObject scope = context.initStandardObjects();
      ScriptableObject.putProperty(scope, "callback", new Callback(callback));
      return Context.toString(unit.exec(context, scope, scope));
    } catch (RhinoException e) {
      return e.details()
          + " at "
          + e.sourceName()
          + ':'
          + e.lineNumber()
          + '\n'
          + e.getScriptStackTrace();
    } finally {
      Context.exit();
    }
  }

  /** Stops a script whose damaged code loops. */
  private static final class Limited extends ContextFactory {
    private final int mostSteps;

    Limited(int mostSteps) {
      this.mostSteps = mostSteps;
    }

    @Override
    protected Context makeContext() {
      Context context = super.makeContext();
      context.setInstructionObserverThreshold(10_000);
      return context;
    }

    @Override
    protected void observeInstructionCount(Context context, int count) {
      Integer before = (Integer) context.getThreadLocal(this);
      int steps = count + (before == null ? 0 : before);
      context.putThreadLocal(this, steps);
      if (steps > mostSteps) {
        throw new IllegalStateException("a script that does not end");
      }
    }
  }

  private static final class Callback extends BaseFunction {
    private static final long serialVersionUID = 1;

    private final transient Callable<String> callback;

    Callback(Callable<String> callback) {
      this.callback = callback;
    }

    @Override
    public Object call(Context context, Scriptable scope, Scriptable self, Object[] arguments) {
      try {
        return callback.call();
      } catch (Exception e) {
        throw Context.throwAsScriptRuntimeEx(e);
      }
    }
  }
}
