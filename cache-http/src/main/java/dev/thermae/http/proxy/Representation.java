package dev.thermae.http.proxy;

import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.HeaderList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A fetched response in the coding that the client takes. Immutable.
 *
 * @param fetched the response
 * @param headers its fields, as they describe the body in the coding chosen
 * @param decoded whether the body is to be decoded
 * @param held the body to send, in that coding; null where that is the store's
 */
record Representation(
    Fetched fetched, HeaderList headers, boolean decoded, @Nullable HeldBody held) {
  /** One whose body nobody holds. */
  Representation(Fetched fetched, HeaderList headers, boolean decoded) {
    this(fetched, headers, decoded, null);
  }

  /** Chooses; what must not be transformed stays as it is (RFC 9110 section 7.7). */
  static Representation of(Fetched fetched, boolean takesGzip) throws IOException {
    HeaderList headers = fetched.headers();
    if (!isGzip(headers)) {
      return new Representation(fetched, headers, false);
    }
    HeaderList varying = varyingByCoding(headers);
    if (takesGzip || isUntouchable(headers)) {
      return new Representation(fetched, varying, false);
    }
    HeaderList plain = varying.without("Content-Encoding");
    String tag = headers.first("ETag");
    if (tag != null && !tag.startsWith("W/")) {
      // Other bytes than those the origin meant: a strong tag would claim they are the same.
      plain = plain.without("ETag").with("ETag", "W/" + tag);
    }
    return new Representation(fetched, plain, true);
  }

  /** Whether the body is gzip in one layer. */
  static boolean isGzip(HeaderList headers) {
    List<String> codings = headers.all("Content-Encoding");
    return codings.size() == 1 && AcceptEncoding.isGzip(codings.get(0));
  }

  /** Whether {@code no-transform} holds. */
  static boolean isUntouchable(HeaderList headers) {
    for (String value : headers.all("Cache-Control")) {
      for (String directive : value.split(",", -1)) {
        if (directive.trim().equalsIgnoreCase("no-transform")) {
          return true;
        }
      }
    }
    return false;
  }

  /** The choice was made here, so caches beyond us must know what it depends on. */
  static HeaderList varyingByCoding(HeaderList headers) {
    return variesByCoding(headers) ? headers : headers.with("Vary", "Accept-Encoding");
  }

  private static boolean variesByCoding(HeaderList headers) {
    for (String value : headers.all("Vary")) {
      String lower = value.toLowerCase(Locale.ROOT);
      if (lower.contains("accept-encoding") || lower.contains("*")) {
        return true;
      }
    }
    return false;
  }

  /** Whether a response depends on nothing but the URL and the codings that are taken. */
  static boolean isForAll(HeaderList headers) {
    for (String value : headers.all("Vary")) {
      for (String name : value.split(",", -1)) {
        if (!name.trim().equalsIgnoreCase("Accept-Encoding")) {
          return false;
        }
      }
    }
    return true;
  }

  /** The same of what packed those bytes here, under a tag of its own. */
  Representation packed(HeldBody body) {
    String token = body.coding().token();
    HeaderList packed = varyingByCoding(headers).with("Content-Encoding", token);
    String tag = headers.first("ETag");
    if (tag != null) {
      String own = EntityTags.packed(tag, body.coding(), body.checksum());
      packed = packed.without("ETag").with("ETag", own);
    }
    return new Representation(fetched, packed, false, body);
  }

  /** The same, decoded before. */
  Representation held(@Nullable HeldBody body) {
    return new Representation(fetched, headers, decoded, body);
  }

  /** The coding of what is stored; what is not gzip counts as plain. */
  BodyCoding stored() throws IOException {
    return isGzip(fetched.headers()) ? BodyCoding.GZIP : BodyCoding.IDENTITY;
  }

  /** The coding of what is sent, in the same way. */
  BodyCoding coding() throws IOException {
    return held != null ? held.coding() : decoded ? BodyCoding.IDENTITY : stored();
  }

  /** Whether it was asked for in plain because what is stored for others must not be decoded. */
  boolean isOneOfTwo() throws IOException {
    HeaderList own = fetched.headers();
    return !isGzip(own) && isUntouchable(own) && variesByCoding(own);
  }

  /**
   * The bytes to send, to be read through slices.
   *
   * @throws dev.thermae.http.resource.FetchException when they cannot be decoded
   */
  ByteBuffer bytes() throws IOException {
    return held != null ? held.bytes() : ByteBuffer.wrap(body());
  }

  /**
   * The same from the store.
   *
   * @throws dev.thermae.http.resource.FetchException when they cannot be decoded
   */
  byte[] body() throws IOException {
    return decoded ? fetched.decoded() : fetched.body();
  }
}
