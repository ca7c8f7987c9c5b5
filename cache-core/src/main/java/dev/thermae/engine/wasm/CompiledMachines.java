package dev.thermae.engine.wasm;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import dev.thermae.engine.BundleLoader;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.RestoreException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;

/** Makes machines of a compiled class. Immutable and thread-safe. */
final class CompiledMachines {
  private final Constructor<?> constructor;

  private CompiledMachines(Constructor<?> constructor) {
    this.constructor = constructor;
  }

  /** Defines the main class of {@code bundle} in a loader of its own. */
  static CompiledMachines of(ClassBundle bundle) throws RestoreException {
    BundleLoader loader = new BundleLoader(Machine.class.getClassLoader(), bundle);
    try {
      Class<?> type = Class.forName(bundle.main(), false, loader);
      if (!Machine.class.isAssignableFrom(type)) {
        throw new RestoreException("no machine: " + bundle.main());
      }
      return new CompiledMachines(type.getConstructor(Instance.class));
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new RestoreException("the classes cannot be defined: " + e, e);
    }
  }

  Machine create(Instance instance) {
    try {
      return (Machine) constructor.newInstance(instance);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException) {
        throw (RuntimeException) cause;
      }
      if (cause instanceof Error) {
        throw (Error) cause;
      }
      throw new IllegalStateException(cause);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
