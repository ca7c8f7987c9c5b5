package dev.thermae.http.resource;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads {@code Cache-Control} values into one {@link CacheControl}. Not thread-safe. */
final class CacheControlParser {
  /** The directive has no value. */
  static final String ABSENT = "\0absent";

  /** The directive has a value that breaks the grammar. */
  static final String MALFORMED = "\0malformed";

  /** A response without these would be another one, or none that a cache can use. */
  private static final List<String> INDISPENSABLE =
      List.of(
          "cache-control",
          "content-encoding",
          "content-length",
          "content-range",
          "content-type",
          "date",
          "etag",
          "expires",
          "last-modified",
          "location",
          "vary");

  private static final long UNREADABLE = -2;

  private int flags;
  private long maxAge = -1;
  private long sharedMaxAge = -1;
  private long minFresh = -1;
  private long maxStale = -1;
  private long staleIfError = -1;
  private long staleWhileRevalidate = -1;
  private List<String> noCacheFields = List.of();
  private List<String> privateFields = List.of();

  private String text = "";
  private int at;

  CacheControl result() {
    return new CacheControl(
        flags,
        maxAge,
        sharedMaxAge,
        minFresh,
        maxStale,
        staleIfError,
        staleWhileRevalidate,
        noCacheFields,
        privateFields);
  }

  /** Marks the directives as addressed to caches like this one. */
  CacheControlParser targeted() {
    flags |= CacheControl.TARGETED;
    return this;
  }

  /** RFC 9110 section 5.6.1: a list, empty elements ignored. */
  void read(String value) {
    text = value;
    at = 0;
    while (at < text.length()) {
      int start = at;
      while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '=') {
        at++;
      }
      String name = text.substring(start, at).trim();
      String argument = ABSENT;
      if (at < text.length() && text.charAt(at) == '=') {
        boolean spaced = at > start && isSpace(text.charAt(at - 1));
        at++;
        argument = argument();
        argument = spaced ? MALFORMED : argument;
      }
      at++;
      directive(name, argument);
    }
  }

  /** A token or a quoted string, up to the next comma outside of quotes. */
  private String argument() {
    int start = at;
    if (at < text.length() && text.charAt(at) == '"') {
      StringBuilder quoted = new StringBuilder();
      for (int i = at + 1; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '"') {
          at = i + 1;
          return skipToComma() ? MALFORMED : quoted.toString();
        }
        if (c == '\\' && i + 1 < text.length()) {
          i++;
        }
        quoted.append(text.charAt(i));
      }
      // Never closed: what follows the next comma is read as directives, not swallowed.
      skipToComma();
      return MALFORMED;
    }
    skipToComma();
    return text.substring(start, at).stripTrailing();
  }

  /** Whether anything but white space was skipped. */
  private boolean skipToComma() {
    boolean rubbish = false;
    while (at < text.length() && text.charAt(at) != ',') {
      rubbish |= !isSpace(text.charAt(at));
      at++;
    }
    return rubbish;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  /** One directive, its argument unquoted, {@link #ABSENT} or {@link #MALFORMED}. */
  void directive(String name, String argument) {
    int flag = flag(name);
    List<String> fields = flag == 0 ? List.of() : fieldNames(argument);
    if (flag == CacheControl.NO_CACHE && !fields.isEmpty()) {
      noCacheFields = joined(noCacheFields, fields);
    } else if (flag == CacheControl.PRIVATE && !fields.isEmpty()) {
      privateFields = joined(privateFields, fields);
    } else if (flag != 0) {
      flags |= flag;
    } else if (name.equalsIgnoreCase("max-age")) {
      maxAge = freshness(maxAge, argument);
    } else if (name.equalsIgnoreCase("s-maxage")) {
      sharedMaxAge = freshness(sharedMaxAge, argument);
    } else if (name.equalsIgnoreCase("min-fresh")) {
      long seconds = seconds(argument);
      minFresh = Math.max(minFresh, seconds < 0 ? CacheControl.MAXIMUM_SECONDS : seconds);
    } else if (name.equalsIgnoreCase("max-stale")) {
      boolean any = argument.equals(ABSENT);
      maxStale = permission(maxStale, any ? CacheControl.MAXIMUM_SECONDS : seconds(argument));
    } else if (name.equalsIgnoreCase("stale-if-error")) {
      staleIfError = permission(staleIfError, seconds(argument));
    } else if (name.equalsIgnoreCase("stale-while-revalidate")) {
      staleWhileRevalidate = permission(staleWhileRevalidate, seconds(argument));
    }
  }

  /**
   * Names of fields that a response can do without; empty for anything else, so that the directive
   * holds for the whole response.
   */
  private static List<String> fieldNames(String argument) {
    List<String> names = new ArrayList<>();
    for (String member : argument.split(",", -1)) {
      String name = member.strip().toLowerCase(Locale.ROOT);
      if (!name.isEmpty() && (!isToken(name) || INDISPENSABLE.contains(name))) {
        return List.of();
      } else if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }

  private static boolean isToken(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 0x7f || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
        return false;
      }
    }
    return true;
  }

  private static List<String> joined(List<String> before, List<String> more) {
    List<String> names = new ArrayList<>(before);
    names.addAll(more);
    return List.copyOf(names);
  }

  private static int flag(String name) {
    if (name.equalsIgnoreCase("no-cache")) {
      return CacheControl.NO_CACHE;
    } else if (name.equalsIgnoreCase("no-store")) {
      return CacheControl.NO_STORE;
    } else if (name.equalsIgnoreCase("private")) {
      return CacheControl.PRIVATE;
    } else if (name.equalsIgnoreCase("public")) {
      return CacheControl.PUBLIC;
    } else if (name.equalsIgnoreCase("must-revalidate")) {
      return CacheControl.MUST_REVALIDATE;
    } else if (name.equalsIgnoreCase("proxy-revalidate")) {
      return CacheControl.PROXY_REVALIDATE;
    } else if (name.equalsIgnoreCase("must-understand")) {
      return CacheControl.MUST_UNDERSTAND;
    } else if (name.equalsIgnoreCase("immutable")) {
      return CacheControl.IMMUTABLE;
    }
    return name.equalsIgnoreCase("only-if-cached") ? CacheControl.ONLY_IF_CACHED : 0;
  }

  /** Unreadable and contradictory freshness is none (RFC 9111 section 4.2.1). */
  private static long freshness(long before, String argument) {
    long seconds = Math.max(0, seconds(argument));
    return before >= 0 && before != seconds ? 0 : seconds;
  }

  /** Unreadable permission is none, and of two the smaller counts. */
  private static long permission(long before, long seconds) {
    if (seconds < 0) {
      return before;
    }
    return before < 0 ? seconds : Math.min(before, seconds);
  }

  /** RFC 9111 section 1.2.2: digits only, overflow is the maximum; negative when unreadable. */
  static long seconds(String digits) {
    if (digits.isEmpty()) {
      return UNREADABLE;
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return UNREADABLE;
      }
      value = Math.min(CacheControl.MAXIMUM_SECONDS, value * 10 + c - '0');
    }
    return value;
  }
}
