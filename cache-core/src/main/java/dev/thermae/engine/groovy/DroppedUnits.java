package dev.thermae.engine.groovy;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets the classes of units go that nobody holds any more. Groovy looks at each class that it runs
 * through {@code java.beans}, which remembers it softly: until memory is short, where a class would
 * go at the next collection without. What is remembered there of a unit's own classes is forgotten
 * after the unit is gone, when the next one is loaded; a look that comes later is done anew, so
 * whoever still runs scripts of the unit notices nothing. Of threads in another group than those
 * that load, {@code java.beans} keeps an own memory, which is not reached. Thread-safe.
 */
final class DroppedUnits {
  private static final ReferenceQueue<GroovyUnit> QUEUE = new ReferenceQueue<>();
  private static final Set<Drop> FOLLOWED = new HashSet<>();

  /** Loaders that were there after their units, as a script that still runs has it. */
  private static final Deque<WeakReference<GroovyUnitLoader>> LINGERING = new ArrayDeque<>();

  private DroppedUnits() {}

  /** A unit that became unreachable, and the loader of its classes. */
  private static final class Drop extends PhantomReference<GroovyUnit> {
    private final WeakReference<GroovyUnitLoader> loader;

    Drop(GroovyUnit unit, GroovyUnitLoader loader) {
      super(unit, QUEUE);
      this.loader = new WeakReference<>(loader);
    }
  }

  /** Has the classes of {@code unit} forgotten some time after it became unreachable. */
  static synchronized void follow(GroovyUnit unit, GroovyUnitLoader loader) {
    FOLLOWED.add(new Drop(unit, loader));
    for (Reference<?> each = QUEUE.poll(); each != null; each = QUEUE.poll()) {
      Drop drop = (Drop) each;
      FOLLOWED.remove(drop);
      forget(drop.loader);
    }
    forget(LINGERING.poll()); // one each time: more would cost who loads
  }

  private static void forget(@Nullable WeakReference<GroovyUnitLoader> reference) {
    GroovyUnitLoader loader = reference == null ? null : reference.get();
    if (loader != null && reference != null) {
      loader.forgetIntrospected();
      LINGERING.add(reference);
    }
  }
}
