package dev.thermae.http.report;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * An engine as it runs here, with its fingerprint. Immutable.
 *
 * @param engine the engine
 * @param fingerprint as recorded or computed; null when nothing of it can leave memory
 */
public record CurrentEngine(Engine<?> engine, @Nullable Fingerprint fingerprint) {

  /** Takes the recorded fingerprint, as a load would, else computes it; records nothing. */
  public static CurrentEngine of(Engine<?> engine, Store store) {
    String name = EngineFingerprint.recordedUnder(engine);
    if (name == null || engine.harvest() == Engine.Harvest.NEVER) {
      return new CurrentEngine(engine, null);
    }
    Fingerprint recorded = store.fingerprint(name);
    Fingerprint known = recorded == null ? EngineFingerprint.compute(engine) : recorded;
    return new CurrentEngine(engine, known);
  }

  /** The shape in which a script of that name is compiled. */
  public Shape shape(String name) {
    return engine.bakesName() ? Shape.SCRIPT.named(name) : Shape.SCRIPT;
  }

  /** The name of the slot for a script; null when there is none. */
  public @Nullable String slot(Source source) {
    return fingerprint == null
        ? null
        : StoredEntry.slot(fingerprint, shape(source.name()), source.charset());
  }
}
