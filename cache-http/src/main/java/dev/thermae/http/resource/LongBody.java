package dev.thermae.http.resource;

import dev.thermae.store.BodyReader;
import dev.thermae.store.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * A body that is not held: it lies in the store, or is on its way ({@link
 * ResourceRequest#streamFrom}). Thread-safe.
 */
public final class LongBody {
  /** Bytes of the longest source that is compiled; what is longer may be stored, and no more. */
  public static final int LONGEST_SOURCE = 32 << 20;

  private final @Nullable BodyFlow flow;
  private final @Nullable StoredEntry entry;
  private final int maximumRatio;
  private final boolean gzip;

  private LongBody(
      @Nullable BodyFlow flow, @Nullable StoredEntry entry, int maximumRatio, boolean gzip) {
    this.flow = flow;
    this.entry = entry;
    this.maximumRatio = maximumRatio;
    this.gzip = gzip;
  }

  /** The body of a response; null where that is held, or short. */
  public static @Nullable LongBody of(Fetched fetched) {
    BodyFlow flow = fetched.flow();
    StoredEntry entry = fetched.isHeld() || fetched.location() != null ? null : fetched.entry();
    return flow == null && entry == null
        ? null
        : new LongBody(flow, entry, fetched.maximumRatio(), false);
  }

  /**
   * The same body, which is in gzip, decoded: in the memory of one piece, and to no more than the
   * loader's ratio of what was read.
   */
  public LongBody gunzipped() {
    return new LongBody(flow, entry, maximumRatio, true);
  }

  /** Bytes; negative while nobody knows, as of all that is decoded. */
  public long length() {
    if (gzip) {
      return -1;
    }
    return flow != null ? flow.length() : entry == null ? 0 : entry.head().bodyLength();
  }

  /**
   * Reads from {@code from} to before {@code to}, or the end; null where the body is gone, and
   * {@link ResourceLoader#fetchAgain} will find another one. Only all of what is decoded can be
   * read.
   */
  public @Nullable Pieces open(long from, long to) {
    Pieces pieces;
    if (flow != null) {
      pieces = flow.open(from, to);
    } else {
      BodyReader reader = entry == null ? null : entry.reader();
      pieces = reader == null ? null : new StoredPieces(reader, from, to);
    }
    return pieces != null && gzip ? new GzipPieces(pieces, maximumRatio) : pieces;
  }
}
