package dev.thermae.http.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Origins that may be reached; all others are refused. Immutable.
 *
 * <pre>{@code
 * OriginRules rules =
 *     OriginRules.none()
 *         .allow("https://cdn.example.com")
 *         .allow("*.example.org")
 *         .allowInternal("http://10.1.2.3:8080");
 * }</pre>
 */
public final class OriginRules {
  private static final OriginRules NONE = new OriginRules(List.of());
  private final List<Rule> rules;

  private OriginRules(List<Rule> rules) {
    this.rules = rules;
  }

  /** What is said of an origin. */
  public enum Verdict {
    /** It is not to be asked. */
    REFUSED,
    /** It may be asked at addresses on the public internet. */
    PUBLIC,
    /** It may be asked wherever it is. */
    INTERNAL
  }

  /**
   * @param scheme null for both on their own ports
   * @param host a name in its normal form, or {@code .} and one that it ends with
   */
  private record Rule(@Nullable String scheme, String host, int port, boolean internal) {
    boolean matches(HttpUrl url) {
      String name = url.host();
      boolean known =
          host.startsWith(".")
              ? name.endsWith(host) && name.length() > host.length()
              : name.equals(host);
      return known
          && (scheme == null
              ? url.port() == HttpUrl.defaultPort(url.scheme())
              : url.scheme().equals(scheme) && url.port() == port);
    }
  }

  /** Rules that refuse everything. */
  public static OriginRules none() {
    return NONE;
  }

  /** Whether everything is refused. */
  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /**
   * The same rules with one more: an origin, {@code https://example.org:8443}, or a pattern for
   * hosts below a name, {@code https://*.example.org}, but not that name itself. Without a scheme
   * both http and https are allowed on their own ports.
   *
   * @throws IllegalArgumentException when it is neither, or anybody can get a name that matches
   */
  public OriginRules allow(String origin) {
    return with(parse(origin, false));
  }

  /**
   * The same rules with one more origin, no pattern, which may have any address: private, loopback,
   * link-local and so on.
   *
   * @throws IllegalArgumentException when it is no origin or a pattern
   */
  public OriginRules allowInternal(String origin) {
    if (isPattern(origin)) {
      throw new IllegalArgumentException("only an exact origin can be internal: " + origin);
    }
    return with(parse(origin, true));
  }

  /** Whether a rule would be for many hosts. */
  public static boolean isPattern(String origin) {
    return origin.indexOf('*') >= 0;
  }

  private OriginRules with(Rule rule) {
    List<Rule> more = new ArrayList<>(rules);
    more.add(rule);
    return new OriginRules(List.copyOf(more));
  }

  private static Rule parse(String text, boolean internal) {
    int end = text.indexOf("://");
    String authority = end < 0 ? text : text.substring(end + 3);
    boolean pattern = authority.startsWith("*.");
    String host = pattern ? authority.substring(2) : authority;
    String scheme = end < 0 ? null : text.substring(0, end).toLowerCase(Locale.ROOT);
    HttpUrl url = Urls.origin((scheme == null ? "https" : scheme) + "://" + host);
    if (url == null) {
      throw new IllegalArgumentException(
          "an origin to allow is a host, *.host or a URL of such without a path: " + text);
    }
    if (scheme == null && url.port() != 443) {
      throw new IllegalArgumentException("a port needs a scheme: " + text);
    }
    if (pattern && url.topPrivateDomain() == null) {
      throw new IllegalArgumentException("anybody can have a name that matches " + text);
    }
    return new Rule(scheme, pattern ? '.' + url.host() : url.host(), url.port(), internal);
  }

  /** What the rules say of the origin of {@code url}. */
  public Verdict judge(HttpUrl url) {
    Verdict best = Verdict.REFUSED;
    for (Rule rule : rules) {
      if (rule.matches(url)) {
        if (rule.internal()) {
          return Verdict.INTERNAL;
        }
        best = Verdict.PUBLIC;
      }
    }
    return best;
  }

  /**
   * Lets pass what may be asked.
   *
   * @throws RefusedException when the origin is refused, or readers differ about which it is
   */
  public void check(HttpUrl url) throws RefusedException {
    if (!Urls.isUnambiguous(url) || judge(url) == Verdict.REFUSED) {
      throw new RefusedException(originOf(url) + " is not allowed");
    }
  }

  /** Scheme and authority, without credentials. */
  static String originOf(HttpUrl url) {
    String host = url.host().indexOf(':') < 0 ? url.host() : '[' + url.host() + ']';
    boolean usual = url.port() == HttpUrl.defaultPort(url.scheme());
    return url.scheme() + "://" + host + (usual ? "" : ":" + url.port());
  }
}
