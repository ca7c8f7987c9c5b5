package dev.thermae.http.resource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/**
 * Undoes content codings (RFC 9110 section 8.4) under a limit on size and on expansion: gzip,
 * deflate and, where its library is there, br (RFC 7932).
 */
final class ContentCoding {
  private static final int MAXIMUM_CODINGS = 4;
  private static final int HARMLESS = 1 << 20;

  private ContentCoding() {}

  /** Whether there is any coding but {@code identity}. */
  static boolean isEncoded(HeaderList headers) {
    return !codings(headers).isEmpty();
  }

  /** The codings that were applied, in order. */
  static List<String> codings(HeaderList headers) {
    List<String> codings = new ArrayList<>(1);
    for (String value : headers.all("Content-Encoding")) {
      for (String member : value.split(",", -1)) {
        String coding = member.trim().toLowerCase(Locale.ROOT);
        if (!coding.isEmpty() && !coding.equals("identity")) {
          codings.add(coding);
        }
      }
    }
    return codings;
  }

  /**
   * The body before any coding was applied.
   *
   * @throws FetchException when a coding is unknown, the data are damaged, or a limit is exceeded
   */
  static byte[] decode(String url, HeaderList headers, byte[] body, long maximum, int ratio)
      throws IOException {
    List<String> codings = codings(headers);
    if (codings.size() > MAXIMUM_CODINGS) {
      throw FetchException.refused(url, "more than " + MAXIMUM_CODINGS + " content codings");
    }
    long limit = Math.min(maximum, expansion(body.length, ratio));
    byte[] decoded = body;
    for (int i = codings.size() - 1; i >= 0; i--) {
      decoded = undo(url, codings.get(i), decoded, limit);
    }
    return decoded;
  }

  /** Bytes that so many may become at most; below a mebibyte nothing is suspicious. */
  static long expansion(long packed, int ratio) {
    return Math.max(HARMLESS, packed * ratio);
  }

  private static byte[] undo(String url, String coding, byte[] body, long limit)
      throws IOException {
    try (InputStream stream = open(url, coding, new ByteArrayInputStream(body))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(32, 4 * body.length));
      byte[] chunk = new byte[8192];
      for (int n = stream.read(chunk); n >= 0; n = stream.read(chunk)) {
        if (out.size() + (long) n > limit) {
          throw FetchException.refused(
              url, "the body decodes to more than " + limit + " bytes from " + body.length);
        }
        out.write(chunk, 0, n);
      }
      return out.toByteArray();
    } catch (FetchException e) {
      throw e;
    } catch (IOException e) {
      throw FetchException.failed(url, new IOException("bad " + coding + " data", e));
    }
  }

  private static InputStream open(String url, String coding, InputStream body) throws IOException {
    return switch (coding) {
      case "gzip", "x-gzip" -> new GZIPInputStream(body);
      case "deflate" -> new InflaterInputStream(body);
      case "br" -> brotli(url, body);
      default -> throw FetchException.refused(url, "content coding " + coding + " is not known");
    };
  }

  private static InputStream brotli(String url, InputStream body) throws IOException {
    if (!Brotli.isAvailable()) {
      throw FetchException.refused(
          url, "content coding br needs org.brotli:dec on the class path, which is not there");
    }
    return Brotli.open(body);
  }

  /** What a request says that can be decoded whatever comes: {@code Accept-Encoding}. */
  static String accepted() {
    return Brotli.isAvailable() ? "br, gzip" : "gzip";
  }
}
