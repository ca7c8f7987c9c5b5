package dev.thermae.bench;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskOptions;
import dev.thermae.disk.DiskStore;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** Entries with code of one size in a disk store, read and written as a load does. */
final class StoredCode implements AutoCloseable {
  /** Bytes of an envelope beside shape and payload, head not counted. */
  private static final int OVERHEAD = 12 + 16 + 112 + 8;

  private static final Fingerprint FINGERPRINT = Fingerprint.compute(Map.of("engine", "bench"));

  /** Evicts nothing. */
  static final DiskOptions ROOMY = DiskOptions.DEFAULTS.maximumBytes(1L << 40);

  private final DiskStore store;
  private final int size;

  private StoredCode(DiskStore store, int size) {
    this.store = store;
    this.size = size;
  }

  /** A store in {@code folder} for envelopes of {@code size} bytes. */
  static StoredCode open(Path folder, int size) throws IOException {
    DiskStore store =
        DiskStore.open(folder, Seal.checksum(), new Counters(null), TimeSource.SYSTEM, ROOMY);
    return new StoredCode(store, size);
  }

  /** One script that is compiled, what it is known by and what it is compiled to. */
  record Unit(String url, CodeKey key, byte[] payload, StoredEntry entry) {
    String slot() {
      return StoredEntry.slot(key);
    }
  }

  /** The key of script {@code number}. */
  static String key(int number) {
    return "GET \nhttps://example.org/scripts/" + number + ".js";
  }

  /** Stores the response and the code of script {@code number}. */
  Unit store(int number) throws IOException {
    String url = key(number);
    Source source = Source.of(url, "function f" + number + "() {}");
    CodeKey key = new CodeKey("", source, Shape.SCRIPT, FINGERPRINT);
    byte[] payload = new byte[size - OVERHEAD - Shape.SCRIPT.text().length()];
    new Random(number).nextBytes(payload);
    Unit unit = new Unit(url, key, payload, store.put(head(url, source), body(url, source)));
    put(unit);
    return unit;
  }

  private NewBody body(String url, Source source) throws IOException {
    NewBody body = store.newBody(url);
    body.write(source.bytes());
    return body;
  }

  private static EntryHead head(String url, Source source) {
    long now = TimeSource.SYSTEM.millis();
    return new EntryHead(
        url,
        "",
        Generation.random(),
        now,
        now,
        0,
        3_600_000,
        Long.MIN_VALUE,
        0,
        source.charset().name(),
        "",
        EntryHead.hashOf(url),
        source.hash(),
        source.bytes().length,
        new byte[300]);
  }

  /** Seals and publishes the unit's code. */
  void put(Unit unit) throws IOException {
    attach(unit, unit.slot());
  }

  /** The same in a slot that is empty. */
  void add(Unit unit, long serial) throws IOException {
    attach(unit, unit.slot() + serial);
  }

  private void attach(Unit unit, String slot) throws IOException {
    EntryHead head = unit.entry.head();
    byte[] sealed = unit.key.seal(store.seal(), head.keyHash(), head.generation(), unit.payload);
    unit.entry.attach(slot, sealed);
  }

  /** Finds the entry, reads and checks its code, and hands it over. */
  byte[] read(Unit unit) throws IOException {
    StoredEntry entry = store.find(unit.url, null);
    byte[] code = entry.code(unit.slot());
    EntryHead head = entry.head();
    SealedFile file = unit.key.open(code, store.seal(), head.keyHash(), head.generation());
    if (file.rejection() != null) {
      throw new IllegalStateException(file.detail());
    }
    return code;
  }

  @Override
  public void close() {
    store.close();
  }
}
