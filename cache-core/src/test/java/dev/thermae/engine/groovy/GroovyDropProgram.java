package dev.thermae.engine.groovy;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.testing.ChildJvm;
import groovy.lang.Binding;
import groovy.lang.Script;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/** Loads, runs and drops units, and says what is left, and whether memory became short. */
final class GroovyDropProgram {
  private static final Shape SHAPE = Shape.SCRIPT.named("Drop.groovy");
  private static final Source SOURCE =
      Source.of(
          "Drop.groovy",
          """
          class Point { int x; def with(int y) { [x, y].collect { it + 1 } } }
          trait Named { String name = 'n' }
          class Other implements Named {}
          def list = new Point(x: 3).with(4)
          list.sum() + new Other().name + Point.metaClass.respondsTo(new Point(), 'with').size()
          """);

  private final GroovyEngine engine = GroovyEngine.create();
  private final byte[] code = engine.serialize(engine.compile(SOURCE, SHAPE));
  private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

  private GroovyDropProgram() {}

  public static void main(String[] arguments) throws Exception {
    GroovyDropProgram program = new GroovyDropProgram();
    SoftReference<Object> canary = new SoftReference<>(new Object());
    for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
      run(program.script());
    }
    Script kept = program.script();
    run(kept);
    for (int i = 0; i < 5; i++) {
      System.gc();
      run(program.script());
    }
    System.gc();
    long left = program.loaders.stream().filter(each -> each.get() != null).count();
    ChildJvm.say("left " + left + ", short of memory " + (canary.get() == null));
    run(kept);
    ChildJvm.say("ran");
  }

  private Script script() throws Exception {
    GroovyUnit unit = engine.restore(code.clone(), 0, code.length, SOURCE, SHAPE);
    loaders.add(new WeakReference<>(unit.mainClass().getClassLoader()));
    return unit.newScript(new Binding());
  }

  private static void run(Script script) {
    String result = String.valueOf(script.run());
    if (!result.equals("9n3")) {
      throw new IllegalStateException(result);
    }
  }
}
