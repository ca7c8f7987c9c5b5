package dev.thermae.disk;

import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.store.EntryHead;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The file of a head, which {@link DiskEntry} describes: written, and opened off the hit's way. */
final class HeadFile {
  private HeadFile() {}

  /** The head in a file, reported to nobody; null where there is none that its seal holds. */
  static @Nullable EntryHead read(File file, Seal seal) throws IOException {
    byte[] bytes = DiskStore.read(file, DiskStore.MAXIMUM_HEAD);
    if (bytes == null) {
      return null;
    }
    SealedFile sealed = open(bytes, seal);
    return sealed.rejection() == null ? DiskEntry.head(sealed, seal) : null;
  }

  /** A head's file with a rejection, or with the sections of {@link DiskEntry}. */
  static SealedFile open(byte[] bytes, Seal seal) {
    return SealedFile.open(bytes, DiskEntry.MAGIC, DiskEntry.FORMAT, DiskEntry.SECTIONS, seal);
  }

  /** The bytes of a head's file. */
  static byte[] encode(EntryHead head, byte[] digests, Seal seal) {
    byte[] numbers = new byte[DiskEntry.NUMBERS];
    SealedFile.write64(numbers, 0, head.generation().high());
    SealedFile.write64(numbers, 8, head.generation().low());
    SealedFile.write64(numbers, 16, head.requestTime());
    SealedFile.write64(numbers, 24, head.responseTime());
    SealedFile.write64(numbers, 32, head.initialAge());
    SealedFile.write64(numbers, 40, head.lifetime());
    SealedFile.write64(numbers, 48, head.notBefore());
    SealedFile.write64(numbers, 56, head.bodyLength());
    SealedFile.write64(numbers, 64, head.flags());
    System.arraycopy(head.keyHash(), 0, numbers, 72, 32);
    System.arraycopy(head.sourceHash(), 0, numbers, 104, 32);
    return SealedFile.seal(
        DiskEntry.MAGIC,
        DiskEntry.FORMAT,
        seal,
        numbers,
        head.key().getBytes(StandardCharsets.UTF_8),
        head.selecting().getBytes(StandardCharsets.UTF_8),
        head.charset().getBytes(StandardCharsets.UTF_8),
        head.location().getBytes(StandardCharsets.UTF_8),
        head.metadata(),
        digests);
  }
}
