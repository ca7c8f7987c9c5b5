package dev.thermae.http.compile;

import dev.thermae.engine.Engine;
import dev.thermae.engine.groovy.GroovyEngine;
import dev.thermae.engine.janino.JaninoEngine;
import dev.thermae.engine.javac.JavaEngine;
import dev.thermae.engine.quickjs.QuickJsEngine;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.engine.wasm.WasmEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The engines that are known by name; those whose library is there can be used. Stateless. */
public final class Engines {
  /** An adapter joins by a line. */
  private static final List<Known> KNOWN =
      List.of(
          new Known("rhino", "**.js", "org.mozilla.javascript.Context", () -> RhinoEngine.create()),
          new Known(
              "rhino-classes",
              "**.js",
              "org.mozilla.javascript.Context",
              () -> RhinoEngine.create().withClassFiles()),
          new Known("groovy", "**.groovy", "groovy.lang.GroovyObject", () -> GroovyEngine.create()),
          new Known("javac", "**.java", "javax.tools.JavaCompiler", () -> JavaEngine.create()),
          new Known(
              "janino", "**.java", "org.codehaus.janino.UnitCompiler", () -> JaninoEngine.create()),
          new Known(
              "wasm", "**.wasm", "com.dylibso.chicory.compiler.Cache", () -> WasmEngine.create()),
          new Known(
              "quickjs",
              "**.js",
              "io.roastedroot.quickjs4j.core.Engine",
              () -> QuickJsEngine.create()));

  private Engines() {}

  /**
   * The engine of that name.
   *
   * @throws IllegalArgumentException when there is none, or its library is missing
   */
  public static Engine<?> named(String name) {
    for (Known known : KNOWN) {
      if (known.name.equals(name)) {
        if (!known.isThere()) {
          throw new IllegalArgumentException(
              "the library of " + name + " is not on the class path: no class " + known.probe);
        }
        return known.maker.get();
      }
    }
    throw new IllegalArgumentException("no engine is called " + name + "; known: " + names());
  }

  /** The library may be missing here, and be where the engine runs. */
  static void requireKnown(String name) {
    if (KNOWN.stream().noneMatch(known -> known.name.equals(name))) {
      throw new IllegalArgumentException("no engine is called " + name + "; known: " + names());
    }
  }

  /** What sources of a known engine are usually called, a glob. */
  public static String files(String name) {
    for (Known known : KNOWN) {
      if (known.name.equals(name)) {
        return known.files;
      }
    }
    return "**";
  }

  /** All names, with a note where the library is missing. */
  public static String names() {
    List<String> names = new ArrayList<>();
    for (Known known : KNOWN) {
      names.add(known.isThere() ? known.name : known.name + " (its library is missing)");
    }
    return String.join(", ", names);
  }

  /**
   * An engine by name. The maker must not be a method reference: linking one would load the engine.
   *
   * @param files what its sources are usually called, a glob
   * @param probe a class of the library
   */
  private record Known(String name, String files, String probe, Supplier<Engine<?>> maker) {
    boolean isThere() {
      try {
        Class.forName(probe, false, Engines.class.getClassLoader());
        return true;
      } catch (ClassNotFoundException | LinkageError e) {
        return false;
      }
    }
  }
}
