package dev.thermae.http.resource;

import dev.thermae.store.EntryHead;
import java.util.Objects;

/** Conditional requests (RFC 9111 section 4.3, RFC 9110 section 13). Pure and total. */
final class Validation {
  private Validation() {}

  /** The request's fields with the stored response's own validators as conditions. */
  static HeaderList conditions(HeaderList request, HeaderList stored) {
    HeaderList result = request;
    String tag = stored.first("ETag");
    if (tag != null && isSendable(tag)) {
      result = result.with("If-None-Match", tag);
    }
    String modified = stored.first("Last-Modified");
    if (modified != null && isSendable(modified)) {
      result = result.with("If-Modified-Since", modified);
    }
    return result;
  }

  /** Printable ASCII: anything else might not arrive as it was received. */
  private static boolean isSendable(String value) {
    boolean good = !value.isEmpty();
    for (int i = 0; good && i < value.length(); i++) {
      good = value.charAt(i) >= ' ' && value.charAt(i) < 0x7f;
    }
    return good;
  }

  /**
   * RFC 9111 section 4.3.4: whether a 304 selects the stored response. A strong entity tag must be
   * the stored one, a weak one must match it weakly; a date counts where there is no tag; a 304
   * without validators answers the conditions it was sent. One that changes which fields select the
   * variant selects nothing.
   */
  static boolean selects(HeaderList notModified, HeaderList stored) {
    if (notModified.has("Vary")
        && !Objects.equals(Variants.names(notModified), Variants.names(stored))) {
      return false;
    }
    String tag = notModified.first("ETag");
    String storedTag = stored.first("ETag");
    if (tag != null) {
      return storedTag != null
          && (tag.equals(storedTag) || isWeak(tag) && opaque(tag).equals(opaque(storedTag)));
    }
    String modified = notModified.first("Last-Modified");
    return modified == null || modified.equals(stored.first("Last-Modified"));
  }

  /**
   * RFC 9111 section 4.3.5: whether an answer to HEAD is about the stored response: the validators
   * that it has, and the length, are those stored.
   */
  static boolean describes(HeaderList answer, HeaderList stored, EntryHead head) {
    String length = answer.first("Content-Length");
    return sameOrAbsent(answer, stored, "ETag")
        && sameOrAbsent(answer, stored, "Last-Modified")
        && sameOrAbsent(answer, stored, "Content-Encoding")
        && (length == null || length.equals(Long.toString(head.bodyLength())));
  }

  private static boolean sameOrAbsent(HeaderList answer, HeaderList stored, String name) {
    String value = answer.first(name);
    return value == null || value.equals(stored.first(name));
  }

  private static boolean isWeak(String tag) {
    return tag.startsWith("W/");
  }

  private static String opaque(String tag) {
    return isWeak(tag) ? tag.substring(2) : tag;
  }
}
