package dev.thermae.engine.rhino;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.CompilerEnvirons;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ErrorReporter;
import org.mozilla.javascript.EvaluatorException;
import org.mozilla.javascript.IRFactory;
import org.mozilla.javascript.Interpreter;
import org.mozilla.javascript.Parser;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.ast.ScriptNode;

/** Runs Rhino's parser and its interpreter's code generator with options of our own. */
final class RhinoCompiler {
  private RhinoCompiler() {}

  static Script compile(RhinoOptions options, Source source, Shape shape) {
    Context context = options.factory().enterContext();
    int version = options.swapVersion(context);
    try {
      return compile(context, options, source, shape);
    } catch (RhinoException e) {
      throw new CompileException(e.details(), source.name(), e.lineNumber(), e.columnNumber(), e);
    } catch (StackOverflowError e) {
      throw new CompileException(
          "nested too deeply for the stack of this thread", source.name(), 0, 0, e);
    } finally {
      RhinoOptions.swapVersion(context, version);
      Context.exit();
    }
  }

  private static Script compile(Context context, RhinoOptions options, Source source, Shape shape) {
    CompilerEnvirons environs = new CompilerEnvirons();
    if (context.getFactory() == options.factory()) {
      environs.initFromContext(context);
    }
    options.applyTo(environs, shape.strict());
    ErrorReporter reporter =
        new ThrowingReporter(context.getErrorReporter(), options.warningsAsErrors());
    String text = source.text();
    String name = source.name();
    ScriptNode tree =
        new IRFactory(environs, name, text, reporter)
            .transformTree(new Parser(environs, reporter).parse(text, name, shape.firstLine()));
    if (environs.isGeneratingSource()) {
      tree.setRawSource(text);
      tree.setRawSourceBounds(0, text.length());
    }
    Interpreter interpreter = new Interpreter();
    Object code = interpreter.compile(environs, tree, text, false);
    return interpreter.createScriptObject(code, null);
  }

  /** Throws at the first error, as Rhino does by default, and hands warnings on. */
  private static final class ThrowingReporter implements ErrorReporter {
    private final ErrorReporter next;
    private final boolean warningsAsErrors;

    ThrowingReporter(ErrorReporter next, boolean warningsAsErrors) {
      this.next = next;
      this.warningsAsErrors = warningsAsErrors;
    }

    @Override
    public void warning(String message, String name, int line, @Nullable String text, int column) {
      if (warningsAsErrors) {
        error(message, name, line, text, column);
      }
      next.warning(message, name, line, text, column);
    }

    @Override
    public void error(String message, String name, int line, @Nullable String text, int column) {
      throw runtimeError(message, name, line, text, column);
    }

    @Override
    public EvaluatorException runtimeError(
        String message, String name, int line, @Nullable String text, int column) {
      return new EvaluatorException(message, name, line, text, column);
    }
  }
}
