package dev.thermae.disk;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Hex;
import dev.thermae.code.Seal;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Fingerprints by the surroundings they were computed from, so that a fresh process compares text
 * and digests nothing. Format 1, little-endian:
 *
 * <pre>
 * record = magic format seal-kind reserved key-id fingerprint
 *          surroundings-length engine-length parts-length surroundings engine parts seal
 * magic  = %x54 %x48 %x4D %x46 ; "THMF"
 * </pre>
 */
final class FingerprintRecords {
  private static final int MAGIC = 0x464D4854;
  private static final short FORMAT = 1;
  private static final int FIXED = 56;
  private static final int MAXIMUM = 1 << 20;

  private final File folder;
  private final File temporaries;
  private final Seal seal;

  FingerprintRecords(File folder, File temporaries, Seal seal) {
    this.folder = folder;
    this.temporaries = temporaries;
    this.seal = seal;
  }

  /** The recorded fingerprint; null when there is none, or one that cannot be believed. */
  @Nullable Fingerprint find(String surroundings) throws IOException {
    byte[] bytes = DiskFiles.read(file(surroundings), MAXIMUM);
    int sealed = bytes == null ? 0 : bytes.length - seal.length();
    if (bytes == null || sealed < FIXED) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(0) != MAGIC
        || in.getShort(4) != FORMAT
        || bytes[6] != seal.kind()
        || seal.check(in.getInt(8), bytes, 0, sealed, bytes, sealed) != null) {
      return null;
    }
    int text = in.getInt(44);
    int engine = in.getInt(48);
    int parts = in.getInt(52);
    if (text < 0 || engine < 0 || parts < 0 || (long) FIXED + text + engine + parts != sealed) {
      return null;
    }
    if (!surroundings.equals(new String(bytes, FIXED, text, StandardCharsets.UTF_8))) {
      return null;
    }
    return Fingerprint.recorded(
        Arrays.copyOfRange(bytes, 12, 44),
        new String(bytes, FIXED + text + engine, parts, StandardCharsets.UTF_8));
  }

  void record(String surroundings, String engine, Fingerprint fingerprint) throws IOException {
    byte[] text = surroundings.getBytes(StandardCharsets.UTF_8);
    byte[] id = engine.getBytes(StandardCharsets.UTF_8);
    byte[] parts = fingerprint.parts().getBytes(StandardCharsets.UTF_8);
    int sealed = FIXED + text.length + id.length + parts.length;
    byte[] bytes = new byte[sealed + seal.length()];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putShort(FORMAT).put((byte) seal.kind()).put((byte) 0);
    out.putInt(seal.keyId()).put(fingerprint.bytes());
    out.putInt(text.length).putInt(id.length).putInt(parts.length);
    out.put(text).put(id).put(parts);
    seal.tag(bytes, 0, sealed, bytes, sealed);
    DiskFiles.folder(folder);
    DiskFiles.publish(temporaries, file(surroundings), bytes);
  }

  private File file(String surroundings) {
    StringBuilder name = new StringBuilder(32);
    Hex.append(name, EntryName.hash(surroundings, 1));
    Hex.append(name, EntryName.hash(surroundings, 2));
    return new File(folder, name.toString());
  }
}
