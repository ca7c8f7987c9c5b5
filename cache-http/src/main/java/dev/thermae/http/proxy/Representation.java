package dev.thermae.http.proxy;

import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.HeaderList;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * A fetched response in the coding that the client takes. Immutable.
 *
 * @param fetched the response
 * @param headers its fields, as they describe the body in the coding chosen
 * @param decoded whether the body is to be decoded
 */
record Representation(Fetched fetched, HeaderList headers, boolean decoded) {

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
  private static HeaderList varyingByCoding(HeaderList headers) {
    for (String value : headers.all("Vary")) {
      String lower = value.toLowerCase(Locale.ROOT);
      if (lower.contains("accept-encoding") || lower.contains("*")) {
        return headers;
      }
    }
    return headers.with("Vary", "Accept-Encoding");
  }

  /**
   * The bytes to send.
   *
   * @throws dev.thermae.http.resource.FetchException when they cannot be decoded
   */
  byte[] body() throws IOException {
    return decoded ? fetched.decoded() : fetched.body();
  }
}
