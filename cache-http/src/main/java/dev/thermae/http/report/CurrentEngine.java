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
 * An engine as it runs here, or as it runs in a process that compiles for this one, with its
 * fingerprint. Immutable.
 *
 * @param id of the engine
 * @param bakesName whether the name of a source is part of its code
 * @param engine the engine; null for one that runs elsewhere, whose code is not restored here
 * @param fingerprint as recorded, computed or told; null when nothing of it can leave memory
 */
public record CurrentEngine(
    String id, boolean bakesName, @Nullable Engine<?> engine, @Nullable Fingerprint fingerprint) {

  /** Takes the recorded fingerprint, as a load would, else computes it; records nothing. */
  public static CurrentEngine of(Engine<?> engine, Store store) {
    String name = EngineFingerprint.recordedUnder(engine);
    if (name == null || engine.harvest() == Engine.Harvest.NEVER) {
      return new CurrentEngine(engine.id(), engine.bakesName(), engine, null);
    }
    Fingerprint recorded = store.fingerprint(name);
    Fingerprint known = recorded == null ? EngineFingerprint.compute(engine) : recorded;
    return new CurrentEngine(engine.id(), engine.bakesName(), engine, known);
  }

  /** One that runs in another process, which told its fingerprint. */
  public static CurrentEngine elsewhere(String id, boolean bakesName, Fingerprint fingerprint) {
    return new CurrentEngine(id, bakesName, null, fingerprint);
  }

  /** The shape in which a script of that name is compiled. */
  public Shape shape(String name) {
    return bakesName ? Shape.SCRIPT.named(name) : Shape.SCRIPT;
  }

  /** The name of the slot for a script; null when there is none. */
  public @Nullable String slot(Source source) {
    return fingerprint == null
        ? null
        : StoredEntry.slot(fingerprint, shape(source.name()), source.charset());
  }
}
