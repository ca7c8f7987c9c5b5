package dev.thermae.code;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The one container of everything that is stored and must be believed: numbered sections under a
 * seal. Little-endian:
 *
 * <pre>
 * file     = magic format seal-kind count key-id count*length count*section seal
 * magic    = 4OCTET        ; what kind of file it is
 * format   = u16           ; version of the kind
 * seal-kind = u8           ; 1 checksum, 2 signed, 3 Ed25519
 * count    = u8            ; sections
 * key-id   = u32           ; 0 for checksums
 * length   = u32           ; of a section
 * section  = *OCTET
 * seal     = 8OCTET / 32OCTET / 64OCTET ; over everything before it
 * </pre>
 *
 * <p>Nothing but the first twelve bytes is read before the seal has been checked. Instances are
 * immutable.
 */
public final class SealedFile {
  private static final int HEADER = 12;

  private final byte[] bytes;
  private final int[] ends;
  private final @Nullable Rejection rejection;
  private final String detail;

  private SealedFile(byte[] bytes, int[] ends, @Nullable Rejection rejection, String detail) {
    this.bytes = bytes;
    this.ends = ends;
    this.rejection = rejection;
    this.detail = detail;
  }

  /** Seals sections into a file. */
  public static byte[] seal(int magic, int format, Seal seal, byte[]... sections) {
    int at = HEADER + 4 * sections.length;
    int sealed = at;
    for (byte[] section : sections) {
      sealed = Math.addExact(sealed, section.length);
    }
    byte[] bytes = new byte[Math.addExact(sealed, seal.length())];
    write32(bytes, 0, magic);
    write32(bytes, 4, format | seal.kind() << 16 | sections.length << 24);
    write32(bytes, 8, seal.keyId());
    for (int i = 0; i < sections.length; i++) {
      write32(bytes, HEADER + 4 * i, sections[i].length);
      System.arraycopy(sections[i], 0, bytes, at, sections[i].length);
      at += sections[i].length;
    }
    seal.tag(bytes, 0, sealed, bytes, sealed);
    return bytes;
  }

  /** Checks length, kind, format, key and seal, in this order, then finds the sections. */
  public static SealedFile open(byte[] bytes, int magic, int format, int sections, Seal seal) {
    int sealed = bytes.length - seal.length();
    int first = HEADER + 4 * sections;
    if (sealed < first) {
      return rejected(Rejection.TRUNCATED, bytes.length + " bytes are shorter than a header");
    }
    if (read32(bytes, 0) != magic) {
      return rejected(Rejection.MAGIC, "not a file of this kind");
    }
    if (read32(bytes, 4) != (format | seal.kind() << 16 | sections << 24)) {
      return rejected(Rejection.FORMAT, "format " + (read32(bytes, 4) & 0xffff));
    }
    int keyId = read32(bytes, 8);
    Rejection refused = seal.check(keyId, bytes, 0, sealed, bytes, sealed);
    if (refused != null) {
      return rejected(refused, "the seal does not match, key id " + keyId);
    }
    int[] ends = new int[sections + 1];
    ends[0] = first;
    for (int i = 0; i < sections; i++) {
      int length = read32(bytes, HEADER + 4 * i);
      if (length < 0 || length > sealed - ends[i]) {
        return rejected(Rejection.LENGTH, "section " + i + " has " + length + " bytes");
      }
      ends[i + 1] = ends[i] + length;
    }
    if (ends[sections] != sealed) {
      return rejected(Rejection.LENGTH, "sections do not add up to " + sealed);
    }
    return new SealedFile(bytes, ends, null, "");
  }

  /** Whether bytes begin as a file of this kind does, under any seal. */
  static boolean isLike(byte[] bytes, int magic, int format, int sections) {
    int kind = read32(bytes, 4);
    return read32(bytes, 0) == magic && (kind & 0xffff) == format && kind >>> 24 == sections;
  }

  /** Whether bytes say that they are signed, which nothing proves. */
  public static boolean isSigned(byte[] bytes) {
    return bytes.length > HEADER && (read32(bytes, 4) >>> 16 & 0xff) == Seal.SIGNED;
  }

