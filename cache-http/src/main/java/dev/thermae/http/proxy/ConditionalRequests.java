package dev.thermae.http.proxy;

import dev.thermae.http.resource.HeaderList;
import java.time.DateTimeException;
import java.util.List;
import org.eclipse.jetty.http.HttpDateTime;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * The client's conditions on a 200 (RFC 9110 section 13, RFC 9111 section 4.3.2). Pure and total.
 */
final class ConditionalRequests {
  private ConditionalRequests() {}

  /** Whether the client has it already; {@code If-None-Match} outweighs the date. */
  static boolean isNotModified(HttpFields request, HeaderList response) {
    List<String> tags = request.getValuesList("If-None-Match");
    if (!tags.isEmpty()) {
      String own = response.first("ETag");
      for (String list : tags) {
        if (list.trim().equals("*") || own != null && matchesWeakly(list, own)) {
          return true;
        }
      }
      return false;
    }
    String since = request.get("If-Modified-Since");
    if (since == null) {
      return false;
    }
    String modified = response.first("Last-Modified");
    String reference = modified == null ? response.first("Date") : modified;
    return reference != null && (since.equals(reference) || isNotAfter(reference, since));
  }

  private static boolean isNotAfter(String modified, String since) {
    Long one = millis(modified);
    Long other = millis(since);
    return one != null && other != null && one <= other;
  }

  private static @Nullable Long millis(String date) {
    try {
      return HttpDateTime.parseToEpoch(date);
    } catch (IllegalArgumentException | DateTimeException e) {
      return null;
    }
  }

  /** Whether one of the entity tags in {@code list} is {@code own}, weakly (section 8.8.3.2). */
  private static boolean matchesWeakly(String list, String own) {
    String opaque = own.startsWith("W/") ? own.substring(2) : own;
    int start = list.indexOf('"');
    while (start >= 0) {
      int end = list.indexOf('"', start + 1);
      if (end < 0) {
        return false;
      }
      if (list.substring(start, end + 1).equals(opaque)) {
        return true;
      }
      start = list.indexOf('"', end + 1);
    }
    return false;
  }

  /** Whether a range may be cut from this response: the same tag, strongly, or the same date. */
  static boolean allowsRange(HttpFields request, HeaderList response) {
    String condition = request.get("If-Range");
    if (condition == null) {
      return true;
    }
    boolean tag = condition.startsWith("\"");
    return condition.equals(response.first(tag ? "ETag" : "Last-Modified"));
  }
}
