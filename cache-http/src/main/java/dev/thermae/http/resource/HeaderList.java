package dev.thermae.http.resource;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Header fields in the order in which they were received; names are matched without regard to case
 * (RFC 9110 section 5.1). Immutable.
 */
public final class HeaderList {
  /** No fields. */
  public static final HeaderList EMPTY = new HeaderList(new String[0]);

  private final String[] namesAndValues;

  private HeaderList(String[] namesAndValues) {
    this.namesAndValues = namesAndValues;
  }

  /** Fields given as name, value, name, value and so on. */
  public static HeaderList of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a name without a value");
    }
    return new HeaderList(namesAndValues.clone());
  }

  /** Number of field lines. */
  public int size() {
    return namesAndValues.length / 2;
  }

  /** Name of a field line. */
  public String name(int index) {
    return namesAndValues[2 * index];
  }

  /** Value of a field line. */
  public String value(int index) {
    return namesAndValues[2 * index + 1];
  }

  /** Value of the first line of that name, or null. */
  public @Nullable String first(String name) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i].equalsIgnoreCase(name)) {
        return namesAndValues[i + 1];
      }
    }
    return null;
  }

  /** Values of all lines of that name. */
  public List<String> all(String name) {
    List<String> values = new ArrayList<>(2);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i].equalsIgnoreCase(name)) {
        values.add(namesAndValues[i + 1]);
      }
    }
    return values;
  }

  /** Whether there is a line of that name. */
  public boolean has(String name) {
    return first(name) != null;
  }

  /** The same list with one more line. */
  public HeaderList with(String name, String value) {
    String[] longer = new String[namesAndValues.length + 2];
    System.arraycopy(namesAndValues, 0, longer, 0, namesAndValues.length);
    longer[namesAndValues.length] = name;
    longer[namesAndValues.length + 1] = value;
    return new HeaderList(longer);
  }

  /** The same list without the lines of that name. */
  public HeaderList without(String name) {
    if (!has(name)) {
      return this;
    }
    List<String> kept = new ArrayList<>(namesAndValues.length);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (!namesAndValues[i].equalsIgnoreCase(name)) {
        kept.add(namesAndValues[i]);
        kept.add(namesAndValues[i + 1]);
      }
    }
    return new HeaderList(kept.toArray(new String[0]));
  }

  /** One line each, {@code name: value}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      text.append(namesAndValues[i]).append(": ").append(namesAndValues[i + 1]).append('\n');
    }
    return text.toString();
  }
}
