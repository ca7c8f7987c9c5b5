package dev.thermae.engine.rhino;

import dev.thermae.engine.RestoreException;
import java.lang.reflect.Field;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.JSCode;
import org.mozilla.javascript.JSDescriptor;

/** What Rhino knows of a function besides its code, taken apart into plain values. */
class FunctionHead {
  private static final int KNOWN_FLAGS = (1 << 13) - 1;

  final int flags;

  /** Function type, language version, start, end, variables, parameters, arity. */
  final int[] numbers;

  final String name;
  final @Nullable String[] names;
  final boolean @Nullable [] constants;

  /** Number of the functions nested in it. */
  final int children;

  /**
   * Takes {@code function} apart.
   *
   * @throws RestoreException when it holds what is not known here
   */
  FunctionHead(JSDescriptor<?> function) throws RestoreException {
    numbers =
        new int[] {
          function.getFunctionType(),
          function.getLanguageVersion(),
          (int) field(function, "rawSourceStart"),
          (int) field(function, "rawSourceEnd"),
          function.getParamAndVarCount(),
          function.getParamCount(),
          function.getArity()
        };
    flags = flags(function);
    name = function.getName();
    names = (String[]) field(function, "paramAndVarNames");
    constants = (boolean[]) field(function, "paramIsConst");
    children = function.getFunctionCount();
  }

  /** The same of a function that was compiled to class files and not built yet. */
  FunctionHead(JSDescriptor.Builder<?> function) throws RestoreException {
    numbers =
        new int[] {
          function.functionType,
          function.languageVersion,
          function.rawSourceStart,
          function.rawSourceEnd,
          function.paramAndVarCount,
          function.paramCount,
          function.arity
        };
    flags = flags(function);
    name = function.name == null ? "" : function.name;
    names = function.paramAndVarNames;
    constants = function.paramIsConst;
    children = function.nestedFunctions.size();
  }

  private static int flags(JSDescriptor<?> function) throws RestoreException {
    int flags = (int) field(function, "flags");
    Object constructor = function.getConstructor();
    if ((flags & ~KNOWN_FLAGS) != 0 || constructor != null && constructor != function.getCode()) {
      throw new RestoreException("a function of another Rhino");
    }
    return constructor == null ? flags : flags | RhinoCodeReader.HAS_CONSTRUCTOR;
  }

  private static int flags(JSDescriptor.Builder<?> function) throws RestoreException {
    boolean[] bits = {
      function.isStrict,
      function.isScript,
      function.isTopLevel,
      function.isES6Generator,
      function.isShorthand,
      function.hasPrototype,
      function.hasLexicalThis,
      function.isEvalFunction,
      function.hasRestArg,
      function.hasDefaultParameters,
      function.requiresActivationFrame,
      function.requiresArgumentObject,
      function.declaredAsFunctionExpression
    };
    int flags = 0;
    for (int i = 0; i < bits.length; i++) {
      flags |= bits[i] ? 1 << i : 0;
    }
    boolean constructs = function.constructor == function.code;
    if (!constructs && !(function.constructor instanceof JSCode.NullBuilder)) {
      throw new RestoreException("a function of another Rhino");
    }
    return constructs ? flags | RhinoCodeReader.HAS_CONSTRUCTOR : flags;
  }

  /** A private field of a descriptor for which there is no getter. */
  static Object field(JSDescriptor<?> function, String name) throws RestoreException {
    try {
      Field field = JSDescriptor.class.getDeclaredField(name);
      field.setAccessible(true);
      return field.get(function);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new RestoreException("no access to JSDescriptor." + name, e);
    }
  }

  /** Whether both are made of equal values. */
  final boolean matches(FunctionHead other) {
    return Arrays.deepEquals(values(), other.values());
  }

  /** All values, in an order of their own. */
  @Nullable Object[] values() {
    return new @Nullable Object[] {flags, numbers, name, names, constants, children};
  }
}
