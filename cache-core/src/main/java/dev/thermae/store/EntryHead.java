package dev.thermae.store;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.Source;

/**
 * What a store knows of one stored response besides its body: a fixed part that the store
 * understands and opaque metadata that belongs to whoever stored it. Immutable; the arrays are
 * shared and must not change. Times are milliseconds.
 *
 * @param key namespace, kind and URL: the full text that a look-up compares
 * @param selecting the request's values of the fields that selected this variant, or empty
 * @param generation of the body; a new one for every stored body
 * @param requestTime when the request began whose response this is; orders concurrent writers
 * @param responseTime when the response, or the last 304 for it, arrived
 * @param initialAge age of the response at {@code responseTime}
 * @param lifetime freshness lifetime; 0 when it must be validated before every use
 * @param notBefore variants whose request began earlier do not count
 * @param flags bit set of {@link #ENCODED}, {@link #TOMBSTONE} and {@link #REDIRECT} in the lower
 *     16 bits; the upper 16 belong to whoever stored it
 * @param charset canonical charset name of the source, or empty when the body is not text
 * @param location where a redirect leads, or empty
 * @param keyHash SHA-256 of the key
 * @param sourceHash hash of the decoded body as a source, or 32 zero bytes
 * @param bodyLength bytes of the body as received
 * @param metadata opaque
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and a record's copies would cost
public record EntryHead(
    String key,
    String selecting,
    Generation generation,
    long requestTime,
    long responseTime,
    long initialAge,
    long lifetime,
    long notBefore,
    int flags,
    String charset,
    String location,
    byte[] keyHash,
    byte[] sourceHash,
    long bodyLength,
    byte[] metadata) {
  /** The body has a content coding; its bytes are not those of the source. */
  public static final int ENCODED = 1;

  /** The entry was invalidated; it has no body. */
  public static final int TOMBSTONE = 2;

  /** The response is a redirect to {@link #location()}. */
  public static final int REDIRECT = 4;

  /**
   * A variant that holds nothing; none of the resource's counts whose request began before {@code
   * notBefore}.
   */
  public static EntryHead tombstone(String key, String selecting, long time, long notBefore) {
    byte[] nothing = new byte[32];
    return new EntryHead(
        key,
        selecting,
        Generation.NONE,
        time,
        time,
        0,
        0,
        notBefore,
        TOMBSTONE,
        "",
        "",
        nothing,
        nothing,
        0,
        new byte[0]);
  }

  /**
   * A source that came from no URL, stored under {@code key} with its bytes as the body: always
   * fresh.
   */
  public static EntryHead ofSource(String key, Source source, long now) {
    return new EntryHead(
        key,
        "",
        Generation.random(),
        now,
        now,
        0,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        0,
        source.charset().name(),
        "",
        hashOf(key),
        source.hash(),
        source.bytes().length,
        new byte[0]);
  }

  /** SHA-256 of a key's text: what code attached to the resource carries. */
  public static byte[] hashOf(String key) {
    return Fingerprint.digest(key);
  }

  /** Whether the flag is set. */
  public boolean is(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether the response may be used without validation at {@code now}. */
  public boolean isFresh(long now) {
    long resident = now - responseTime;
    return resident >= 0 && initialAge + resident < lifetime;
  }

  /** Current age at {@code now}, never negative (RFC 9111 section 4.2.3). */
  public long age(long now) {
    return Math.max(0, initialAge + Math.max(0, now - responseTime));
  }

  /** The same head after a validation: other times and metadata, the same generation. */
  public EntryHead validated(
      long newRequestTime,
      long newResponseTime,
      long newInitialAge,
      long newLifetime,
      byte[] newMetadata) {
    return new EntryHead(
        key,
        selecting,
        generation,
        newRequestTime,
        newResponseTime,
        newInitialAge,
        newLifetime,
        notBefore,
        flags,
        charset,
        location,
        keyHash,
        sourceHash,
        bodyLength,
        newMetadata);
  }

  /** The same head of a body of which nothing was known before: its length, and its text's hash. */
  public EntryHead withBody(long length, String bodyCharset, byte[] bodyHash) {
    return new EntryHead(
        key,
        selecting,
        generation,
        requestTime,
        responseTime,
        initialAge,
        lifetime,
        notBefore,
        flags,
        bodyCharset,
        location,
        keyHash,
        bodyHash,
        length,
        metadata);
  }

  /** The same head with variants older than {@code time} switched off. */
  public EntryHead notBefore(long time) {
    return new EntryHead(
        key,
        selecting,
        generation,
        requestTime,
        responseTime,
        initialAge,
        lifetime,
        time,
        flags,
        charset,
        location,
        keyHash,
        sourceHash,
        bodyLength,
        metadata);
  }
}
