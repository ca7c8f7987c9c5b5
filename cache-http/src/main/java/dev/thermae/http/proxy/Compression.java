package dev.thermae.http.proxy;

import dev.thermae.http.resource.HeaderList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ProxyServer} packs that the origin sends plain: once, in the background, when it is
 * asked for again while it is fresh; from then on it is in memory in each coding that clients
 * prefer, gzip or, where zstd-jni is on the class path, zstd. Bodies with {@code Set-Cookie},
 * {@code no-transform}, a digest or a signature are left alone, and those that ask with {@code
 * Authorization} or {@code Cookie} get what came as it came. Immutable.
 */
public final class Compression {
  /** Nobody waits for a larger one, and nothing larger is packed. */
  private static final int LARGEST = 8 << 20;

  private static final int SMALLEST_DEFAULT = 1024;

  /** What a field says about these very bytes, or stands for a secret. */
  private static final List<String> FORBIDDING =
      List.of(
          "Content-Digest",
          "Content-Encoding",
          "Content-MD5",
          "Content-Range",
          "Digest",
          "Repr-Digest",
          "Set-Cookie",
          "Signature");

  private static final List<String> TEXT_LIKE =
      List.of(
          "text/javascript",
          "application/javascript",
          "application/x-javascript",
          "application/json",
          "application/ld+json",
          "application/manifest+json",
          "text/css",
          "text/html",
          "text/plain",
          "text/xml",
          "application/xml",
          "application/xhtml+xml",
          "image/svg+xml",
          "application/wasm");

  private final List<String> types;
  private final int minimumBytes;

  private Compression(List<String> types, int minimumBytes) {
    this.types = types;
    this.minimumBytes = minimumBytes;
  }

  /** The defaults: text, scripts, JSON, XML, SVG and WebAssembly of 1 KiB and more. */
  public static Compression standard() {
    return new Compression(TEXT_LIKE, SMALLEST_DEFAULT);
  }

  /** Nothing is packed. */
  public static Compression none() {
    return new Compression(List.of(), SMALLEST_DEFAULT);
  }

  /**
   * Packs these instead.
   *
   * @param mediaTypes without parameters, such as {@code text/css}
   * @throws IllegalArgumentException when one of them is no media type
   */
  public Compression types(List<String> mediaTypes) {
    List<String> lower = new ArrayList<>();
    for (String type : mediaTypes) {
      if (!type.matches("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")) {
        throw new IllegalArgumentException("a media type is type/subtype: " + type);
      }
      lower.add(type.toLowerCase(Locale.ROOT));
    }
    return new Compression(List.copyOf(lower), minimumBytes);
  }

  /**
   * Leaves shorter bodies alone.
   *
   * @throws IllegalArgumentException when it is negative
   */
  public Compression minimumBytes(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("0 bytes and more, not " + bytes);
    }
    return new Compression(types, bytes);
  }

  /** The media types, in lower case; none where nothing is packed. */
  public List<String> types() {
    return types;
  }

  /** The length of the shortest body that is packed. */
  public int minimumBytes() {
    return minimumBytes;
  }

  /**
   * Whether a response may go out packed.
   *
   * @param length of its body; negative where it is not known
   */
  boolean fits(int status, HeaderList headers, long length) {
    if (status != 200 || types.isEmpty() || length > LARGEST) {
      return false;
    }
    if (length >= 0 && length < minimumBytes || !isListed(headers.first("Content-Type"))) {
      return false;
    }
    for (String field : FORBIDDING) {
      if (headers.has(field)) {
        return false;
      }
    }
    return !Representation.isUntouchable(headers) && Representation.isForAll(headers);
  }

  private boolean isListed(@Nullable String type) {
    if (type == null) {
      return false;
    }
    int semicolon = type.indexOf(';');
    String essence = (semicolon < 0 ? type : type.substring(0, semicolon)).trim();
    return types.contains(essence.toLowerCase(Locale.ROOT));
  }
}
