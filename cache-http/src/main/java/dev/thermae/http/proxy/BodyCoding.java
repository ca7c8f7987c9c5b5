package dev.thermae.http.proxy;

import dev.thermae.code.Coding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** How a body is coded for its way to a client (RFC 9110 section 8.4.1). */
enum BodyCoding {
  /** As it is. */
  IDENTITY(0, "identity"),
  /** RFC 1952, by the JDK. */
  GZIP(1, "gzip"),
  /** RFC 8878 in the window that RFC 9659 allows, by zstd-jni where that is on the class path. */
  ZSTD(2, "zstd");

  /** All of them, by their indexes; not to be changed. */
  static final BodyCoding[] ALL = {IDENTITY, GZIP, ZSTD};

  private final int index;
  private final String token;

  BodyCoding(int index, String token) {
    this.index = index;
    this.token = token;
  }

  /** Its place in arrays. */
  int index() {
    return index;
  }

  /** Its name in fields. */
  String token() {
    return token;
  }

  /** Whether bodies can be packed like that here. */
  boolean isPossible() {
    return this == GZIP || this == ZSTD && Coding.ZSTD.isAvailable();
  }

  /** Packs a body; null where that saves less than an eighth, or cannot be done here. */
  byte @Nullable [] pack(byte[] plain) {
    return switch (this) {
      case IDENTITY -> null;
      case GZIP -> gzip(plain);
      case ZSTD -> Coding.ZSTD.pack(plain, 0, plain.length);
    };
  }

  private static byte @Nullable [] gzip(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(64, plain.length / 3));
    try (GZIPOutputStream gzip = new GZIPOutputStream(out, 8192)) {
      gzip.write(plain);
    } catch (IOException e) {
      return null; // memory does not fail like that
    }
    return out.size() <= plain.length - plain.length / 8 ? out.toByteArray() : null;
  }
}
