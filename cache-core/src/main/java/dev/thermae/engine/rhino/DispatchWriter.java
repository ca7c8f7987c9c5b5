package dev.thermae.engine.rhino;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mozilla.classfile.ByteCode;
import org.mozilla.classfile.ClassFileWriter;

/**
 * Writes the classes through which Rhino's runtime calls the one class that holds all functions of
 * a script, and through which we start it.
 *
 * <p>Rhino itself makes a class for every function. Here one class stands for up to {@value
 * #FUNCTIONS} of them and switches on a number: fewer classes to define, and still small enough for
 * the JIT, which leaves methods of more than 8,000 bytes alone.
 */
final class DispatchWriter {
  static final int FUNCTIONS = 128;

  private static final String SUPER = "org.mozilla.javascript.JSCode";
  private static final String CONTEXT = "Lorg/mozilla/javascript/Context;";
  private static final String SCOPE = "Lorg/mozilla/javascript/Scriptable;";
  private static final String OBJECT = "Ljava/lang/Object;";
  private static final String CONSUMER = "Ljava/util/function/Consumer;";
  private static final String DESCRIPTORS = "[Lorg/mozilla/javascript/JSDescriptor;";
  private static final String EXECUTE = arguments("ScriptOrFn", OBJECT + SCOPE, "[" + OBJECT);
  private static final String RESUME = arguments("ScriptOrFn", SCOPE + "I", "");
  private static final short PUBLIC = ClassFileWriter.ACC_PUBLIC;
  private static final short FINAL =
      (short) (ClassFileWriter.ACC_PUBLIC | ClassFileWriter.ACC_FINAL);

  private final String main;
  private final List<Body> bodies;

  /** The classes of {@code main}, whose functions these are, by their numbers. */
  DispatchWriter(String main, List<Body> bodies) {
    this.main = main;
    this.bodies = bodies;
  }

  /**
   * The static methods of one function.
   *
   * @param type of the object it is called with, JSFunction or JSScript
   * @param resume the method that continues a generator; null for other functions
   */
  record Body(String type, String execute, @Nullable String resume) {
    String executeSignature() {
      return arguments(type, OBJECT + SCOPE, "[" + OBJECT);
    }

    String resumeSignature() {
      return arguments(type, SCOPE + "I", "");
    }
  }

  /**
   * Context, function, new.target, scope, this, arguments; or with the operation of a generator.
   */
  private static String arguments(String type, String middle, String last) {
    String first = '(' + CONTEXT + "Lorg/mozilla/javascript/" + type + ';';
    return last.isEmpty()
        ? first + OBJECT + middle + OBJECT + ')' + OBJECT
        : first + middle + OBJECT + last + ')' + OBJECT;
  }

  /** The class that makes the code of functions by number, and starts the script. */
  static String entry(String main) {
    return main + "_unit";
  }

  private String dispatcher(int number) {
    return main + "_part" + number;
  }

  /** Adds all of them by name. */
  void write(boolean regExps, Map<String, byte[]> classes) {
    classes.put(entry(main), entryClass(regExps));
    for (int first = 0; first < bodies.size(); first += FUNCTIONS) {
      int number = first / FUNCTIONS;
      List<Body> part = bodies.subList(first, Math.min(bodies.size(), first + FUNCTIONS));
      classes.put(dispatcher(number), dispatcherClass(dispatcher(number), part));
    }
  }

  private byte[] entryClass(boolean regExps) {
    ClassFileWriter writer = new ClassFileWriter(entry(main), "java.lang.Object", "");
    writer.setFlags(FINAL);
    writer.addInterface("java.util.function.IntFunction");
    writer.addInterface("java.util.function.Consumer");
    writer.addField("faults", CONSUMER, (short) (PUBLIC | ClassFileWriter.ACC_STATIC));
    writer.startMethod("<init>", "()V", PUBLIC);
    writer.addLoadThis();
    writer.addInvoke(ByteCode.INVOKESPECIAL, "java.lang.Object", "<init>", "()V");
    writer.add(ByteCode.RETURN);
    writer.stopMethod(1);
    codeByNumber(writer);
    start(writer, regExps);
    return writer.toByteArray();
  }

  /** {@code IntFunction.apply}: a new part of the code of that number. */
  private void codeByNumber(ClassFileWriter writer) {
    int last = (bodies.size() - 1) / FUNCTIONS;
    writer.startMethod("apply", "(I)" + OBJECT, FINAL);
    writer.addILoad(1);
    writer.addPush(FUNCTIONS);
    writer.add(ByteCode.IDIV);
    int start = writer.addTableSwitch(0, last);
    for (int number = 0; number <= last; number++) {
      writer.markTableSwitchCase(start, number, 0);
      writer.add(ByteCode.NEW, dispatcher(number));
      writer.add(ByteCode.DUP);
      writer.addILoad(1);
      writer.addPush(FUNCTIONS);
      writer.add(ByteCode.IREM);
      writer.addInvoke(ByteCode.INVOKESPECIAL, dispatcher(number), "<init>", "(I)V");
      writer.add(ByteCode.ARETURN);
    }
    writer.markTableSwitchDefault(start);
    writer.add(ByteCode.ACONST_NULL);
    writer.add(ByteCode.ARETURN);
    writer.stopMethod(2);
  }

