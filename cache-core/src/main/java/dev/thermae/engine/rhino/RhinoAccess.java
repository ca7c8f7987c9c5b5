package dev.thermae.engine.rhino;

import dev.thermae.engine.RestoreException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;

/**
 * The way to what is package-private in Rhino: a class of ours in Rhino's own loader and package.
 *
 * <p>Where Rhino is a named module that does not open its package to us, there is no way, and units
 * stay in memory. Thread-safe.
 */
final class RhinoAccess {
  private static final String PACKAGE = "org.mozilla.javascript";
  private static final String NAME = "ThermaeInterpreterAccess";

  private static volatile @Nullable Function<Object[], Object> access;

  private RhinoAccess() {}

  /** Whether Rhino's package is open to us; defines nothing. */
  static boolean possible() {
    return Context.class.getModule().isOpen(PACKAGE, RhinoAccess.class.getModule());
  }

  /** Throws where {@link #possible} says no. */
  static void require() throws RestoreException {
    if (!possible()) {
      throw new RestoreException(
          "module " + Context.class.getModule().getName() + " does not open " + PACKAGE);
    }
  }

  /**
   * Makes interpreter code from its sixteen values, or takes it apart.
   *
   * @throws RestoreException where the package is closed or Rhino is another one
   */
  static Function<Object[], Object> get() throws RestoreException {
    Function<Object[], Object> known = access;
    if (known == null) {
      known = create();
      access = known;
    }
    return known;
  }

  @SuppressWarnings("unchecked")
  private static Function<Object[], Object> create() throws RestoreException {
    require();
    try {
      return (Function<Object[], Object>) define().getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | LinkageError | IOException | ClassCastException e) {
      throw new RestoreException("no access to Rhino's interpreter code", e);
    }
  }

  private static synchronized Class<?> define() throws ReflectiveOperationException, IOException {
    byte[] bytes;
    try (InputStream in = RhinoAccess.class.getResourceAsStream(NAME + ".bytes")) {
      if (in == null) {
        throw new ClassNotFoundException(NAME + ".bytes");
      }
      bytes = in.readAllBytes();
    }
    try {
      return MethodHandles.privateLookupIn(Context.class, MethodHandles.lookup())
          .defineClass(bytes);
    } catch (LinkageError e) {
      // Another Thermae over the same Rhino was first.
      return Class.forName(PACKAGE + '.' + NAME, true, Context.class.getClassLoader());
    }
  }
}
