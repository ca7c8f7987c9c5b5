package dev.thermae.engine.rhino;

import dev.thermae.code.Source;
import dev.thermae.engine.BundleLoader;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.CorruptCodeException;
import dev.thermae.engine.RestoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.zip.CRC32C;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.JSCode;
import org.mozilla.javascript.JSDescriptor;
import org.mozilla.javascript.JSFunction;
import org.mozilla.javascript.JSScript;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.ScriptOrFn;

/**
 * Makes a script of class files, in a loader of its own below Rhino's.
 *
 * <pre>
 * unit      = form checksum scoped length functions bundle
 * form      = byte       ; 4; interpreter code begins with 2, the version of its format
 * checksum  = int32      ; CRC-32C of scoped, length and functions
 * scoped    = byte       ; 1 if the script has template literals with tags, else 0
 * length    = int32      ; bytes of functions
 * functions = unit       ; as {@link RhinoCodeWriter} has it; records end before locals
 * bundle                 ; {@link ClassBundle}, which has a checksum of its own
 * int32                  ; little-endian
 * </pre>
 *
 * <p>Functions are in breadth-first order here and in the order of their beginnings in the classes.
 */
final class ClassFileReader extends RhinoCodeReader {
  /** First byte of a payload; two bits away from the other form's. */
  static final int FORM = 4;

  /** Version of all of it; part of the fingerprint. */
  static final int FORMAT = 2;

  private static final int CHECKED = 5;
  private static final int HEADER = 10;

  private final IntFunction<?> codes;
  private int next;

  private ClassFileReader(
      byte[] bytes,
      int offset,
      int length,
      Source source,
      RhinoOptions options,
      IntFunction<?> codes) {
    super(bytes, offset, length, source, options, values -> values);
    this.codes = codes;
  }

  /** Puts a unit together. */
  static byte[] write(boolean scoped, byte[] functions, ClassBundle bundle) {
    ByteSink checked = new ByteSink();
    checked.int8(scoped ? 1 : 0);
    checked.int32(functions.length);
    checked.append(functions, functions.length);
    byte[] bytes = checked.toByteArray();
    ByteSink unit = new ByteSink();
    unit.int8(FORM);
    unit.int32(checksum(bytes, 0, bytes.length));
    unit.append(bytes, bytes.length);
    byte[] classes = bundle.bytes();
    unit.append(classes, classes.length);
    return unit.toByteArray();
  }

  private static int checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  /** Whether these bytes claim to be class files. */
  static boolean isForm(byte[] bytes, int offset, int length) {
    return length > 0 && bytes[offset] == FORM;
  }

  /** A script that runs; typed so that an engine which only interprets need not load its class. */
  static Script restore(byte[] bytes, int offset, int length, Source source, RhinoOptions options)
      throws RestoreException {
    return read(bytes, offset, length, source, options);
  }

  /**
   * A script whose classes are linked and whose regular expressions are compiled.
   *
   * @throws RestoreException when the bytes are damaged, or the classes are of another Rhino
   * @throws RuntimeException when a regular expression is at fault
   * @throws LinkageError when the classes are of another Rhino
   */
  static ClassFileScript read(
      byte[] bytes, int offset, int length, Source source, RhinoOptions options)
      throws RestoreException {
    long functions = length < HEADER ? -1 : int32(bytes, offset + HEADER - 4);
    if (functions < 0
        || functions > length - HEADER
        || !isForm(bytes, offset, length)
        || int32(bytes, offset + 1)
            != checksum(bytes, offset + CHECKED, HEADER - CHECKED + (int) functions)) {
      throw new RestoreException("class files that are damaged or cut short");
    }
    if (RhinoOptions.securityController() != null) {
      throw new RestoreException("class files have no place under a SecurityController");
    }
    int classes = HEADER + (int) functions;
    ClassBundle bundle = ClassBundle.read(bytes, offset + classes, length - classes);
    Object entry = entry(bundle);
    ClassFileReader reader =
        new ClassFileReader(
            bytes, offset + HEADER, (int) functions, source, options, (IntFunction<?>) entry);
    JSDescriptor<JSScript> script = reader.function(0, null);
    ClassFileScript unit =
        new ClassFileScript(script, bundle.main(), bytes, offset, length, bytes[offset + 5] != 0);
    reader.start(script, entry, unit, options);
    return unit;
  }

  private static int int32(byte[] bytes, int at) {
    return bytes[at] & 0xff
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | bytes[at + 3] << 24;
  }

  private static Object entry(ClassBundle bundle) throws RestoreException {
    BundleLoader loader = new BundleLoader(Context.class.getClassLoader(), bundle);
    try {
      Class<?> type = Class.forName(bundle.main(), true, loader);
      return type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new RestoreException("class files without a beginning", e);
    }
  }

  /** Hands the classes what they need to run; this links the one that holds the functions. */
  @SuppressWarnings("unchecked")
  private void start(
      JSDescriptor<JSScript> script, Object entry, ClassFileScript unit, RhinoOptions options) {
    JSDescriptor<?>[] descriptors = inOrder(script);
    Context context = options.factory().enterContext();
    int version = options.swapVersion(context);
    try {
      ((Consumer<Object[]>) entry).accept(new Object[] {descriptors, context, unit});
    } finally {
      RhinoOptions.swapVersion(context, version);
      Context.exit();
    }
  }

  /** All functions in the order of their beginnings, which is that of {@link #code}. */
  private JSDescriptor<?>[] inOrder(JSDescriptor<?> script) {
    List<JSDescriptor<?>> all = new ArrayList<>(functions);
    Deque<Iterator<JSDescriptor<JSFunction>>> open = new ArrayDeque<>();
    all.add(script);
    open.push(script.getNestedFunctions().iterator());
    while (!open.isEmpty()) {
      if (open.peek().hasNext()) {
        JSDescriptor<JSFunction> each = open.peek().next();
        all.add(each);
        open.push(each.getNestedFunctions().iterator());
      } else {
        open.pop();
      }
    }
    return all.toArray(new JSDescriptor<?>[0]);
  }

  /** The next one: functions are made in the order of the classes. */
  @Override
  @SuppressWarnings("unchecked")
  <T extends ScriptOrFn<T>> JSCode<T> code(int variables) {
    Object code = codes.apply(next++);
    if (code == null) {
      throw CorruptCodeException.of("a function without a class");
    }
    return (JSCode<T>) code;
  }
}