  /** {@code Consumer.accept}: takes descriptors, Context and the consumer of faults. */
  private void start(ClassFileWriter writer, boolean regExps) {
    writer.startMethod("accept", "(Ljava/lang/Object;)V", FINAL);
    writer.addALoad(1);
    writer.add(ByteCode.CHECKCAST, "[Ljava/lang/Object;");
    writer.addAStore(2);
    element(writer, 2, "java/util/function/Consumer");
    writer.add(ByteCode.PUTSTATIC, entry(main), "faults", CONSUMER);
    element(writer, 0, DESCRIPTORS);
    writer.add(ByteCode.PUTSTATIC, main, "_descriptors", DESCRIPTORS);
    if (regExps) {
      element(writer, 1, "org/mozilla/javascript/Context");
      writer.addInvoke(ByteCode.INVOKESTATIC, main, "_reInit", "(" + CONTEXT + ")V");
    }
    writer.addInvoke(ByteCode.INVOKESTATIC, main, "_qInit", "()V");
    writer.add(ByteCode.RETURN);
    writer.stopMethod(3);
  }

  private static void element(ClassFileWriter writer, int index, String type) {
    writer.addALoad(2);
    writer.addPush(index);
    writer.add(ByteCode.AALOAD);
    writer.add(ByteCode.CHECKCAST, type);
  }

  private byte[] dispatcherClass(String name, List<Body> part) {
    ClassFileWriter writer = new ClassFileWriter(name, SUPER, "");
    writer.setFlags(FINAL);
    writer.addField("number", "I", FINAL);
    writer.startMethod("<init>", "(I)V", PUBLIC);
    writer.addLoadThis();
    writer.addInvoke(ByteCode.INVOKESPECIAL, SUPER, "<init>", "()V");
    writer.addLoadThis();
    writer.addILoad(1);
    writer.add(ByteCode.PUTFIELD, name, "number", "I");
    writer.add(ByteCode.RETURN);
    writer.stopMethod(2);
    dispatch(writer, part, false);
    dispatch(writer, part, true);
    return writer.toByteArray();
  }

  /** Switches to the static method of the function; what fails to link there is told. */
  private void dispatch(ClassFileWriter writer, List<Body> part, boolean resumes) {
    writer.startMethod(resumes ? "resume" : "execute", resumes ? RESUME : EXECUTE, FINAL);
    int begin = writer.acquireLabel();
    int end = writer.acquireLabel();
    int handler = writer.acquireLabel();
    writer.markLabel(begin);
    writer.addLoadThis();
    writer.add(ByteCode.GETFIELD, writer.getClassName(), "number", "I");
    int start = writer.addTableSwitch(0, part.size() - 1);
    for (int number = 0; number < part.size(); number++) {
      writer.markTableSwitchCase(start, number, 0);
      call(writer, part.get(number), resumes);
    }
    writer.markTableSwitchDefault(start);
    writer.add(ByteCode.ACONST_NULL);
    writer.add(ByteCode.ARETURN);
    writer.markLabel(end);
    writer.markHandler(handler);
    writer.addAStore(7);
    writer.add(ByteCode.GETSTATIC, entry(main), "faults", CONSUMER);
    writer.addALoad(7);
    writer.addInvoke(
        ByteCode.INVOKEINTERFACE, "java.util.function.Consumer", "accept", "(Ljava/lang/Object;)V");
    writer.addALoad(7);
    writer.add(ByteCode.ATHROW);
    writer.addExceptionHandler(begin, end, handler, "java/lang/LinkageError");
    writer.stopMethod(8);
  }

  private void call(ClassFileWriter writer, Body body, boolean resumes) {
    String method = resumes ? body.resume() : body.execute();
    if (method == null) {
      writer.add(ByteCode.ACONST_NULL);
    } else {
      writer.addALoad(1);
      writer.addALoad(2);
      writer.add(ByteCode.CHECKCAST, "org/mozilla/javascript/" + body.type());
      writer.addALoad(3);
      writer.addALoad(4);
      if (resumes) {
        writer.addILoad(5);
      } else {
        writer.addALoad(5);
      }
      writer.addALoad(6);
      String signature = resumes ? body.resumeSignature() : body.executeSignature();
      writer.addInvoke(ByteCode.INVOKESTATIC, main, method, signature);
    }
    writer.add(ByteCode.ARETURN);
  }
}
