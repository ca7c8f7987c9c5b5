package dev.thermae.cli;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a key says. Immutable.
 *
 * @param kind {@code GET}, {@code GET/shared}, {@code file} or {@code source}
 * @param url empty for a source that came from no URL
 */
record StoredKey(String kind, String namespace, String url) {
  /** What {@link #origin} says of sources without a URL. */
  static final String NO_URL = "(sources without URL)";

  /** Of a resource without a head that can be read. */
  static final StoredKey UNREADABLE = new StoredKey("unreadable", "", "");

  /** Kind and namespace, a line break, URL. */
  static StoredKey of(String key) {
    int line = key.indexOf('\n');
    int space = key.indexOf(' ');
    if (line < 0 || space < 0 || space > line) {
      return new StoredKey("", "", key);
    }
    String kind = key.substring(0, space);
    String url = kind.equals("source") ? "" : key.substring(line + 1);
    return new StoredKey(kind, key.substring(space + 1, line), url);
  }

  /** Scheme, host and port. */
  String origin() {
    if (url.isEmpty()) {
      return NO_URL;
    }
    int host = url.indexOf("://");
    int path = host < 0 ? -1 : url.indexOf('/', host + 3);
    return path < 0 ? url : url.substring(0, path);
  }

  /** The host without its port; null where there is none. */
  @Nullable String host() {
    try {
      return url.isEmpty() ? null : URI.create(origin()).getHost();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** As people read it. */
  String text() {
    String source = equals(UNREADABLE) ? "an entry that cannot be read" : "a source without URL";
    String what = url.isEmpty() ? source : url;
    String of = namespace.isEmpty() ? "" : ", namespace " + namespace;
    return what + of + (kind.equals("GET/shared") ? ", shared" : "");
  }
}
