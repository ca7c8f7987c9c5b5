package dev.thermae.disk;

import dev.thermae.code.Generation;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The index off the heap. The map is only ever opened when it was sealed by a clean close, and
 * owned by one process, so that no lock of a dead process is waited for; dense and without further
 * tiers, so that a full disk is an error at creation and never a fault while it is used.
 */
final class ChronicleIndex implements Index {
  private static final int KEY = 16;
  private static final int VALUE = 56;

  private final ChronicleMap<byte[], byte[]> map;
  private boolean closed;

  private ChronicleIndex(ChronicleMap<byte[], byte[]> map) {
    this.map = map;
  }

  /** Whether this JVM has the openings that Chronicle Map needs. */
  static boolean isPossible() {
    try {
      Module theirs = ChronicleMap.class.getModule();
      Module base = Object.class.getModule();
      return base.isExported("sun.nio.ch", theirs)
          && base.isOpen("java.lang", theirs)
          && base.isOpen("java.lang.reflect", theirs)
          && ModuleLayer.boot().findModule("jdk.compiler").isPresent();
    } catch (NoClassDefFoundError e) {
      return false;
    }
  }

  /** Whether the library is there; nobody misses it where it was left out. */
  static boolean isPresent() {
    try {
      return ChronicleMap.class.getModule() != null;
    } catch (NoClassDefFoundError e) {
      return false;
    }
  }

  /**
   * Opens an index that was sealed.
   *
   * @throws IOException also where Chronicle Map fails in another way
   */
  static ChronicleIndex open(File file, long capacity) throws IOException {
    try {
      return new ChronicleIndex(map(file, capacity));
    } catch (IOException | RuntimeException | InternalError e) {
      throw new IOException("no index in " + file, e);
    }
  }

  private static ChronicleMap<byte[], byte[]> map(File file, long capacity) throws IOException {
    System.setProperty("chronicle.analytics.disable", "true");
    System.setProperty("chronicle.announcer.disable", "true");
    return ChronicleMapBuilder.of(byte[].class, byte[].class)
        .name("thermae-index")
        .constantKeySizeBySample(new byte[KEY])
        .constantValueSizeBySample(new byte[VALUE])
        .entries(capacity)
        .allowSegmentTiering(false)
        .checksumEntries(true)
        .skipCloseOnExitHook(true)
        .createPersistedTo(file);
  }

  /**
   * Creates an empty index. Chronicle Map leaves holes in its files, and a full disk is a fault of
   * the machine where one of those is touched; so a copy without holes takes the name.
   */
  static ChronicleIndex create(File temporary, File dense, File file, long capacity)
      throws IOException {
    try {
      open(temporary, capacity).close();
      try (InputStream in = new FileInputStream(temporary);
          OutputStream out = new FileOutputStream(dense)) {
        in.transferTo(out);
      }
      Publisher.publish(dense, file, Durability.RENAME);
    } finally {
      Publisher.delete(temporary);
      if (dense.exists()) {
        Publisher.delete(dense);
      }
    }
    return open(file, capacity);
  }

  @Override
  public String kind() {
    return "chronicle";
  }

  @Override
  public synchronized @Nullable IndexRecord get(String entry) {
    byte[] value = closed ? null : map.getUsing(key(entry), null);
    return value == null ? null : decode(value);
  }

  @Override
  public synchronized boolean put(String entry, IndexRecord known) {
    if (closed) {
      return true;
    }
    ByteBuffer value = ByteBuffer.allocate(VALUE);
    value.putLong(known.generation().high()).putLong(known.generation().low());
    value.putLong(known.bytes()).putLong(known.slots()).putLong(known.slotBytes());
    value.putLong(known.lastUse()).putLong(known.hits());
    try {
      map.put(key(entry), value.array());
      return true;
    } catch (IllegalStateException full) {
      map.remove(key(entry));
      return false;
    }
  }

  @Override
  public synchronized void remove(String entry) {
    if (!closed) {
      map.remove(key(entry));
    }
  }

  @Override
  public synchronized void each(Visitor visitor) {
    if (!closed) {
      map.forEach((key, value) -> visitor.see(name(key), decode(value)));
    }
  }

  private static IndexRecord decode(byte[] value) {
    ByteBuffer in = ByteBuffer.wrap(value);
    return new IndexRecord(
        new Generation(in.getLong(), in.getLong()),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong());
  }

  private static String name(byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(key);
    return Generation.hex(in.getLong()).concat(Generation.hex(in.getLong()));
  }

  private static byte[] key(String entry) {
    byte[] digits = entry.getBytes(StandardCharsets.US_ASCII);
    byte[] key = new byte[KEY];
    for (int i = 0; i < key.length; i++) {
      key[i] =
          (byte) (Character.digit(digits[2 * i], 16) << 4 | Character.digit(digits[2 * i + 1], 16));
    }
    return key;
  }

  @Override
  public synchronized void close() {
    closed = true;
    map.close();
  }
}
