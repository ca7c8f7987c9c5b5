package dev.thermae.http.resource;

import java.util.List;
import java.util.Map;
import org.greenbytes.http.sfv.BooleanItem;
import org.greenbytes.http.sfv.IntegerItem;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.ParseException;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.StringItem;
import org.greenbytes.http.sfv.TokenItem;
import org.jspecify.annotations.Nullable;

/**
 * Directives for shared caches like this one alone (RFC 9213): {@code Thermae-Cache-Control}, else
 * {@code CDN-Cache-Control}, else {@code Surrogate-Control}. What is there replaces {@code
 * Cache-Control} and {@code Expires}. Pure and total.
 */
final class TargetedControl {
  /** The most specific first (section 2.2). */
  private static final List<String> TARGETS = List.of("Thermae-Cache-Control", "CDN-Cache-Control");

  private TargetedControl() {}

  /** Null where nothing that can be read is addressed to us. */
  static @Nullable CacheControl of(HeaderList headers) {
    for (String target : TARGETS) {
      CacheControl control = headers.has(target) ? dictionary(headers.all(target)) : null;
      if (control != null) {
        return control;
      }
    }
    List<String> surrogate = headers.all("Surrogate-Control");
    return surrogate.isEmpty() ? null : SurrogateControl.parse(surrogate);
  }

  /** Section 2.1: a field that is empty or cannot be parsed is as good as none. */
  private static @Nullable CacheControl dictionary(List<String> values) {
    Map<String, ListElement<? extends Object>> members;
    try {
      members = new Parser(values).parseDictionary().get();
    } catch (ParseException e) {
      return null;
    }
    if (members.isEmpty()) {
      return null;
    }
    CacheControlParser parser = new CacheControlParser().targeted();
    for (Map.Entry<String, ListElement<? extends Object>> member : members.entrySet()) {
      String argument = argument(member.getKey(), member.getValue());
      if (argument != null) {
        parser.directive(member.getKey(), argument);
      }
    }
    return parser.result();
  }

  /** Null for false; a value of a type that the directive does not take counts as malformed. */
  private static @Nullable String argument(String name, ListElement<?> value) {
    boolean takesFields = name.equals("no-cache") || name.equals("private");
    if (value instanceof BooleanItem item) {
      return item.get() ? CacheControlParser.ABSENT : null;
    } else if (value instanceof IntegerItem item && !takesFields) {
      return Long.toString(item.getAsLong());
    } else if (value instanceof StringItem item && takesFields) {
      return item.get();
    }
    return value instanceof TokenItem item && takesFields
        ? item.get()
        : CacheControlParser.MALFORMED;
  }
}
