package dev.thermae.http.resource;

import dev.thermae.code.Source;
import dev.thermae.store.EntryHead;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A response, from the store or from the origin, and how it came about. Thread-safe. */
public final class Fetched {
  /** Where a response came from. */
  public enum Outcome {
    /** Stored and fresh (or acceptable to a request with {@code max-stale}); nobody was asked. */
    FRESH,
    /** Stored, and the origin answered 304: the generation is the same. */
    REVALIDATED,
    /** From the origin, and stored under a new generation. */
    STORED,
    /** Stored and stale, served because the origin failed and nothing forbids it. */
    STALE,
    /** From the origin, and equal to what is stored: the generation is the same. */
    KEPT,
    /** From the origin, and not stored. */
    PASSED
  }

  /** The detail of a response that the store could not take. */
  static final String STORE_FAILED = "the store failed";

  /** The same for want of room. */
  static final String NO_ROOM = "the store has no room";

  private final ResourceLoader loader;
  private final String url;
  private final @Nullable StoredEntry entry;
  private final @Nullable EntryHead head;
  private final long age;
  private final @Nullable String location;
  private final @Nullable Outcome outcome;
  private final @Nullable String detail;
  private volatile byte @Nullable [] body;
  private volatile @Nullable Metadata metadata;
  private volatile @Nullable Source source;
  private volatile @Nullable Forwarding forwarding;
  private volatile int originStatus;
  private volatile @Nullable BodyFlow flow;

  /**
   * A stored response, or one that is just being stored and has no entry yet; an {@code outcome} of
   * null means fresh, which spares a class.
   */
  Fetched(
      ResourceLoader loader,
      String url,
      @Nullable StoredEntry entry,
      EntryHead head,
      byte @Nullable [] body,
      long now,
      @Nullable Outcome outcome,
      @Nullable String detail) {
    this.loader = loader;
    this.url = url;
    this.entry = entry;
    this.head = head;
    this.body = body;
    this.age = head.age(now);
    this.location = head.is(EntryHead.REDIRECT) ? head.location() : null;
    this.outcome = outcome;
    this.detail = detail;
  }

  /** A response that is not stored. */
  Fetched(
      ResourceLoader loader,
      String url,
      Metadata metadata,
      byte[] body,
      long age,
      @Nullable String location,
      @Nullable String detail) {
    this.loader = loader;
    this.url = url;
    this.entry = null;
    this.head = null;
    this.metadata = metadata;
    this.body = body;
    this.age = age;
    this.location = location;
    this.outcome = Outcome.PASSED;
    this.detail = detail;
  }

  /** Tells whoever asked of fields that are not kept for others. */
  Fetched received(Metadata whole) {
    metadata = whole;
    return this;
  }

  /** Says why the origin was asked; before anybody else sees this. */
  Fetched forwarded(Forwarding why) {
    forwarding = why;
    return this;
  }

  /** Says what the origin answered; before anybody else sees this. */
  Fetched answered(int status) {
    originStatus = status;
    return this;
  }

  /** Hands out the body as it arrives; before anybody else sees this. */
  Fetched flowing(BodyFlow body) {
    flow = body;
    return this;
  }

  /**
   * The body of a response to {@link ResourceRequest#streamFrom}, where it is too long to be held
   * and has not arrived yet: null for all others. Whoever got this calls {@link BodyFlow#bring} in
   * the end, come what may.
   */
  public @Nullable BodyFlow flow() {
    return flow;
  }

  /** Whether the body is in memory. */
  boolean isHeld() {
    return body != null && flow == null;
  }

  /** The URL after redirects: the name of the source. */
  public String url() {
    return url;
  }

  /** The status code. */
  public int status() {
    Metadata known = metadata;
    return known != null ? known.status() : head != null ? status(head) : 0;
  }

  /** Whether the status says success (RFC 9110 section 15.3). */
  public boolean isSuccess() {
    return status() / 100 == 2;
  }

  /** The status code that a head carries beside the store's own flags. */
  static int status(EntryHead head) {
    return head.flags() >>> 16;
  }

  /** Status code and reason phrase. */
  public String statusLine() throws IOException {
    String reason = metadata().reason();
    return reason.isEmpty() ? Integer.toString(status()) : status() + " " + reason;
  }

