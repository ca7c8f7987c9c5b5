package dev.thermae.script;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.Engine;
import dev.thermae.engine.RestoreException;
import java.lang.ref.WeakReference;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Groovy for one script engine: compiles to classes that nobody has defined yet, so that all
 * engines of a family share them and each defines its own. Holds the engine's class loader weakly,
 * because a cache holds its engines. Thread-safe.
 *
 * <p>A script without a name of its own is compiled under {@link #WORD}, which its classes are
 * renamed from when they are defined. The name of a shape is that of the file, followed by what the
 * script sees of earlier ones.
 */
final class GroovyScripts implements Engine<ClassBundle> {
  /** Stands for the name that the script engine would have made up. */
  static final String WORD = "ThermaeScriptWithoutName";

  private final GroovyFamily family;
  private final WeakReference<ScriptClassLoader> loader;

  GroovyScripts(GroovyFamily family, ScriptClassLoader loader) {
    this.family = family;
    this.loader = new WeakReference<>(loader);
  }

  static Shape shape(String fileName, String state) {
    return Shape.SCRIPT.named(state.isEmpty() ? fileName : fileName + '\n' + state);
  }

  @Override
  public String id() {
    return "groovy";
  }

  @Override
  public @Nullable String surroundings() {
    return family.surroundings();
  }

  @Override
  public Map<String, String> fingerprintParts() {
    return family.fingerprintParts();
  }

  /** The shape names the file already. */
  @Override
  public boolean bakesName() {
    return false;
  }

  @Override
  public Harvest harvest() {
    return Harvest.ANY_TIME;
  }

  /**
   * Compiles.
   *
   * @throws IllegalStateException when another script defined something meanwhile that this one
   *     mentions, or the script engine is gone
   */
  @Override
  public ClassBundle compile(Source source, Shape shape) {
    ScriptClassLoader sees = loader.get();
    if (sees == null) {
      throw new IllegalStateException("the script engine is gone");
    }
    int end = shape.name().indexOf('\n');
    String fileName = end < 0 ? shape.name() : shape.name().substring(0, end);
    ClassBundle classes = family.compile(source, fileName, sees);
    if (!shape(fileName, sees.state(source.text())).equals(shape)) {
      throw new IllegalStateException("other scripts have defined what this one mentions");
    }
    return classes;
  }

  @Override
  public byte[] serialize(ClassBundle classes) {
    return classes.bytes();
  }

  @Override
  public ClassBundle restore(byte[] bytes, int offset, int length, Source source, Shape shape)
      throws RestoreException {
    return ClassBundle.read(bytes, offset, length);
  }

  /** Engines of one family share what they compile. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GroovyScripts && family == ((GroovyScripts) other).family;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(family);
  }
}
