package dev.thermae.http.proxy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * In which codings a client takes a body, and whether what it asks for is told to it alone.
 * Immutable.
 */
final class Accepted {
  /** Texts whose meaning is remembered; beyond that, they are read each time. */
  private static final int REMEMBERED = 256;

  private static final int LONGEST = 100;

  private static final Accepted PLAIN = new Accepted(BodyCoding.IDENTITY);
  private static final Map<String, Accepted> KNOWN = new ConcurrentHashMap<>();

  private final BodyCoding[] order;
  private final boolean guarded;
  private final Accepted other;

  /** The coding that the client likes best first; the last one is always there, liked or not. */
  Accepted(BodyCoding... order) {
    this.order = order;
    this.guarded = false;
    this.other = new Accepted(order, this);
  }

  private Accepted(BodyCoding[] order, Accepted other) {
    this.order = order;
    this.guarded = true;
    this.other = other;
  }

  /** What a client's fields say. */
  static Accepted of(HttpFields client) {
    boolean guarded =
        client.contains(HttpHeader.AUTHORIZATION) || client.contains(HttpHeader.COOKIE);
    List<String> values = client.getValuesList(HttpHeader.ACCEPT_ENCODING);
    return values.size() == 1
        ? of(values.get(0), guarded)
        : AcceptEncoding.read(values).guarded(guarded);
  }

  /**
   * The same of a field that comes once, or not at all.
   *
   * @param guarded whether the client shows credentials
   */
  static Accepted of(@Nullable String value, boolean guarded) {
    if (value == null) {
      return PLAIN.guarded(guarded);
    }
    Accepted known = KNOWN.get(value);
    if (known == null) {
      known = AcceptEncoding.read(List.of(value));
      if (value.length() <= LONGEST && KNOWN.size() < REMEMBERED) {
        KNOWN.put(value, known);
      }
    }
    return known.guarded(guarded);
  }

  private Accepted guarded(boolean wanted) {
    return wanted == guarded ? this : other;
  }

  /**
   * Whether the client shows who it is. Nothing is packed for it that came plain: the length of
   * what is packed tells of secrets beside text that others chose (BREACH).
   */
  boolean isGuarded() {
    return guarded;
  }

  /** How many codings there are to choose from. */
  int size() {
    return order.length;
  }

  /** The codings, the one that the client likes best first; {@code IDENTITY} is among them. */
  BodyCoding get(int index) {
    return order[index];
  }

  /** Whether the client takes a body in that coding. */
  boolean takes(BodyCoding coding) {
    for (BodyCoding each : order) {
      if (each == coding) {
        return true;
      }
    }
    return false;
  }

  /** Whether the client likes that coding more than a plain body. */
  boolean prefers(BodyCoding coding) {
    for (BodyCoding each : order) {
      if (each == BodyCoding.IDENTITY || each == coding) {
        return each == coding;
      }
    }
    return false;
  }
}
