package dev.thermae.engine.rhino;

import dev.thermae.code.Source;
import dev.thermae.engine.CorruptCodeException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.JSCode;
import org.mozilla.javascript.JSDescriptor;
import org.mozilla.javascript.JSFunction;
import org.mozilla.javascript.ScriptOrFn;
import org.mozilla.javascript.SecurityController;
import org.mozilla.javascript.UniqueTag;

/**
 * Makes the functions of one unit, each when it is first asked for; the format is described at
 * {@link RhinoCodeWriter}.
 *
 * <p>Malformed bytes give a {@link CorruptCodeException}. Thread-safe: one function is decoded at a
 * time.
 */
class RhinoCodeReader extends RhinoCodeBytes {
  static final int HAS_CONSTRUCTOR = 1 << 13;
  static final int NULL = 0;
  static final int STRING = 1;
  static final int INTEGER = 2;
  static final int DOUBLE = 3;
  static final int NOT_FOUND = 4;
  static final int NULL_VALUE = 5;
  static final int OBJECTS = 6;
  static final int INTS = 7;
  static final int STRINGS = 8;

  private static final int MAX_DEPTH = 8;

  private final String name;
  private final String text;
  private final RhinoOptions options;
  private final Function<Object[], Object> access;
  private final @Nullable SecurityController security;
  private @Nullable Consumer<Throwable> listener;

  /** Opens a unit of {@code source}; only the header is read. */
  RhinoCodeReader(
      byte[] bytes,
      int offset,
      int length,
      Source source,
      RhinoOptions options,
      Function<Object[], Object> access) {
    super(bytes, offset, length);
    this.name = source.name();
    this.text = text(source);
    this.options = options;
    this.access = access;
    this.security = RhinoOptions.securityController();
    if (text.length() != sourceLength) {
      throw CorruptCodeException.of("code of a source of another length");
    }
  }

  /** Has {@code next} told of the first malformed function. */
  synchronized void onFault(Consumer<Throwable> next) {
    listener = next;
  }

  /**
   * The same as {@link #function} for a unit that runs: what is malformed is told before it is
   * thrown.
   */
  synchronized JSDescriptor<JSFunction> functionOfRunning(int index, JSDescriptor<?> parent) {
    try {
      return function(index, parent);
    } catch (IllegalStateException e) {
      // The type that is thrown would be loaded to verify this class.
      Consumer<Throwable> told = listener;
      listener = null;
      if (told != null && e instanceof CorruptCodeException) {
        told.accept(e);
      }
      throw e;
    }
  }

  /** Makes function {@code index}; 0 is the script. */
  synchronized <T extends ScriptOrFn<T>> JSDescriptor<T> function(
      int index, @Nullable JSDescriptor<?> parent) {
    open(index);
    int firstChild = varint();
    int children = varint();
    if (children < 0
        || firstChild < 0
        || children > 0 && (firstChild <= index || firstChild > functions - children)) {
      throw CorruptCodeException.of("nested functions out of order");
    }
    JSDescriptor<T> function = descriptor(parent);
    close();
    function.nestedFunctions =
        children == 0 ? List.of() : new LazyFunctions(this, function, firstChild, children);
    return function;
  }

  private <T extends ScriptOrFn<T>> JSDescriptor<T> descriptor(@Nullable JSDescriptor<?> parent) {
    int flags = varint();
    int type = varint();
    int languageVersion = varint();
    int start = varint();
    int stop = varint();
    if (start < 0 || stop < start || stop > text.length()) {
      throw CorruptCodeException.of("a function outside of the source");
    }
    int variables = varint();
    int parameters = varint();
    int arity = varint();
    String functionName = name();
    @Nullable String[] names = names();
    boolean[] constants = booleans();
    if (functionName == null || names == null || variables < 0 || variables > names.length) {
      throw CorruptCodeException.of("a function without names");
    }
    JSCode<T> body = code(variables);
    return new JSDescriptor<T>(
        body,
        (flags & HAS_CONSTRUCTOR) == 0 ? null : body,
        parent,
        names,
        constants,
        (flags & 1) != 0,
        (flags & 1 << 1) != 0,
        (flags & 1 << 2) != 0,
        (flags & 1 << 3) != 0,
        (flags & 1 << 4) != 0,
        (flags & 1 << 5) != 0,
        (flags & 1 << 6) != 0,
        (flags & 1 << 7) != 0,
        (flags & 1 << 8) != 0,
        name,
        text,
        start,
        stop,
        functionName,
        languageVersion,
        variables,
        parameters,
        arity,
        (flags & 1 << 9) != 0,
        (flags & 1 << 10) != 0,
        (flags & 1 << 11) != 0,
        (flags & 1 << 12) != 0,
        security,
        null,
        type);
  }

  /** The code of the function that is read: the rest of its record. */
  @SuppressWarnings("unchecked")
  <T extends ScriptOrFn<T>> JSCode<T> code(int variables) {
    return (JSCode<T>) access.apply(body(variables));
  }

  /** The sixteen values that interpreter code is made of. */
  private @Nullable Object[] body(int variables) {
    int locals = varint();
    int stack = varint();
    int arguments = varint();
    int firstLine = varint();
    byte[] instructions = blob();
    // A corrupted size must not make the interpreter allocate gigabytes.
    int most = instructions == null ? -1 : 2 * instructions.length + 16;
    if (locals < 0
        || locals > most
        || stack < 0
        || stack > most
        || arguments < 0
        || arguments > most) {
      throw CorruptCodeException.of("a frame larger than its code");
    }
    return new @Nullable Object[] {
      strings(),
      doubles(),
      bigInts(),
      null,
      regExps(),
      value(0),
      instructions,
      ints(),
      variables,
      locals,
      stack,
      variables + locals + stack,
      arguments,
      value(0),
      map(),
      firstLine
    };
  }

  private @Nullable Object @Nullable [] regExps() {
    @Nullable String[] texts = strings();
    if (texts == null) {
      return null;
    }
    Object[] regExps = new Object[texts.length];
    for (int i = 0; i < texts.length; i++) {
      String text = texts[i];
      int slash = text == null ? -1 : text.lastIndexOf('/');
      if (text == null || slash < 0) {
        throw CorruptCodeException.of("a regular expression without flags");
      }
      regExps[i] = options.regExp(text.substring(0, slash), text.substring(slash + 1));
    }
    return regExps;
  }

  private @Nullable Object value(int depth) {
    switch (int8()) {
      case NULL:
        return null;
      case STRING:
        return string();
      case INTEGER:
        return varint();
      case DOUBLE:
        return Double.longBitsToDouble(int64());
      case NOT_FOUND:
        return UniqueTag.NOT_FOUND;
      case NULL_VALUE:
        return UniqueTag.NULL_VALUE;
      case OBJECTS:
        return values(depth + 1);
      case INTS:
        return ints();
      case STRINGS:
        return strings();
      default:
        throw CorruptCodeException.of("a literal of an unknown kind");
    }
  }

  private @Nullable Object @Nullable [] values(int depth) {
    int count = count();
    if (depth > MAX_DEPTH || count < 0) {
      throw CorruptCodeException.of("literals nested too deeply");
    }
    @Nullable Object[] values = new Object[count];
    for (int i = 0; i < count; i++) {
      values[i] = value(depth);
    }
    return values;
  }
}
