package dev.thermae.engine.rhino;

import dev.thermae.code.Source;
import dev.thermae.engine.BundleLoader;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.RestoreException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.CompilerEnvirons;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.JSDescriptor;
import org.mozilla.javascript.JSScript;
import org.mozilla.javascript.ast.ScriptNode;
import org.mozilla.javascript.optimizer.Codegen;
import org.mozilla.javascript.optimizer.OptJSCode;

/**
 * Has Rhino compile a script to one class, and adds what that class needs to run elsewhere: the
 * classes that call it, and the descriptors of its functions. The format is described at {@link
 * ClassFileReader}.
 *
 * <p>Rhino's own ClassCompiler puts the whole source into one constant, which ends at 64 KB, and
 * leaves regular expressions unset.
 */
final class ClassFileCompiler {
  private static final String PACKAGE = "org.mozilla.javascript.gen.";
  private static final int NAME_LENGTH = 64;

  private final ScriptNode tree;
  private final String main;
  private final JSDescriptor.Builder<JSScript> script = new JSDescriptor.Builder<>();
  private int regExps;
  private int templates;

  private ClassFileCompiler(ScriptNode tree, String name) {
    this.tree = tree;
    this.main = mainName(name);
    count(tree);
  }

  /** Adds up what has to be set before the script starts, and what belongs to one scope. */
  private void count(ScriptNode node) {
    regExps += node.getRegexpCount();
    templates += node.getTemplateLiteralCount();
    for (int i = 0; i < node.getFunctionCount(); i++) {
      count(node.getFunctionNode(i));
    }
  }

  private static String mainName(String source) {
    StringBuilder name = new StringBuilder(PACKAGE).append("c_");
    for (int i = Math.max(0, source.length() - NAME_LENGTH); i < source.length(); i++) {
      char c = source.charAt(i);
      boolean kept = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      name.append(kept ? c : '_');
    }
    return name.toString();
  }

  /**
   * Compiles {@code tree}, which is changed by that, and tries whether the same comes out of the
   * bytes again.
   *
   * @throws RestoreException when it does not
   * @throws RuntimeException when the script is beyond the limits of class files, or at fault
   */
  static ClassFileScript compile(
      CompilerEnvirons environs, ScriptNode tree, Source source, RhinoOptions options)
      throws RestoreException {
    String text = source.text();
    if (!new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(text)) {
      throw new RestoreException("a source that UTF-8 cannot hold");
    }
    ClassFileCompiler compiler = new ClassFileCompiler(tree, source.name());
    byte[] code = compiler.code(environs, text);
    List<FunctionHead> heads = compiler.heads();
    byte[] unit = compiler.unit(code, heads, text);
    ClassFileScript again = ClassFileReader.read(unit, 0, unit.length, source, options);
    if (RhinoAccess.possible()) {
      verify(heads, again);
    }
    return again;
  }

  private static void verify(List<FunctionHead> heads, ClassFileScript again)
      throws RestoreException {
    List<FunctionHead> after = new ArrayList<>();
    List<JSDescriptor<?>> queue = new ArrayList<>();
    queue.add(again.getDescriptor());
    for (int i = 0; i < queue.size(); i++) {
      after.add(new FunctionHead(queue.get(i)));
      queue.addAll(queue.get(i).getNestedFunctions());
    }
    RhinoCodeWriter.verify(heads, after);
  }

  private byte[] code(CompilerEnvirons environs, String text) {
    OptJSCode.BuilderEnv env = new OptJSCode.BuilderEnv(main);
    return new Codegen().compileToClassFile(environs, script, env, main, tree, text, false);
  }

  /** Breadth first, as they are written. */
  private List<FunctionHead> heads() throws RestoreException {
    List<JSDescriptor.Builder<?>> queue = new ArrayList<>();
    List<FunctionHead> heads = new ArrayList<>();
    queue.add(script);
    for (int i = 0; i < queue.size(); i++) {
      heads.add(new FunctionHead(queue.get(i)));
      queue.addAll(queue.get(i).nestedFunctions);
    }
    return heads;
  }

  private byte[] unit(byte[] code, List<FunctionHead> heads, String text) throws RestoreException {
    Map<String, byte[]> classes = new LinkedHashMap<>();
    classes.put(main, code);
    new DispatchWriter(main, bodies(code, heads.size())).write(regExps > 0, classes);
    ClassBundle bundle = ClassBundle.of(DispatchWriter.entry(main), classes);
    return ClassFileReader.write(templates > 0, RhinoCodeWriter.write(heads, text), bundle);
  }

  /**
   * The functions by the numbers that Rhino gave them. Their methods are called {@code _c_name_7},
   * those that go on with a generator {@code _c_name_7_gen}; there may be another of the same name
   * with more parameters, for calls that Rhino found to be direct.
   */
  private List<DispatchWriter.Body> bodies(byte[] code, int count) throws RestoreException {
    DispatchWriter.@Nullable Body[] bodies = new DispatchWriter.Body[count];
    @Nullable String[] resumes = new String[count];
    List<Method> executes = new ArrayList<>();
    for (Method each : load(code).getDeclaredMethods()) {
      if (each.getName().startsWith("_c_") && each.getName().endsWith("_gen")) {
        String name = each.getName();
        resumes[number(name.substring(0, name.length() - "_gen".length()), count)] = name;
      } else if (each.getName().startsWith("_c_") && isCalledByRuntime(each)) {
        executes.add(each);
      }
    }
    for (Method each : executes) {
      int number = number(each.getName(), count);
      String type = each.getParameterTypes()[1].getSimpleName();
      bodies[number] = new DispatchWriter.Body(type, each.getName(), resumes[number]);
    }
    List<DispatchWriter.Body> all = new ArrayList<>();
    for (DispatchWriter.Body each : bodies) {
      if (each == null) {
        throw new RestoreException("class files of another Rhino: a function has no method");
      }
      all.add(each);
    }
    return all;
  }

  private Class<?> load(byte[] code) throws RestoreException {
    ClassBundle alone = ClassBundle.of(main, Map.of(main, code));
    try {
      return new BundleLoader(Context.class.getClassLoader(), alone).loadClass(main);
    } catch (ClassNotFoundException e) {
      throw new RestoreException("no class " + main, e);
    }
  }

  private static boolean isCalledByRuntime(Method method) {
    Class<?>[] types = method.getParameterTypes();
    return types.length == 6 && types[4] == Object.class && types[5] == Object[].class;
  }

  private static int number(String name, int count) throws RestoreException {
    try {
      int number = Integer.parseInt(name.substring(name.lastIndexOf('_') + 1));
      if (number < count) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new RestoreException("class files of another Rhino: " + name, e);
    }
    throw new RestoreException("class files of another Rhino: " + name);
  }
}
