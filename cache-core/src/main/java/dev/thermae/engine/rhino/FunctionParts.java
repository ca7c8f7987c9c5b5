package dev.thermae.engine.rhino;

import dev.thermae.engine.RestoreException;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.JSDescriptor;
import org.mozilla.javascript.NativeObject;
import org.mozilla.javascript.Node;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.Undefined;
import org.mozilla.javascript.UniqueTag;

/**
 * One function of a unit, taken apart into plain values: what is written, and what the written
 * bytes must give again.
 *
 * <p>Values are normalized: doubles by their bits, regular expressions as {@code pattern/flags},
 * template literals as their strings even after they ran, computed keys as null, long jumps sorted.
 */
final class FunctionParts extends FunctionHead {
  /** Locals, stack, arguments, first line. */
  final int[] sizes;

  final byte[] instructions;
  final @Nullable String @Nullable [] strings;
  final long @Nullable [] doubles;
  final BigInteger @Nullable [] bigInts;
  final @Nullable String @Nullable [] regExps;
  final @Nullable Object @Nullable [] templates;
  final int @Nullable [] exceptions;
  final @Nullable Object @Nullable [] literals;

  /** Instruction and target in turn, by instruction. */
  final int @Nullable [] jumps;

  private FunctionParts(JSDescriptor<?> function, @Nullable Object[] code, Context context)
      throws RestoreException {
    super(function);
    strings = (String[]) code[0];
    doubles = bits((double[]) code[1]);
    bigInts = (BigInteger[]) code[2];
    regExps = regExps((Object[]) code[4], context);
    templates = templates((Object[]) code[5]);
    instructions = (byte[]) code[6];
    exceptions = (int[]) code[7];
    sizes = new int[] {(int) code[9], (int) code[10], (int) code[12], (int) code[15]};
    literals = literals((Object[]) code[13]);
    jumps = jumps((Map<?, ?>) code[14]);
    int frame = numbers[4] + sizes[0] + sizes[1];
    if (code[3] != null || (int) code[8] != numbers[4] || (int) code[11] != frame) {
      throw new RestoreException("interpreter code of another Rhino");
    }
  }

  /**
   * Takes {@code function} apart.
   *
   * @throws RestoreException when it holds what is not known here
   */
  static FunctionParts of(
      JSDescriptor<?> function, Function<Object[], Object> access, Context context)
      throws RestoreException {
    Object code = function.getCode();
    if (code == null || !code.getClass().getSimpleName().equals("InterpreterData")) {
      throw new RestoreException("not interpreter code: " + code);
    }
    if (function.getSecurityDomain() != null) {
      throw new RestoreException("code of a security domain stays in memory");
    }
    try {
      return new FunctionParts(function, (Object[]) access.apply(new Object[] {code}), context);
    } catch (ClassCastException | NullPointerException e) {
      throw new RestoreException("interpreter code of another Rhino", e);
    }
  }

  /** Whether a unit that was compiled just now has template literals. */
  static boolean hasTemplates(JSDescriptor<?> script, Function<Object[], Object> access)
      throws RestoreException {
    ArrayDeque<JSDescriptor<?>> rest = new ArrayDeque<>();
    rest.add(script);
    for (JSDescriptor<?> each = rest.poll(); each != null; each = rest.poll()) {
      Object code = each.getCode();
      if (code == null || !code.getClass().getSimpleName().equals("InterpreterData")) {
        throw new RestoreException("not interpreter code: " + code);
      }
      if (((Object[]) access.apply(new Object[] {code}))[5] != null) {
        return true;
      }
      for (int i = 0; i < each.getFunctionCount(); i++) {
        rest.add(each.getFunction(i));
      }
    }
    return false;
  }

  private static long @Nullable [] bits(double @Nullable [] doubles) {
    if (doubles == null) {
      return null;
    }
    long[] bits = new long[doubles.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Double.doubleToRawLongBits(doubles[i]);
    }
    return bits;
  }

  private static @Nullable String @Nullable [] regExps(
      Object @Nullable [] compiled, Context context) {
    if (compiled == null) {
      return null;
    }
    Scriptable scope = new NativeObject();
    String[] texts = new String[compiled.length];
    for (int i = 0; i < texts.length; i++) {
      // "/pattern/flags"
      texts[i] = ScriptRuntime.wrapRegExp(context, scope, compiled[i]).toString().substring(1);
    }
    return texts;
  }

  /** A template literal that ran has become the frozen array that its tag function saw. */
  private static Object @Nullable [] templates(Object @Nullable [] templates)
      throws RestoreException {
    if (templates == null) {
      return null;
    }
    Object[] plain = new Object[templates.length];
    for (int i = 0; i < plain.length; i++) {
      Object template = templates[i];
      if (template instanceof Scriptable) {
        plain[i] = strings((Scriptable) template);
      } else if (template instanceof String[]) {
        plain[i] = template;
      } else {
        throw new RestoreException("a template literal of another Rhino");
      }
    }
    return plain;
  }

  private static @Nullable String[] strings(Scriptable site) {
    Scriptable raw = (Scriptable) site.get("raw", site);
    int length = ((Number) raw.get("length", raw)).intValue();
    @Nullable String[] strings = new String[length * 2];
    for (int i = 0; i < length; i++) {
      Object cooked = site.get(i, site);
      strings[2 * i] = Undefined.isUndefined(cooked) ? null : (String) cooked;
      strings[2 * i + 1] = (String) raw.get(i, raw);
    }
    return strings;
  }

  private static @Nullable Object @Nullable [] literals(@Nullable Object @Nullable [] literals)
      throws RestoreException {
    if (literals == null) {
      return null;
    }
    @Nullable Object[] plain = new Object[literals.length];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = literal(literals[i]);
    }
    return plain;
  }

  private static @Nullable Object literal(@Nullable Object literal) throws RestoreException {
    if (literal instanceof Object[]) {
      return literals((Object[]) literal);
    }
    if (literal instanceof Node) {
      // A computed key: the interpreter overwrites a copy at run time.
      return null;
    }
    if (literal == null
        || literal instanceof String
        || literal instanceof Integer
        || literal instanceof Double
        || literal instanceof int[]
        || literal == UniqueTag.NOT_FOUND
        || literal == UniqueTag.NULL_VALUE) {
      return literal;
    }
    throw new RestoreException("a literal of an unknown kind: " + literal.getClass().getName());
  }

  private static int @Nullable [] jumps(@Nullable Map<?, ?> jumps) {
    if (jumps == null) {
      return null;
    }
    int[] sorted = new int[jumps.size() * 2];
    int i = 0;
    for (Map.Entry<?, ?> jump : new TreeMap<>(jumps).entrySet()) {
      sorted[i++] = (int) jump.getKey();
      sorted[i++] = (int) jump.getValue();
    }
    return sorted;
  }

  @Override
  @Nullable Object[] values() {
    return new @Nullable Object[] {
      super.values(),
      sizes,
      instructions,
      strings,
      doubles,
      bigInts,
      regExps,
      templates,
      exceptions,
      literals,
      jumps
    };
  }
}
