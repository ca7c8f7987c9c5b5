package dev.thermae.code;

import org.jspecify.annotations.Nullable;

/**
 * How stored bytes are packed. The seal covers what is stored, so that no byte reaches a decoder
 * unverified, and sealed bytes beside it tell the coding and the length that comes out of it.
 *
 * <p>The numbers of codings are part of formats: append-only.
 */
public enum Coding {
  /** As they are: what a fresh process reads fastest. */
  NONE(0),
  /** RFC 1951, by the JDK: 1 ms at a fresh process's first use, and 4 ms for a megabyte. */
  DEFLATE(1),
  /**
   * RFC 8878, by {@code com.github.luben:zstd-jni}, which whoever asks for it brings: 45 ms at a
   * fresh process's first use on JDK 17 and 240 on JDK 25, a few times quicker than {@link
   * #DEFLATE} after it. For processes that live long.
   */
  ZSTD(2);

  /** No packed byte stands for more; what would is left as it is. */
  static final int MAXIMUM_RATIO = 1_000;

  private final int number;

  Coding(int number) {
    this.number = number;
  }

  /** What stands for it in a file. */
  public int number() {
    return number;
  }

  /** Whether what it takes is on the class path; loads nothing. */
  public boolean isAvailable() {
    if (this != ZSTD) {
      return true;
    }
    try {
      Class.forName("com.github.luben.zstd.Zstd", false, Coding.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** The coding of a number in a file; null for one that this version does not know. */
  public static @Nullable Coding of(long number) {
    return number == 1 ? DEFLATE : number == 2 ? ZSTD : null;
  }

  /** Packs {@code length} bytes; null where that saves less than an eighth. */
  public byte @Nullable [] pack(byte[] bytes, int offset, int length) {
    byte[] packed =
        switch (this) {
          case NONE -> null;
          case DEFLATE -> DeflateCodec.pack(bytes, offset, length);
          case ZSTD -> ZstdCodec.pack(bytes, offset, length);
        };
    return packed != null
            && packed.length <= length - length / 8
            && length <= (long) packed.length * MAXIMUM_RATIO
        ? packed
        : null;
  }

  /**
   * Unpacks verified bytes. A length that so few bytes cannot stand for is refused before anything
   * is allocated, and nothing is written beyond it.
   *
   * @param decoded the length that sealed bytes tell
   * @param most the longest that the caller takes
   * @return null when what comes out is not exactly {@code decoded} bytes long, or cannot be
   *     decoded here
   */
  public byte @Nullable [] unpack(byte[] bytes, int offset, int length, long decoded, long most) {
    if (decoded < 0 || decoded > Math.min(most, (long) length * MAXIMUM_RATIO)) {
      return null;
    }
    return switch (this) {
      case NONE -> null;
      case DEFLATE -> DeflateCodec.unpack(bytes, offset, length, (int) decoded);
      case ZSTD -> isAvailable() ? ZstdCodec.unpack(bytes, offset, length, (int) decoded) : null;
    };
  }
}
