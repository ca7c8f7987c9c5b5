package dev.thermae.testing;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Seal;
import dev.thermae.disk.DiskOptions;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.Durability;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Stores one of everything, for whoever looks at what the system is asked to do. */
public final class DurableProgram {
  private static final String KEY = "url \nhttps://example.org/a.js";

  private DurableProgram() {}

  /** Arguments: folder, durability. */
  public static void main(String[] arguments) throws IOException {
    DiskOptions options = DiskOptions.DEFAULTS.durability(Durability.valueOf(arguments[1]));
    Counters counters = new Counters(null);
    try (DiskStore store =
            DiskStore.open(
                Path.of(arguments[0]), Seal.checksum(), counters, TimeSource.SYSTEM, options);
        NewBody body = store.newBody(KEY)) {
      body.write(new byte[100_000]);
      StoredEntry entry = store.put(TestHeads.of(KEY, 1_000, 100_000), body);
      entry.attach("slot", new byte[2_000]);
      store.record("surroundings", "text", Fingerprint.compute(Map.of("engine", "text")));
    }
    ChildJvm.say("stored");
  }
}
