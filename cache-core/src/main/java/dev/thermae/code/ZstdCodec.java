package dev.thermae.code;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@link Coding#ZSTD}: one frame that tells its length. Loads a native library at first use. */
final class ZstdCodec {
  private static final int LEVEL = 9;

  private ZstdCodec() {}

  static byte @Nullable [] pack(byte[] bytes, int offset, int length) {
    try {
      byte[] packed = new byte[(int) Math.min(Zstd.compressBound(length), Integer.MAX_VALUE - 8)];
      long count = Zstd.compressByteArray(packed, 0, packed.length, bytes, offset, length, LEVEL);
      return Zstd.isError(count) ? null : Arrays.copyOf(packed, (int) count);
    } catch (ZstdException | LinkageError e) {
      return null; // the native library cannot be loaded here
    }
  }

  static byte @Nullable [] unpack(byte[] bytes, int offset, int length, int decoded) {
    try {
      if (Zstd.getFrameContentSize(bytes, offset, length) != decoded) {
        return null;
      }
      byte[] unpacked = new byte[decoded];
      long count = Zstd.decompressByteArray(unpacked, 0, decoded, bytes, offset, length);
      return count == decoded ? unpacked : null;
    } catch (ZstdException | LinkageError e) {
      return null;
    }
  }
}
