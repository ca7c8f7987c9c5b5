package dev.thermae.disk;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Rejection;
import dev.thermae.code.Shape;
import dev.thermae.store.EntryHead;
import dev.thermae.store.Slot;
import dev.thermae.store.StoredEntry;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a {@link DiskStore}: a verified head; the body is read and verified when asked for.
 */
final class DiskEntry implements StoredEntry {
  private final DiskStore store;
  private final EntryName name;
  private final File headFile;
  private final EntryHead head;
  private final byte[] digests;

  DiskEntry(DiskStore store, EntryName name, File headFile, EntryHead head, byte[] digests) {
    this.store = store;
    this.name = name;
    this.headFile = headFile;
    this.head = head;
    this.digests = digests;
  }

  @Override
  public EntryHead head() {
    return head;
  }

  /** The file this head was read from. */
  File headFile() {
    return headFile;
  }

  EntryName name() {
    return name;
  }

  byte[] digests() {
    return digests;
  }

  @Override
  public byte @Nullable [] body() {
    File file = name.body(head.generation());
    byte[] bytes;
    try {
      bytes = DiskFiles.read(file, Integer.MAX_VALUE - 16);
    } catch (IOException e) {
      store.counters().onFault(file.getPath(), e);
      return null;
    }
    if (bytes == null) {
      store.bodyMissing(this, file);
      return null;
    }
    if (bytes.length != head.bodyLength()) {
      String detail = bytes.length + " bytes instead of " + head.bodyLength();
      store.counters().onRejected(file.getPath(), Rejection.TRUNCATED, detail);
      return null;
    }
    int damage = firstDamage(bytes);
    if (damage >= 0) {
      store.counters().onRejected(file.getPath(), Rejection.SEAL, "damaged at byte " + damage);
      return null;
    }
    return bytes;
  }

  private int firstDamage(byte[] bytes) {
    int length = store.seal().digestLength();
    byte[] digest = new byte[length];
    int expected = 0;
    for (int at = 0; at < bytes.length; at += HeadFile.CHUNK) {
      store.seal().digest(bytes, at, Math.min(HeadFile.CHUNK, bytes.length - at), digest, 0);
      if (!Arrays.equals(digest, 0, length, digests, expected, expected + length)) {
        return at;
      }
      expected += length;
    }
    return -1;
  }

  @Override
  public Slot slot(Fingerprint fingerprint, Shape shape, Charset charset) {
    return new DiskSlot(
        store.temporaries(),
        name.slot(head.generation(), fingerprint, shape, charset, ".s"),
        name.slot(head.generation(), fingerprint, shape, charset, ".c"));
  }
}
