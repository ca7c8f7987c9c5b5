package dev.thermae.bench;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.RestoreException;
import dev.thermae.engine.rhino.RhinoEngine;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/** One form of one script in a JVM of its own: how long its work takes once the JIT is done. */
public final class FormShot {
  /** What keeps scripts busy: calls, numbers in loops, and text. */
  static final List<String> WORKS = List.of("calls", "loops", "text");

  private static final String SCRIPT =
      """
      function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
      function calls() { return fib(21); }
      function loops() {
        var primes = [], sum = 0;
        for (var i = 2; i < 20000; i++) {
          var prime = true;
          for (var j = 2; prime && j * j <= i; j++) {
            prime = i % j !== 0;
          }
          if (prime) { primes.push(i); sum += i; }
        }
        return sum + primes.length;
      }
      function text() {
        var words = {}, line = 'the quick brown fox jumps over the lazy dog 42 times';
        for (var i = 0; i < 400; i++) {
          var parts = (line + i).split(' ');
          for (var j = 0; j < parts.length; j++) {
            var word = parts[j].replace(/o(.)/g, '$1o');
            words[word] = (words[word] || 0) + word.length;
          }
        }
        return Object.keys(words).length;
      }
      """;

  private FormShot() {}

  /**
   * Form, work, seconds of CPU time; prints the median CPU time in microseconds, which other work
   * on the machine changes less than the time on the wall, and the result.
   */
  public static void main(String[] arguments) throws Exception {
    try (Context context = Context.enter()) {
      context.setLanguageVersion(Context.VERSION_ECMASCRIPT);
      Scriptable scope = context.initStandardObjects();
      script(arguments[0], context).exec(context, scope, scope);
      Function work = (Function) ScriptableObject.getProperty(scope, arguments[1]);
      ThreadMXBean thread = ManagementFactory.getThreadMXBean();
      List<Long> nanos = new ArrayList<>();
      long begin = thread.getCurrentThreadCpuTime();
      Object result = null;
      long most = Long.parseLong(arguments[2]) * 1_000_000_000L;
      while (thread.getCurrentThreadCpuTime() - begin < most) {
        long start = thread.getCurrentThreadCpuTime();
        result = work.call(context, scope, scope, new Object[0]);
        nanos.add(thread.getCurrentThreadCpuTime() - start);
      }
      List<Long> last = new ArrayList<>(nanos.subList(nanos.size() / 2, nanos.size()));
      Collections.sort(last);
      System.out.println(last.get(last.size() / 2) / 1000 + " " + Context.toString(result));
    }
  }

  private static Script script(String form, Context context) throws RestoreException {
    Source source = Source.of("work.js", SCRIPT);
    return switch (form) {
      case "interpreter-code" -> restored(RhinoEngine.create(), source);
      case "class-files" -> restored(RhinoEngine.create().withClassFiles(), source);
      case "rhino-default" -> context.compileString(SCRIPT, source.name(), 1, null);
      default -> throw new IllegalArgumentException("no form " + form);
    };
  }

  private static Script restored(RhinoEngine engine, Source source) throws RestoreException {
    Shape shape = Shape.SCRIPT.named(source.name());
    byte[] bytes = engine.serialize(engine.compile(source, shape));
    return engine.restore(bytes, 0, bytes.length, source, shape);
  }
}
