package dev.thermae.engine.rhino;

import java.util.AbstractList;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.JSDescriptor;
import org.mozilla.javascript.JSFunction;

/**
 * The functions nested in a function, each made when it is first asked for.
 *
 * <p>Immutable to those who look at it, and thread-safe: a function is published through a final
 * field, so that reading it again takes neither a lock nor a volatile read.
 */
final class LazyFunctions extends AbstractList<JSDescriptor<JSFunction>> implements RandomAccess {
  private final RhinoCodeReader reader;
  private final JSDescriptor<?> parent;
  private final int first;
  private final @Nullable Made[] made;

  LazyFunctions(RhinoCodeReader reader, JSDescriptor<?> parent, int first, int count) {
    this.reader = reader;
    this.parent = parent;
    this.first = first;
    this.made = new Made[count];
  }

  /**
   * The function.
   *
   * @throws dev.thermae.engine.CorruptCodeException when its code is malformed
   */
  @Override
  public JSDescriptor<JSFunction> get(int index) {
    Made known = made[index];
    return known == null ? make(index) : known.function;
  }

  private JSDescriptor<JSFunction> make(int index) {
    synchronized (reader) {
      Made known = made[index];
      if (known == null) {
        known = new Made(reader.functionOfRunning(first + index, parent));
        made[index] = known;
      }
      return known.function;
    }
  }

  @Override
  public int size() {
    return made.length;
  }

  /** Hands a function to other threads whole: it is not safe to publish by itself. */
  private static final class Made {
    final JSDescriptor<JSFunction> function;

    Made(JSDescriptor<JSFunction> function) {
      this.function = function;
    }
  }
}
