package dev.thermae.engine.rhino;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import java.io.IOException;
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

/** Runs Rhino's parser and one of its code generators with options of our own. */
final class RhinoCompiler {
  private static final RefusedScripts REFUSED = new RefusedScripts();

  private final RhinoOptions options;
  private final Source source;
  private final Shape shape;

  private RhinoCompiler(RhinoOptions options, Source source, Shape shape) {
    this.options = options;
    this.source = source;
    this.shape = shape;
  }

  /** To interpreter code, or to class files where that is asked for and the script allows it. */
  static Script compile(RhinoOptions options, Source source, Shape shape, boolean classFiles) {
    Context context = options.factory().enterContext();
    int version = options.swapVersion(context);
    try {
      RhinoCompiler compiler = new RhinoCompiler(options, source, shape);
      Script script = classFiles ? compiler.classFiles(context) : null;
      return script == null ? compiler.interpreted(context) : script;
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

  /** Null when the script cannot be had as class files, which is remembered. */
  private @Nullable Script classFiles(Context context) {
    if (RhinoOptions.securityController() != null || REFUSED.contains(source, shape, options)) {
      return null;
    }
    CompilerEnvirons environs = environs(context);
    environs.setInterpretedMode(false);
    ScriptNode tree = parse(context, environs);
    try {
      ClassFileScript script = ClassFileCompiler.compile(environs, tree, source, options);
      script.onFault(error -> REFUSED.add(source, shape, options));
      return script;
    } catch (RhinoException e) {
      throw e;
    } catch (IOException | RuntimeException | LinkageError e) {
      // Limits of class files have exceptions of many types, some of them plain ones.
      REFUSED.add(source, shape, options);
      return null;
    } catch (StackOverflowError e) {
      return null;
    }
  }

  private Script interpreted(Context context) {
    CompilerEnvirons environs = environs(context);
    ScriptNode tree = parse(context, environs);
    Interpreter interpreter = new Interpreter();
    Object code = interpreter.compile(environs, tree, source.text(), false);
    return interpreter.createScriptObject(code, null);
  }

  private CompilerEnvirons environs(Context context) {
    CompilerEnvirons environs = new CompilerEnvirons();
    if (context.getFactory() == options.factory()) {
      environs.initFromContext(context);
    }
    options.applyTo(environs, shape.strict());
    return environs;
  }

  private ScriptNode parse(Context context, CompilerEnvirons environs) {
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
    return tree;
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