  /**
   * The header fields of the stored response as updated by validations (RFC 9111 section 3.2), or
   * those just received. {@code Age} is not among the former: see {@link #age()}.
   */
  public HeaderList headers() throws IOException {
    return metadata().headers();
  }

  Metadata metadata() throws IOException {
    Metadata known = metadata;
    if (known == null) {
      known = head == null ? Metadata.NONE : MetadataCodec.decode(head.metadata());
      metadata = known;
    }
    return known;
  }

  /**
   * The body as received, every byte verified; shared, not to be changed.
   *
   * @throws FetchException when it was left to be read lazily and is gone, or is a {@link #flow}
   */
  public byte[] body() throws IOException {
    byte[] known = body;
    if (flow != null) {
      throw FetchException.refused(url, "the body is too long to be held");
    }
    if (known == null) {
      known = entry == null ? null : entry.body();
      if (known == null) {
        throw FetchException.refused(url, "the stored body is gone");
      }
      body = known;
    }
    return known;
  }

  /** How many times its length the body may be decoded to. */
  int maximumRatio() {
    return loader.maximumRatio();
  }

  /**
   * The body after content decoding (RFC 9110 section 8.4).
   *
   * @throws FetchException when the coding is unknown, the data are damaged or exceed the limits
   */
  public byte[] decoded() throws IOException {
    boolean plain = head == null ? !headers().has("Content-Encoding") : !head.is(EntryHead.ENCODED);
    return plain ? body() : loader.decode(url, headers(), body());
  }

  /**
   * The body as a source, named by the URL. The charset is that of a byte order mark, else of
   * {@code Content-Type}, else UTF-8.
   */
  public Source source() throws IOException {
    Source known = source;
    if (known == null) {
      known = newSource(decoded());
      source = known;
    }
    return known;
  }

  private Source newSource(byte[] bytes) throws IOException {
    if (head == null || head.charset().isEmpty()) {
      return Source.of(url, bytes, Charsets.of(bytes, headers()));
    }
    String name = head.charset();
    try {
      Charset charset = name.equals("UTF-8") ? StandardCharsets.UTF_8 : Charset.forName(name);
      return Source.verified(url, bytes, charset, head.sourceHash());
    } catch (IllegalArgumentException e) {
      // Stored by a JVM that has more charsets than this one: as if it came from the origin.
      return Source.of(url, bytes, Charsets.of(bytes, headers()));
    }
  }

  /** The same response for another request. */
  Fetched shared(Outcome as, long now) {
    EntryHead known = head;
    BodyFlow through = flow;
    if (known == null || entry == null && through == null) {
      throw new IllegalStateException("not stored, so nobody else's: " + url);
    }
    String why = "answered together with another request";
    Fetched shared = new Fetched(loader, url, entry, known, body, now, as, why);
    return through == null ? shared : shared.flowing(through);
  }

  /** The head it was read from; null when it is not stored. */
  @Nullable EntryHead head() {
    return head;
  }

  /** What code is attached to; null when the response is not stored. */
  public @Nullable StoredEntry entry() {
    return entry;
  }

  /** Where the response came from. */
  public Outcome outcome() {
    return outcome == null ? Outcome.FRESH : outcome;
  }

  /** Whether it was to be stored, and the store failed or had no room. */
  public boolean isUnstorable() {
    return entry == null && (STORE_FAILED.equals(detail) || NO_ROOM.equals(detail));
  }

  /** Why the origin was asked; null where it was not. */
  public @Nullable Forwarding forwarding() {
    return forwarding;
  }

  /** The status of the origin's answer; 0 where there was none. */
  public int originStatus() {
    return originStatus;
  }

  /** Age when it was fetched, in milliseconds (RFC 9111 section 4.2.3). */
  public long age() {
    return age;
  }

  /** Milliseconds it stays fresh, negative when it is stale; 0 when it is not stored. */
  public long timeToLive() {
    return head == null ? 0 : head.lifetime() - age;
  }

  /** Where a redirect leads, as a URL in normal form; null when this is no redirect. */
  public @Nullable String location() {
    return location;
  }

  /** How the response came about, in words. */
  public String why() {
    StringBuilder text = new StringBuilder(outcome().name().toLowerCase(Locale.ROOT));
    if (detail != null) {
      text.append(": ").append(detail);
    }
    if (head != null) {
      text.append("; age ").append(age / 1000).append(" s");
      text.append(" of ").append(head.lifetime() / 1000).append(" s");
    }
    return text.toString();
  }
}
