package dev.thermae.cli;

import dev.thermae.code.Generation;
import dev.thermae.code.Seal;
import dev.thermae.disk.DiskStore;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.http.resource.Inquiry;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.file.Path;

/** Stores a response anew, under a good seal, with another charset. */
final class ForgedHead {
  private ForgedHead() {}

  static void forge(Path folder, String url, String charset) throws IOException {
    Counters counters = new Counters(null);
    try (DiskStore store = DiskStore.open(folder, Seal.checksum(), counters, TimeSource.SYSTEM)) {
      String key = Inquiry.of(ResourceLoader.builder(store)).key(url);
      EntryHead old = store.find(key, null).head();
      byte[] bytes = store.find(key, null).body();
      try (NewBody body = store.newBody(key)) {
        body.write(bytes);
        EntryHead head =
            new EntryHead(
                key,
                old.selecting(),
                Generation.random(),
                old.requestTime() + 1,
                old.responseTime() + 1,
                old.initialAge(),
                old.lifetime(),
                old.notBefore(),
                old.flags(),
                charset,
                old.location(),
                old.keyHash(),
                old.sourceHash(),
                bytes.length,
                old.metadata());
        StoredEntry entry = store.put(head, body);
        entry.attach("slot", new byte[] {1});
      }
    }
  }
}
