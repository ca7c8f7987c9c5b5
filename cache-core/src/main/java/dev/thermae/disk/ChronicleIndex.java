package dev.thermae.disk;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The index off the heap. The map is only ever opened when it was sealed by a clean close, and
 * owned by one process, so that no lock of a dead process is waited for; dense and without further
 * tiers, so that a full disk is an error at creation and never a fault while it is used.
 */
final class ChronicleIndex implements Index {
  private static final int VALUE = 24;

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

  /** Opens the file, or makes it; what was made by half is taken away. */
  static ChronicleIndex open(File file) throws IOException {
    boolean isNew = !file.exists();
    try {
      return new ChronicleIndex(map(file));
    } catch (IOException | RuntimeException | InternalError e) {
      if (isNew) {
        Publisher.delete(file);
      }
      throw new IOException("no index in " + file, e);
    }
  }

  private static ChronicleMap<byte[], byte[]> map(File file) throws IOException {
    System.setProperty("chronicle.analytics.disable", "true");
    System.setProperty("chronicle.announcer.disable", "true");
    return ChronicleMapBuilder.of(byte[].class, byte[].class)
        .name("thermae-index")
        .constantKeySizeBySample(new byte[16])
        .constantValueSizeBySample(new byte[VALUE])
        .entries(HeapIndex.CAPACITY)
        .allowSegmentTiering(false)
        .checksumEntries(true)
        .skipCloseOnExitHook(true)
        .createPersistedTo(file);
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
  public synchronized void put(String entry, IndexRecord known) {
    if (closed) {
      return;
    }
    ByteBuffer value = ByteBuffer.allocate(VALUE);
    value.putLong(known.bytes()).putLong(known.lastUse()).putLong(known.hits());
    try {
      map.put(key(entry), value.array());
    } catch (IllegalStateException full) {
      map.remove(key(entry));
    }
  }

  @Override
  public synchronized void remove(String entry) {
    if (!closed) {
      map.remove(key(entry));
    }
  }

  @Override
  public synchronized DiskUsage usage() {
    if (closed) {
      return new DiskUsage(0, 0, 0, kind());
    }
    AtomicLong bytes = new AtomicLong();
    AtomicLong hits = new AtomicLong();
    map.forEach(
        (key, value) -> {
          bytes.addAndGet(decode(value).bytes());
          hits.addAndGet(decode(value).hits());
        });
    return new DiskUsage(map.longSize(), bytes.get(), hits.get(), kind());
  }

  private static IndexRecord decode(byte[] value) {
    ByteBuffer in = ByteBuffer.wrap(value);
    return new IndexRecord(in.getLong(), in.getLong(), in.getLong());
  }

  private static byte[] key(String entry) {
    byte[] digits = entry.getBytes(StandardCharsets.US_ASCII);
    byte[] key = new byte[16];
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
