package dev.thermae.http.resource;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code Surrogate-Control} (Edge Architecture Specification 1.0, a W3C note of 2001), which many
 * origins still send: {@code max-age} and {@code no-store}, to everybody or to us. Pure and total.
 */
final class SurrogateControl {
  /** What the proxy calls itself in {@code Surrogate-Capability}. */
  private static final String DEVICE = "thermae";

  private SurrogateControl() {}

  /** Null where neither directive is there for us; what is addressed to us goes first. */
  static @Nullable CacheControl parse(List<String> values) {
    CacheControl ours = parse(values, DEVICE);
    return ours == null ? parse(values, "") : ours;
  }

  private static @Nullable CacheControl parse(List<String> values, String device) {
    CacheControlParser parser = new CacheControlParser().targeted();
    boolean any = false;
    for (String value : values) {
      for (String member : value.split(",", -1)) {
        int semicolon = member.indexOf(';');
        String target = semicolon < 0 ? "" : member.substring(semicolon + 1).trim();
        String directive = semicolon < 0 ? member : member.substring(0, semicolon);
        any |= target.equals(device) && read(directive.trim(), parser);
      }
    }
    return any ? parser.result() : null;
  }

  private static boolean read(String directive, CacheControlParser parser) {
    String lower = directive.toLowerCase(Locale.ROOT);
    if (lower.equals("no-store")) {
      parser.directive("no-store", CacheControlParser.ABSENT);
      return true;
    }
    if (!lower.startsWith("max-age=")) {
      return false;
    }
    // What follows a plus is how long it may be served stale, which we do not.
    int plus = lower.indexOf('+');
    parser.directive(
        "max-age", lower.substring("max-age=".length(), plus < 0 ? lower.length() : plus));
    return true;
  }
}
