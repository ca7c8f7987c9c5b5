package dev.thermae.engine.v8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The header of V8's code cache: eight little-endian words of 32 bits. V8 decides by the first six
 * of them whether it takes a cache, and tells nobody how it decided; so whoever compares these six
 * beforehand knows. It does not look at the last two, nor at the payload, and takes more bytes than
 * word 5 says.
 *
 * <pre>
 * 0  magic number                     4  checksum of the snapshot
 * 1  hash of V8's version             5  bytes of payload
 * 2  length of the source in UTF-16,  6  0
 *    bit 30 set for a module          7  0
 * 3  hash of V8's flags
 * </pre>
 *
 * <p>Immutable.
 */
final class CodeHeader {
  static final int BYTES = 32;
  private static final int MODULE = 1 << 30;

  private final int magic;
  private final int version;
  private final int flags;
  private final int snapshot;

  /** The header that V8 wrote, of code for any source. */
  CodeHeader(byte[] written) {
    ByteBuffer words = ByteBuffer.wrap(written).order(ByteOrder.LITTLE_ENDIAN);
    magic = words.getInt(0);
    version = words.getInt(4);
    flags = words.getInt(12);
    snapshot = words.getInt(16);
  }

  /** Why this V8 would not take the code; null when it takes it. */
  @Nullable String refusal(byte[] code, int sourceLength, boolean module) {
    if (code.length <= BYTES) {
      return "no whole header";
    }
    ByteBuffer words = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
    if (words.getInt(0) != magic) {
      return "another format";
    } else if (words.getInt(4) != version) {
      return "another version of V8";
    } else if (words.getInt(8) != (module ? sourceLength | MODULE : sourceLength)) {
      return "code of another source";
    } else if (words.getInt(12) != flags) {
      return "other flags of V8";
    } else if (words.getInt(16) != snapshot) {
      return "another snapshot of V8";
    }
    return words.getInt(20) == code.length - BYTES ? null : "not as long as it says";
  }

  /** What the build of V8 and its settings are told by. */
  String text() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(version)
        + '-'
        + hex.toHexDigits(flags)
        + '-'
        + hex.toHexDigits(snapshot);
  }
}