  /** Whether bytes say that they have a checksum for a seal, which nothing proves. */
  public static boolean isChecksummed(byte[] bytes) {
    return bytes.length > HEADER && (read32(bytes, 4) >>> 16 & 0xff) == Seal.CHECKSUM;
  }

  /** The id of the key that bytes say they are sealed with, which nothing proves. */
  public static int claimedKey(byte[] bytes) {
    return bytes.length < HEADER ? 0 : read32(bytes, 8);
  }

  /**
   * A section as bytes hold it, which nothing proves: enough to tell whose a broken file was, and
   * for nothing else. Null where the lengths do not fit.
   */
  public static @Nullable String claimedText(byte[] bytes, int section) {
    int count = bytes.length < HEADER ? 0 : bytes[7] & 0xff;
    long start = HEADER + 4L * count;
    if (section >= count || start > bytes.length) {
      return null;
    }
    for (int i = 0; i < section; i++) {
      start += read32(bytes, HEADER + 4 * i) & 0xffffffffL;
    }
    long length = read32(bytes, HEADER + 4 * section) & 0xffffffffL;
    return start + length > bytes.length
        ? null
        : new String(bytes, (int) start, (int) length, StandardCharsets.UTF_8);
  }

  /** A file that was refused for a reason of its kind. */
  public static SealedFile rejected(Rejection rejection, String detail) {
    return new SealedFile(new byte[0], new int[0], rejection, detail);
  }

  /** Bytes that came out of a verified file, as its section of this number and its last. */
  static SealedFile of(int section, byte[] content) {
    int[] ends = new int[section + 2];
    ends[section + 1] = content.length;
    return new SealedFile(content, ends, null, "");
  }

  /** Why the file was refused, or null when its sections may be read. */
  public @Nullable Rejection rejection() {
    return rejection;
  }

  /** The refusal in words, or empty. */
  public String detail() {
    return detail;
  }

  /** Id of the key that sealed a file that was not refused; 0 for checksums. */
  public int keyId() {
    return read32(bytes, 8);
  }

  /** The whole file; shared, not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where a section begins. */
  public int start(int section) {
    return ends[section];
  }

  /** Bytes of a section. */
  public int length(int section) {
    return ends[section + 1] - ends[section];
  }

  /** A copy of a section. */
  public byte[] section(int section) {
    return Arrays.copyOfRange(bytes, ends[section], ends[section + 1]);
  }

  /** A copy of {@code length} bytes from {@code offset} in a section that is long enough. */
  public byte[] section(int section, int offset, int length) {
    return Arrays.copyOfRange(bytes, ends[section] + offset, ends[section] + offset + length);
  }

  /** A section as UTF-8 text. */
  public String text(int section) {
    int length = length(section);
    return length == 0 ? "" : new String(bytes, ends[section], length, StandardCharsets.UTF_8);
  }

  /** Whether a section holds these very bytes from {@code offset}. */
  public boolean holds(int section, int offset, byte[] expected) {
    int from = ends[section] + offset;
    return Arrays.equals(bytes, from, from + expected.length, expected, 0, expected.length);
  }

  /** The 64-bit number at {@code offset} in a section that is long enough. */
  public long int64(int section, int offset) {
    return read64(bytes, ends[section] + offset);
  }

  /** Reads a little-endian 64-bit number. */
  static long read64(byte[] bytes, int at) {
    return (read32(bytes, at) & 0xffffffffL) | (long) read32(bytes, at + 4) << 32;
  }

  /** Writes a little-endian 64-bit number. */
  public static void write64(byte[] bytes, int at, long value) {
    write32(bytes, at, (int) value);
    write32(bytes, at + 4, (int) (value >>> 32));
  }

  private static int read32(byte[] bytes, int at) {
    return (bytes[at] & 0xff)
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | bytes[at + 3] << 24;
  }

  private static void write32(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >> 8);
    bytes[at + 2] = (byte) (value >> 16);
    bytes[at + 3] = (byte) (value >> 24);
  }
}
