package dev.thermae.code;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * 32 bytes over everything besides source and shape that can change the code an engine makes, with
 * the named parts they were computed from.
 *
 * <p>The parts' text has one {@code name=value} a line, sorted by name. Immutable.
 */
public final class Fingerprint {
  /** Bytes in a fingerprint. */
  public static final int LENGTH = 32;

  /** The fingerprint of nothing. */
  public static final Fingerprint NONE = new Fingerprint(new byte[LENGTH], "");

  private final byte[] bytes;
  private final String parts;

  private Fingerprint(byte[] bytes, String parts) {
    this.bytes = bytes;
    this.parts = parts;
  }

  /** Digests the named parts; names and values must not hold line breaks. */
  public static Fingerprint compute(Map<String, String> parts) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> part : new TreeMap<>(parts).entrySet()) {
      String line = part.getKey() + '=' + part.getValue();
      if (line.indexOf('\n') >= 0 || part.getKey().indexOf('=') >= 0) {
        throw new IllegalArgumentException("a fingerprint part is one line, name=value: " + line);
      }
      text.append(line).append('\n');
    }
    String canonical = text.toString();
    return new Fingerprint(digest(canonical), canonical);
  }

  /** SHA-256 of a text's UTF-8 bytes. */
  public static byte[] digest(String text) {
    return Sha256.of(new byte[0], text.getBytes(StandardCharsets.UTF_8));
  }

  /** Takes a fingerprint from a verified record. */
  public static Fingerprint recorded(byte[] bytes, String parts) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a fingerprint has 32 bytes, not " + bytes.length);
    }
    return new Fingerprint(bytes, parts);
  }

  /** The 32 bytes; shared, not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** The named parts, one {@code name=value} a line, sorted. */
  public String parts() {
    return parts;
  }

  /** The first part that differs, as {@code name: ours / theirs}, or null when none does. */
  public @Nullable String difference(String otherParts) {
    Map<String, String> ours = split(parts);
    Map<String, String> theirs = split(otherParts);
    for (Map.Entry<String, String> part : ours.entrySet()) {
      String other = theirs.remove(part.getKey());
      if (!part.getValue().equals(other)) {
        return part.getKey() + ": " + part.getValue() + " / " + (other == null ? "absent" : other);
      }
    }
    for (Map.Entry<String, String> part : theirs.entrySet()) {
      return part.getKey() + ": absent / " + part.getValue();
    }
    return null;
  }

  private static Map<String, String> split(String text) {
    Map<String, String> parts = new TreeMap<>();
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      int equals = text.indexOf('=', start);
      if (equals >= 0 && equals < end) {
        parts.put(text.substring(start, equals), text.substring(equals + 1, end));
      }
      start = end + 1;
    }
    return parts;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Fingerprint && Arrays.equals(bytes, ((Fingerprint) other).bytes);
  }

  @Override
  public int hashCode() {
    return bytes[0] & 0xff | (bytes[1] & 0xff) << 8 | (bytes[2] & 0xff) << 16 | bytes[3] << 24;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(2 * LENGTH);
    for (int at = 0; at < LENGTH; at += 8) {
      text.append(Generation.hex(Long.reverseBytes(SealedFile.read64(bytes, at))));
    }
    return text.toString();
  }
}
