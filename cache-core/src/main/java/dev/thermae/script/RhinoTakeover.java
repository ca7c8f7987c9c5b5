package dev.thermae.script;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.function.Function;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.engine.RhinoScriptEngine;
import org.mozilla.javascript.engine.RhinoScriptEngineFactory;

/**
 * Makes script engines of Rhino's own type whose scripts come from the cache: a class of ours in
 * Rhino's own loader and package, since what it extends is package-private. Thread-safe.
 */
final class RhinoTakeover {
  private static final String PACKAGE = "org.mozilla.javascript.engine";
  private static final String NAME = "ThermaeScriptEngine";

  private static volatile @Nullable Constructor<?> constructor;
  private static volatile @Nullable Function<Object[], @Nullable Object> scripts;

  private RhinoTakeover() {}

  /**
   * A new engine of {@code factory}.
   *
   * @throws ReflectiveOperationException where Rhino is not open to us or is another one
   */
  static ScriptEngine caching(ScriptEngineFactory factory) throws ReflectiveOperationException {
    Constructor<?> known = constructor;
    if (known == null) {
      known = define();
      constructor = known;
    }
    return (ScriptEngine) known.newInstance(factory, scripts());
  }

  private static Function<Object[], @Nullable Object> scripts()
      throws ReflectiveOperationException {
    Function<Object[], @Nullable Object> known = scripts;
    if (known == null) {
      Field field = RhinoScriptEngine.class.getDeclaredField("ctxFactory");
      field.setAccessible(true);
      known = new RhinoScripts((ContextFactory) field.get(null));
      scripts = known;
    }
    return known;
  }

  private static synchronized Constructor<?> define() throws ReflectiveOperationException {
    Class<?> type;
    try {
      type =
          MethodHandles.privateLookupIn(RhinoScriptEngine.class, MethodHandles.lookup())
              .defineClass(bytes());
    } catch (LinkageError e) {
      // Another Thermae over the same Rhino was first.
      ClassLoader loader = RhinoScriptEngine.class.getClassLoader();
      type = Class.forName(PACKAGE + '.' + NAME, true, loader);
    }
    return type.getConstructor(RhinoScriptEngineFactory.class, Function.class);
  }

  private static byte[] bytes() throws ReflectiveOperationException {
    try (InputStream in = RhinoTakeover.class.getResourceAsStream(NAME + ".bytes")) {
      if (in == null) {
        throw new ClassNotFoundException(NAME + ".bytes");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(NAME + ".bytes", e);
    }
  }
}
