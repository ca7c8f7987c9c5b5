package dev.thermae.engine;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that compiles sources into units of type {@code C}, turns units into bytes and bytes
 * into units again.
 *
 * <p>Implementations are thread-safe. They never see bytes that were not verified: the cache checks
 * seal, fingerprint, source, resource and generation first. A payload that passes all of that and
 * still cannot be used must be refused whole, with a {@link RestoreException} and no effect.
 *
 * @param <C> the unit, whatever the engine executes
 */
public interface Engine<C> {

  /** When a unit can be turned into bytes. */
  enum Harvest {
    /** At any time: whether it ran does not change its bytes. */
    ANY_TIME,
    /** Right after it was compiled and before it ran for the first time. */
    AFTER_COMPILE,
    /**
     * After it ran, again and again: running makes more of it. {@link #serialize} is called on the
     * thread that says so, by {@code Compiled.ran}. For units that have a {@link #scope} only.
     */
    AFTER_RUN,
    /** Never: this engine's units stay in memory. */
    NEVER
  }

  /** A short stable name, such as {@code rhino}. */
  String id();

  /**
   * Everything besides source and shape that can change the code, as text that is cheap to read:
   * nothing is digested. Two surroundings with equal texts have equal {@link #fingerprintParts()}.
   * Null where something that matters cannot be identified: then nothing of this engine leaves
   * memory.
   */
  @Nullable String surroundings();

  /**
   * The named parts of the fingerprint, artifacts by strong digest. Asked only when no record for
   * {@link #surroundings()} exists.
   */
  Map<String, String> fingerprintParts();

  /** Whether the name of a source is part of its code; if so, it becomes part of the shape. */
  boolean bakesName();

  /** When {@link #serialize} may be called. */
  Harvest harvest();

  /** What a unit may not leave, such as a class loader; held weakly. Null when units are free. */
  default @Nullable Object scope() {
    return null;
  }

  /**
   * Compiles.
   *
   * @throws CompileException when the source is at fault
   */
  C compile(Source source, Shape shape);

  /**
   * Turns a unit into bytes. Equal sources give equal bytes.
   *
   * @throws RestoreException when this unit cannot be serialized
   */
  byte[] serialize(C unit) throws RestoreException;

  /**
   * Whether several callers may use a unit, each in a scope of its own. A unit that is not shared
   * does not stay in memory.
   */
  default boolean shares(C unit) {
    return true;
  }

  /**
   * Has {@code listener} told, once and on the thread that runs the unit, when a part of it that is
   * decoded or linked at its first use turns out to be unusable. Who runs the unit gets the error
   * as well, since what ran until then cannot be undone. An engine that checks units whole when it
   * restores them has nothing to tell.
   */
  default void watch(C unit, Consumer<Throwable> listener) {}

  /**
   * Turns verified bytes, {@code length} of them from {@code offset}, into a unit. The array is the
   * engine's from now on and may be read lazily.
   *
   * @throws RestoreException when the bytes are not usable; nothing has happened then
   */
  C restore(byte[] bytes, int offset, int length, Source source, Shape shape)
      throws RestoreException;
}
