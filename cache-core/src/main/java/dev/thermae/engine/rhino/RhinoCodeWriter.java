package dev.thermae.engine.rhino;

import dev.thermae.code.Source;
import dev.thermae.engine.CorruptCodeException;
import dev.thermae.engine.RestoreException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.JSDescriptor;
import org.mozilla.javascript.UniqueTag;

/**
 * Writes the functions of a unit, breadth first, so that nested functions are neighbours and no
 * depth of nesting is too deep.
 *
 * <p>The format, version {@value RhinoCodeBytes#FORMAT}:
 *
 * <pre>
 * unit       = format scoped source-length strings functions text-length
 *              { entry } { start } { text } { function } places
 * format     = byte                      ; RhinoCodeBytes.FORMAT
 * scoped     = byte                      ; 1 if the unit has template literals, else 0
 * source-length, strings, functions, text-length = int32
 *                                        ; characters; counts of what follows; bytes of all text
 * entry      = int32                     ; where a string's text starts, times 2, plus 1 if wide
 * start      = int32                     ; where a function starts, behind the text; and places
 * text       = { byte }                  ; ISO-8859-1, or UTF-16BE if wide; ends where the next starts
 *
 * places     = ints                      ; of the characters above 127 in the source: how many lie
 *                                        ; before each; null if there are many, or U+FFFD
 * function   = first-child children flags type language begin end variables parameters arity
 *              string names constants
 *              locals stack arguments first-line instructions
 *              names doubles big-ints reg-exps value ints value jumps
 *              ; string: its name; names: of variables, then the string table
 *              ; first value: template literals; ints: exception table; second value: literals
 * first-child, children                  ; by number; the script is 0; parents come first
 * flags      = varint                    ; bits of JSDescriptor, 13: can be constructed
 * begin, end                             ; of the source text
 * type, language, variables, parameters, arity, locals, stack, arguments, first-line = varint
 * constants  = count { byte }            ; 0 or 1
 * instructions = count { byte }
 * names      = count { string }
 * doubles    = count { int64 }
 * big-ints   = count { count { byte } }  ; two's complement, most significant byte first
 * reg-exps   = count { string }          ; pattern/flags
 * ints       = count { varint }
 * jumps      = count { varint varint }   ; by the first
 * value      = 0 | 1 string | 2 varint | 3 int64 | 4 | 5 | 6 count { value } | 7 ints | 8 names
 *              ; null, String, Integer, Double, NOT_FOUND, NULL_VALUE, Object[], int[], String[]
 * string     = varint                    ; number in the table plus 1; 0 for null
 * count      = varint                    ; plus 1; 0 for null
 * varint     = { byte }                  ; 7 bits each, least significant first; last one below 128
 * int32, int64                           ; little-endian
 * </pre>
 *
 * <p>Neither the name of the source nor its text is written: both are given when a unit is
 * restored. Equal sources give equal bytes, in any JVM.
 */
final class RhinoCodeWriter {
  private static final int MAX_TEXT = 1 << 30;

  private final StringTable strings = new StringTable();
  private final ByteSink starts = new ByteSink();
  private final ByteSink code = new ByteSink();

  private RhinoCodeWriter() {}

  /**
   * Writes the unit of {@code script}, reads it again and compares.
   *
   * @throws RestoreException when the unit holds what the format does not, or would not be the same
   *     again
   */
  static byte[] write(
      JSDescriptor<?> script, RhinoOptions options, Function<Object[], Object> access)
      throws RestoreException {
    Context context = options.factory().enterContext();
    int version = options.swapVersion(context);
    try {
      List<FunctionParts> functions = functions(script, access, context);
      byte[] bytes = write(functions, (String) FunctionHead.field(script, "rawSource"));
      JSDescriptor<?> again = read(script, bytes, options, access);
      verify(functions, functions(again, access, context));
      return bytes;
    } catch (CorruptCodeException e) {
      throw new RestoreException("the unit cannot be read again", e);
    } finally {
      RhinoOptions.swapVersion(context, version);
      Context.exit();
    }
  }

  /** All functions below {@code script}, breadth first. */
  private static List<FunctionParts> functions(
      JSDescriptor<?> script, Function<Object[], Object> access, Context context)
      throws RestoreException {
    Object source = FunctionHead.field(script, "rawSource");
    List<JSDescriptor<?>> queue = new ArrayList<>();
    List<FunctionParts> functions = new ArrayList<>();
    queue.add(script);
    for (int i = 0; i < queue.size(); i++) {
      JSDescriptor<?> each = queue.get(i);
      if (FunctionHead.field(each, "rawSource") != source
          || !each.getSourceName().equals(script.getSourceName())) {
        throw new RestoreException("a function of another source");
      }
      functions.add(FunctionParts.of(each, access, context));
      for (int child = 0; child < each.getFunctionCount(); child++) {
        queue.add(each.getFunction(child));
      }
    }
    return functions;
  }

  /**
   * Writes functions that are in breadth-first order; of those that are no {@link FunctionParts},
   * the records end before their code.
   *
   * @throws RestoreException when they have more text than the format can number
   */
  static byte[] write(List<? extends FunctionHead> functions, String source)
      throws RestoreException {
    return new RhinoCodeWriter().unit(functions, source);
  }

