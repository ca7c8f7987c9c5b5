package dev.thermae.http.resource;

import dev.thermae.code.Source;
import java.io.IOException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * Asks a {@link NearTier} before the origin. What carries credentials goes to the origin alone.
 * Thread-safe.
 */
final class NearTransport implements Transport {
  private static final String[] PRIVATE = {"Authorization", "Cookie", "Range"};

  private final NearTier near;
  private final Transport next;
  private final long maximumDecoded;
  private final int maximumRatio;

  NearTransport(NearTier near, Transport next, long maximumDecoded, int maximumRatio) {
    this.near = near;
    this.next = next;
    this.maximumDecoded = maximumDecoded;
    this.maximumRatio = maximumRatio;
  }

  @Override
  public Answer send(String method, String url, HeaderList fields, long streamFrom)
      throws IOException {
    NearTier.Near brought = method.equals("GET") && isOpen(fields) ? near.get(url, fields) : null;
    if (brought == null || !isBelieved(brought, url)) {
      return next.send(method, url, fields, streamFrom);
    }
    Metadata metadata = new Metadata(brought.status(), brought.reason(), brought.headers());
    return new Answer(
        metadata,
        brought.protocol(),
        fields,
        brought.arrived(),
        brought.body(),
        true,
        brought.code(),
        null);
  }

  private static boolean isOpen(HeaderList fields) {
    boolean open = true;
    for (String name : PRIVATE) {
      open &= !fields.has(name);
    }
    return open;
  }

  private boolean isBelieved(NearTier.Near brought, String url) {
    NearTier.NearCode code = brought.code();
    return code == null || code.isOf(source(brought, url));
  }

  /** Null for a body that cannot be decoded. */
  private @Nullable Source source(NearTier.Near brought, String url) {
    byte[] body = brought.body();
    try {
      byte[] decoded =
          ContentCoding.decode(url, brought.headers(), body, maximumDecoded, maximumRatio);
      Charset charset = Charsets.of(decoded, brought.headers());
      return Source.of(url, decoded, charset);
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public void close() {
    near.close();
    next.close();
  }
}
