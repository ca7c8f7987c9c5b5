package dev.thermae.http.compile;

import dev.thermae.engine.Engine;
import dev.thermae.engine.groovy.GroovyEngine;
import dev.thermae.engine.janino.JaninoEngine;
import dev.thermae.engine.javac.JavaEngine;
import dev.thermae.engine.quickjs.QuickJsEngine;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.engine.v8.V8Engine;
import dev.thermae.engine.wasm.WasmEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The engines that are known by name; those whose library is there can be used. Stateless. */
public final class Engines {
  private static final String RHINO = "org.mozilla:rhino";
  private static final String RHINO_CLASS = "org.mozilla.javascript.Context";

  /** An adapter joins by a line. */
  private static final List<Known> KNOWN =
      List.of(
          new Known("rhino", "**.js", RHINO_CLASS, RHINO, () -> RhinoEngine.create()),
          new Known(
              "rhino-classes",
              "**.js",
              RHINO_CLASS,
              RHINO,
              () -> RhinoEngine.create().withClassFiles()),
          new Known(
              "groovy",
              "**.groovy",
              "groovy.lang.GroovyObject",
              "org.apache.groovy:groovy",
              () -> GroovyEngine.create()),
          new Known(
              "javac",
              "**.java",
              "javax.tools.JavaCompiler",
              "the JDK's module java.compiler",
              () -> JavaEngine.create()),
          new Known(
              "janino",
              "**.java",
              "org.codehaus.janino.UnitCompiler",
              "org.codehaus.janino:janino",
              () -> JaninoEngine.create()),
          new Known(
              "wasm",
              "**.wasm",
              "com.dylibso.chicory.compiler.Cache",
              "com.dylibso.chicory:compiler",
              () -> WasmEngine.create()),
          new Known(
              "quickjs",
              "**.js",
              "io.roastedroot.quickjs4j.core.Engine",
              "io.roastedroot:quickjs4j",
              () -> QuickJsEngine.create()),
          new Known(
              "v8",
              "**.js",
              "com.caoccao.javet.interop.V8Runtime",
              "com.caoccao.javet:javet with the native library of the machine, such as"
                  + " com.caoccao.javet:javet-v8-linux-x86_64 of the same version",
              () -> V8Engine.ofProcess(),
              true));

  private Engines() {}

  /**
   * The engine of that name.
   *
   * @throws IllegalArgumentException when there is none, or its library is missing or does not
   *     start; the message says what to add
   */
  public static Engine<?> named(String name) {
    Known known = known(name);
    if (!known.isThere()) {
      throw new IllegalArgumentException(
          "the library of "
              + name
              + " is not on the class path: no class "
              + known.probe
              + "; it is "
              + known.artifact
              + ", and comes before this program's jar:"
              + " java -cp LIBRARY:thermae.jar dev.thermae.cli.Main ...");
    }
    try {
      return known.maker.get();
    } catch (IllegalStateException | LinkageError e) {
      throw new IllegalArgumentException(
          name + " does not start: " + e.getMessage() + "; it needs " + known.artifact, e);
    }
  }

  private static Known known(String name) {
    for (Known known : KNOWN) {
      if (known.name.equals(name)) {
        return known;
      }
    }
    throw new IllegalArgumentException("no engine is called " + name + "; known: " + names());
  }

  /**
   * That {@link CompileWorkers} can compile with it. The library may be missing here, and be where
   * the engine runs.
   *
   * @throws IllegalArgumentException when there is none, or its code is made by running it
   */
  static void requireCompilable(String name) {
    if (known(name).grows) {
      throw new IllegalArgumentException(
          name
              + " is not for compile workers: its code is what V8 holds after a run, and workers"
              + " execute nothing");
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
   * @param artifact what brings the library
   * @param grows whether code is harvested after runs, which a worker of the proxy never does
   */
  private record Known(
      String name,
      String files,
      String probe,
      String artifact,
      Supplier<Engine<?>> maker,
      boolean grows) {
    Known(String name, String files, String probe, String artifact, Supplier<Engine<?>> maker) {
      this(name, files, probe, artifact, maker, false);
    }

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