  private byte[] unit(List<? extends FunctionHead> functions, String source)
      throws RestoreException {
    boolean scoped = false;
    int known = 1;
    for (FunctionHead each : functions) {
      starts.int32(code.size());
      code.varint(known);
      code.varint(each.children);
      known += each.children;
      write(each);
      if (each instanceof FunctionParts) {
        scoped |= ((FunctionParts) each).templates != null;
        writeCode((FunctionParts) each);
      }
    }
    if (strings.text().size() > MAX_TEXT) {
      throw new RestoreException("more text than entries can number");
    }
    starts.int32(code.size());
    ints(SourceText.places(source));
    ByteSink unit = new ByteSink();
    unit.int8(RhinoCodeBytes.FORMAT);
    unit.int8(scoped ? 1 : 0);
    unit.int32(source.length());
    unit.int32(strings.count());
    unit.int32(functions.size());
    unit.int32(strings.text().size());
    unit.append(strings.entries());
    unit.append(starts);
    unit.append(strings.text());
    unit.append(code);
    return unit.toByteArray();
  }

  private void write(FunctionHead head) {
    code.varint(head.flags);
    for (int number : head.numbers) {
      code.varint(number);
    }
    string(head.name);
    strings(head.names);
    booleans(head.constants);
  }

  private void writeCode(FunctionParts parts) {
    for (int size : parts.sizes) {
      code.varint(size);
    }
    code.blob(parts.instructions);
    strings(parts.strings);
    doubles(parts);
    bigInts(parts);
    strings(parts.regExps);
    value(parts.templates);
    ints(parts.exceptions);
    value(parts.literals);
    jumps(parts.jumps);
  }

  private void string(@Nullable String string) {
    code.varint(string == null ? 0 : strings.number(string) + 1);
  }

  private void strings(@Nullable String @Nullable [] values) {
    code.varint(values == null ? 0 : values.length + 1);
    if (values != null) {
      for (String value : values) {
        string(value);
      }
    }
  }

  private void booleans(boolean @Nullable [] values) {
    code.varint(values == null ? 0 : values.length + 1);
    if (values != null) {
      for (boolean value : values) {
        code.int8(value ? 1 : 0);
      }
    }
  }

  private void doubles(FunctionParts parts) {
    code.varint(parts.doubles == null ? 0 : parts.doubles.length + 1);
    if (parts.doubles != null) {
      for (long value : parts.doubles) {
        code.int64(value);
      }
    }
  }

  private void bigInts(FunctionParts parts) {
    code.varint(parts.bigInts == null ? 0 : parts.bigInts.length + 1);
    if (parts.bigInts != null) {
      for (BigInteger value : parts.bigInts) {
        code.blob(value.toByteArray());
      }
    }
  }

  private void ints(int @Nullable [] values) {
    code.varint(values == null ? 0 : values.length + 1);
    if (values != null) {
      for (int value : values) {
        code.varint(value);
      }
    }
  }

  private void jumps(int @Nullable [] jumps) {
    code.varint(jumps == null ? 0 : jumps.length / 2 + 1);
    if (jumps != null) {
      for (int value : jumps) {
        code.varint(value);
      }
    }
  }

  private void value(@Nullable Object value) {
    if (value == null) {
      code.int8(RhinoCodeReader.NULL);
    } else if (value instanceof String) {
      code.int8(RhinoCodeReader.STRING);
      string((String) value);
    } else if (value instanceof Integer) {
      code.int8(RhinoCodeReader.INTEGER);
      code.varint((Integer) value);
    } else if (value instanceof Double) {
      code.int8(RhinoCodeReader.DOUBLE);
      code.int64(Double.doubleToRawLongBits((Double) value));
    } else if (value instanceof int[]) {
      code.int8(RhinoCodeReader.INTS);
      ints((int[]) value);
    } else if (value instanceof String[]) {
      code.int8(RhinoCodeReader.STRINGS);
      strings((String[]) value);
    } else if (value instanceof Object[]) {
      code.int8(RhinoCodeReader.OBJECTS);
      Object[] values = (Object[]) value;
      code.varint(values.length + 1);
      for (Object each : values) {
        value(each);
      }
    } else {
      code.int8(
          value == UniqueTag.NOT_FOUND ? RhinoCodeReader.NOT_FOUND : RhinoCodeReader.NULL_VALUE);
    }
  }

  /**
   * Compares what was written with what was read again.
   *
   * @throws RestoreException unless they are equal
   */
  static void verify(List<? extends FunctionHead> before, List<? extends FunctionHead> after)
      throws RestoreException {
    if (before.size() != after.size()) {
      throw new RestoreException(before.size() + " functions would be " + after.size());
    }
    for (int i = 0; i < before.size(); i++) {
      if (!before.get(i).matches(after.get(i))) {
        throw new RestoreException("function " + i + " would not be the same again");
      }
    }
  }

  private static JSDescriptor<?> read(
      JSDescriptor<?> script, byte[] bytes, RhinoOptions options, Function<Object[], Object> access)
      throws RestoreException {
    Object text = FunctionHead.field(script, "rawSource");
    Source source = Source.of(script.getSourceName(), (String) text);
    JSDescriptor<?> again =
        new RhinoCodeReader(bytes, 0, bytes.length, source, options, access).function(0, null);
    if (!FunctionHead.field(again, "rawSource").equals(text)) {
      throw new RestoreException("a source that UTF-8 cannot hold");
    }
    return again;
  }
}
