package dev.thermae.http.resource;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import org.jspecify.annotations.Nullable;

/** The charset of a source: byte order mark, else {@code Content-Type}, else UTF-8. Total. */
final class Charsets {
  private Charsets() {}

  static Charset of(byte[] bytes, HeaderList headers) {
    Charset marked = ofByteOrderMark(bytes);
    if (marked != null) {
      return marked;
    }
    String contentType = headers.first("Content-Type");
    Charset named = contentType == null ? null : find(parameter(contentType, "charset"));
    return named == null ? StandardCharsets.UTF_8 : named;
  }

  private static @Nullable Charset ofByteOrderMark(byte[] bytes) {
    if (startsWith(bytes, 0xef, 0xbb, 0xbf)) {
      return StandardCharsets.UTF_8;
    }
    if (startsWith(bytes, 0xfe, 0xff)) {
      return StandardCharsets.UTF_16BE;
    }
    return startsWith(bytes, 0xff, 0xfe) ? StandardCharsets.UTF_16LE : null;
  }

  private static boolean startsWith(byte[] bytes, int... mark) {
    boolean same = bytes.length >= mark.length;
    for (int i = 0; same && i < mark.length; i++) {
      same = (bytes[i] & 0xff) == mark[i];
    }
    return same;
  }

  private static @Nullable Charset find(String name) {
    if (name.isEmpty()) {
      return null;
    }
    try {
      Charset charset = Charset.forName(name);
      return charset.canEncode() ? charset : null;
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return null;
    }
  }

  /** A parameter of a media type (RFC 9110 section 8.3.1), unquoted; empty where there is none. */
  static String parameter(String mediaType, String name) {
    int at = mediaType.indexOf(';');
    while (at >= 0 && at < mediaType.length()) {
      int start = at + 1;
      while (start < mediaType.length() && mediaType.charAt(start) <= ' ') {
        start++;
      }
      int end = endOfParameter(mediaType, start);
      int equals = mediaType.indexOf('=', start);
      if (equals >= 0
          && equals < end
          && mediaType.substring(start, equals).trim().equalsIgnoreCase(name)) {
        return unquoted(mediaType.substring(equals + 1, end).trim());
      }
      at = end;
    }
    return "";
  }

  private static int endOfParameter(String text, int start) {
    boolean quoted = false;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == ';' && !quoted) {
        return i;
      }
    }
    return text.length();
  }

  private static String unquoted(String value) {
    if (value.length() < 2 || value.charAt(0) != '"' || !value.endsWith("\"")) {
      return value;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < value.length() - 1; i++) {
      char c = value.charAt(i);
      text.append(c == '\\' && i + 1 < value.length() - 1 ? value.charAt(++i) : c);
    }
    return text.toString();
  }
}
