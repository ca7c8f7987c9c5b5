package dev.thermae.cli;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Seal;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskStore;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.http.report.CurrentEngine;
import dev.thermae.http.resource.Inquiry;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Attaches code of another script under a good seal, as no load would. */
final class ForgedCode {
  private ForgedCode() {}

  static void forge(Path folder, String url, String script) throws IOException {
    RhinoEngine engine = RhinoEngine.create();
    Counters counters = new Counters(null);
    try (DiskStore store = DiskStore.open(folder, Seal.checksum(), counters, TimeSource.SYSTEM)) {
      String key = Inquiry.of(ResourceLoader.builder(store)).key(url);
      StoredEntry entry = store.find(key, null);
      CurrentEngine current = CurrentEngine.of(engine, store);
      Source source =
          Source.of(url, script.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      CodeKey claimed = new CodeKey("", source, Shape.SCRIPT, current.fingerprint());
      byte[] other = engine.serialize(engine.compile(Source.of(url, "1 + 1;"), Shape.SCRIPT));
      byte[] sealed =
          claimed.seal(store.seal(), entry.head().keyHash(), entry.head().generation(), other);
      entry.attach(current.slot(source), sealed);
    }
  }
}
