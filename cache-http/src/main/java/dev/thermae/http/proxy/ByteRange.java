package dev.thermae.http.proxy;

import org.jspecify.annotations.Nullable;

/**
 * One range of bytes (RFC 9110 section 14.1.2), both ends included. Several ranges at once, other
 * units and what is malformed are ignored, as section 14.2 allows. Immutable.
 *
 * @param first offset of the first byte; the length of the body when nothing satisfies the range
 * @param last offset of the last byte
 */
record ByteRange(long first, long last) {
  private static final String UNIT = "bytes=";

  /** Reads a {@code Range} field for a body of {@code length} bytes; null where there is none. */
  static @Nullable ByteRange parse(@Nullable String field, long length) {
    if (field == null || !field.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
      return null;
    }
    String range = field.substring(UNIT.length()).trim();
    int dash = range.indexOf('-');
    if (dash < 0 || range.indexOf(',') >= 0) {
      return null;
    }
    long from = number(range.substring(0, dash));
    long to = number(range.substring(dash + 1));
    if (dash == 0) {
      return to < 0 ? null : to == 0 ? none(length) : suffix(to, length);
    }
    boolean open = dash == range.length() - 1;
    if (from < 0 || !open && (to < 0 || to < from)) {
      return null;
    }
    if (from >= length) {
      return none(length);
    }
    return new ByteRange(from, open ? length - 1 : Math.min(to, length - 1));
  }

  private static ByteRange suffix(long count, long length) {
    return length == 0 ? none(0) : new ByteRange(Math.max(0, length - count), length - 1);
  }

  private static ByteRange none(long length) {
    return new ByteRange(length, length - 1);
  }

  /** Digits alone; -1 for anything else. Long numbers stay large. */
  private static long number(String text) {
    if (text.isEmpty()) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = Math.min(value * 10 + c - '0', Long.MAX_VALUE / 100);
    }
    return value;
  }

  /** Whether there is anything to send. */
  boolean isSatisfiable() {
    return first <= last;
  }

  /** Number of bytes. */
  long length() {
    return last - first + 1;
  }

  /** The value of {@code Content-Range} for a body of {@code total} bytes. */
  String contentRange(long total) {
    return isSatisfiable() ? "bytes " + first + '-' + last + '/' + total : "bytes */" + total;
  }
}
