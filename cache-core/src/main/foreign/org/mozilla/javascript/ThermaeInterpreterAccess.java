package org.mozilla.javascript;

import java.math.BigInteger;
import java.util.Map;
import java.util.function.Function;

/**
 * Makes and takes apart {@link InterpreterData}, whose constructor and fields are package-private.
 *
 * <p>An array of the constructor's sixteen arguments gives an instance; an array of one instance
 * gives its sixteen values in the same order. Compiled apart, shipped as bytes and defined in
 * Rhino's own loader and package at run time; only JDK types in its interface, so that several
 * class loaders can share it. Stateless.
 */
public final class ThermaeInterpreterAccess implements Function<Object[], Object> {
  /** Creates the access. */
  public ThermaeInterpreterAccess() {}

  @Override
  public Object apply(Object[] values) {
    return values.length == 1 ? takeApart((InterpreterData<?>) values[0]) : make(values);
  }

  @SuppressWarnings("unchecked")
  private static Object make(Object[] values) {
    return new InterpreterData<JSFunction>(
        (String[]) values[0],
        (double[]) values[1],
        (BigInteger[]) values[2],
        (InterpreterData<JSFunction>[]) values[3],
        (Object[]) values[4],
        (Object[]) values[5],
        (byte[]) values[6],
        (int[]) values[7],
        (int) values[8],
        (int) values[9],
        (int) values[10],
        (int) values[11],
        (int) values[12],
        (Object[]) values[13],
        (Map<Integer, Integer>) values[14],
        (int) values[15]);
  }

  private static Object takeApart(InterpreterData<?> code) {
    return new Object[] {
      code.itsStringTable,
      code.itsDoubleTable,
      code.itsBigIntTable,
      code.itsNestedFunctions,
      code.itsRegExpLiterals,
      code.itsTemplateLiterals,
      code.itsICode,
      code.itsExceptionTable,
      code.itsMaxVars,
      code.itsMaxLocals,
      code.itsMaxStack,
      code.itsMaxFrameArray,
      code.itsMaxCalleeArgs,
      code.literalIds,
      code.longJumps,
      code.firstLinePC
    };
  }
}
