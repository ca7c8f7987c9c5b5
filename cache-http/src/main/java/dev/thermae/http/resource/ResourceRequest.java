package dev.thermae.http.resource;

import dev.thermae.store.Selector;
import org.jspecify.annotations.Nullable;

/**
 * A GET or HEAD request: a URL and header fields. Immutable: every setter answers a new request.
 *
 * <p>Sent with {@code User-Agent: thermae/VERSION} and {@code Accept-Encoding: gzip}, or {@code br,
 * gzip} where org.brotli:dec is on the class path, unless set otherwise. Cache directives (RFC 9111
 * section 5.2.1) are obeyed. Conditional and range fields belong to whoever evaluates them: a
 * request that has one goes past the cache, as does its response.
 */
public final class ResourceRequest implements Selector {
  private static final int DIRECTIVES = 1;
  private static final int PAST_CACHE = 2;
  private static final int STAY = 4;
  private static final int LAZY_BODY = 8;
  private static final int HEAD = 16;
  private static final String[] NONE_GIVEN = new String[0];

  private final String url;
  private final String[] fields;
  private final int flags;
  private final long streamFrom;
  private volatile @Nullable HeaderList wire;

  private ResourceRequest(String url, String[] fields, int flags, long streamFrom) {
    this.url = url;
    this.fields = fields;
    this.flags = flags;
    this.streamFrom = streamFrom;
  }

  /** A request for {@code url}; a fragment is cut off. The URL is judged when it is fetched. */
  public static ResourceRequest get(String url) {
    int fragment = url.indexOf('#');
    String plain = fragment < 0 ? url : url.substring(0, fragment);
    return new ResourceRequest(plain, NONE_GIVEN, 0, Long.MAX_VALUE);
  }

  /**
   * The same request with one more header field.
   *
   * @throws IllegalArgumentException when the name is not a token, the value has a control
   *     character, or the field is {@code Host}, which the URL says
   */
  public ResourceRequest header(String name, String value) {
    check(name, value);
    String[] longer = new String[fields.length + 2];
    System.arraycopy(fields, 0, longer, 0, fields.length);
    longer[fields.length] = name;
    longer[fields.length + 1] = value;
    return new ResourceRequest(url, longer, flags | flagsOf(name), streamFrom);
  }

  /** A request with fields that an HTTP client has checked, among them those sent by default. */
  static ResourceRequest of(String url, HeaderList wire) {
    int flags = 0;
    String[] fields = new String[2 * wire.size()];
    for (int i = 0; i < wire.size(); i++) {
      fields[2 * i] = wire.name(i);
      fields[2 * i + 1] = wire.value(i);
      flags |= flagsOf(wire.name(i));
    }
    return new ResourceRequest(url, fields, flags, Long.MAX_VALUE);
  }

  private static void check(String name, String value) {
    boolean good = !name.isEmpty() && !name.equalsIgnoreCase("Host");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      good &= c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      good &= c >= ' ' && c != 0x7f || c == '\t';
    }
    if (!good) {
      throw new IllegalArgumentException("not a header field for a request: " + name);
    }
  }

  private static int flagsOf(String name) {
    if (name.equalsIgnoreCase("Cache-Control") || name.equalsIgnoreCase("Pragma")) {
      return DIRECTIVES;
    }
    return name.regionMatches(true, 0, "If-", 0, 3) || name.equalsIgnoreCase("Range")
        ? PAST_CACHE
        : 0;
  }

  /** The same request, which answers with a redirect instead of following it. */
  public ResourceRequest withoutRedirects() {
    return new ResourceRequest(url, fields, flags | STAY, streamFrom);
  }

  /**
   * The same request, whose stored body is read only when it is asked for. It may be gone by then,
   * which the reader is told by a {@link FetchException}; without this, a body that cannot be read
   * is fetched again.
   */
  public ResourceRequest withLazyBody() {
    return new ResourceRequest(url, fields, flags | LAZY_BODY, streamFrom);
  }

  /**
   * The same request, whose body is not held where it has so many bytes or more: a stored one is
   * read lazily, and that of a 200 from the origin is handed out as it arrives, and stored on the
   * way unless it exceeds {@link ResourceLoaderBuilder#maximumBytes}. Then the time-out is for the
   * time before, and for each 64 KiB. {@link LongBody#of} is how to read it, and {@link
   * Fetched#flow} says what is owed to those that arrive.
   */
  public ResourceRequest streamFrom(long bytes) {
    return new ResourceRequest(url, fields, flags, bytes);
  }

  /**
   * The same request with the method HEAD: answered with what is stored for GET where that may be
   * used, body included; else sent on, and the answer, which has no body, is not stored.
   */
  public ResourceRequest asHead() {
    return new ResourceRequest(url, fields, flags | HEAD, streamFrom);
  }

  /** The same request for another place, without credentials where that is another origin. */
  ResourceRequest redirectedTo(String location, boolean sameOrigin) {
    if (sameOrigin) {
      return new ResourceRequest(location, fields, flags, streamFrom);
    }
    HeaderList kept =
        HeaderList.of(fields)
            .without("Authorization")
            .without("Cookie")
            .without("Proxy-Authorization");
    ResourceRequest next = new ResourceRequest(location, NONE_GIVEN, flags, streamFrom);
    for (int i = 0; i < kept.size(); i++) {
      next = next.header(kept.name(i), kept.value(i));
    }
    return next;
  }

  /** What is asked for, without a fragment. */
  public String url() {
    return url;
  }

  /** Whether nothing about the request keeps it from a fresh response. */
  boolean isPlain() {
    return (flags & (DIRECTIVES | PAST_CACHE)) == 0;
  }

  /** Typed so that who passes it on needs neither class for that. */
  Selector selector() {
    return this;
  }

  boolean isPastCache() {
    return (flags & PAST_CACHE) != 0;
  }

  boolean followsRedirects() {
    return (flags & STAY) == 0;
  }

  boolean isHead() {
    return (flags & HEAD) != 0;
  }

  /** Whether a stored body of so many bytes is read only when it is asked for. */
  boolean isLazy(long length) {
    return (flags & LAZY_BODY) != 0 || length >= streamFrom;
  }

  /** Bytes from which on a body is not held; the largest number where all are. */
  long streamFrom() {
    return streamFrom;
  }

  /** The fields as they are sent, defaults included. */
  HeaderList wire() {
    HeaderList known = wire;
    if (known == null) {
      known = HeaderList.of(fields);
      if (!known.has("User-Agent")) {
        known = known.with("User-Agent", userAgent());
      }
      if (!known.has("Accept-Encoding")) {
        known = known.with("Accept-Encoding", ContentCoding.accepted());
      }
      wire = known;
    }
    return known;
  }

  private static String userAgent() {
    String version = ResourceRequest.class.getPackage().getImplementationVersion();
    return "thermae/" + (version == null ? "dev" : version);
  }

  /** {@inheritDoc} One line for each field: {@code name: value}, or the name where it is absent. */
  @Override
  public String selecting(String stored) {
    return stored.isEmpty() ? "" : Variants.selecting(stored, wire());
  }

  @Override
  public String toString() {
    return (isHead() ? "HEAD " : "GET ") + url;
  }
}
