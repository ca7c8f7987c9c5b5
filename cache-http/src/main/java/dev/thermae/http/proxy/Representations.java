package dev.thermae.http.proxy;

import dev.thermae.code.Generation;
import dev.thermae.event.TimeSource;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.HeaderList;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Which representation of a stored response a client gets (RFC 9110 section 12.1), and which ones
 * are made for it: plain bodies are packed in the background once they are asked for again.
 * Thread-safe.
 */
final class Representations implements AutoCloseable {
  private static final int LARGEST = 1 << 20;
  private static final int LARGEST_PACKED = 4 << 20;

  private final HotResponses hot;
  private final TimeSource time;
  private final Compression compression;
  private final int largestPacked;
  private final PackedBodies packing = new PackedBodies();
  private final LongAdder packed = new LongAdder();

  /**
   * @param hot where bodies are held
   * @param room bytes that all of them may take
   */
  Representations(HotResponses hot, long room, TimeSource time, Compression compression) {
    this.hot = hot;
    this.time = time;
    this.compression = compression;
    this.largestPacked = (int) Math.min(LARGEST_PACKED, room / 8);
  }

  /** How often a body was packed. */
  long packed() {
    return packed.sum();
  }

  /** The resource is damaged. */
  void forget(String url) {
    hot.forget(url);
  }

  /** What a client gets; what is packed only where it is in memory. */
  Representation choose(Asked asked, Fetched fetched, Accepted accepted) throws IOException {
    Representation stored = Representation.of(fetched, accepted.prefers(BodyCoding.GZIP));
    if (stored.decoded()) {
      return stored.held(hot.body(asked.target(), fetched, BodyCoding.IDENTITY));
    }
    if (!isPackable(fetched)) {
      return stored;
    }
    for (int i = 0; i < accepted.size(); i++) {
      BodyCoding coding = accepted.get(i);
      if (coding == BodyCoding.IDENTITY || isWantedPlain(asked, fetched, accepted)) {
        break;
      }
      HeldBody held = hot.body(asked.target(), fetched, coding);
      Representation variant = held == null ? null : stored.packed(held);
      if (variant != null && isOfTheRange(asked, variant)) {
        return variant;
      }
    }
    HeaderList varying = Representation.varyingByCoding(stored.headers());
    return new Representation(fetched, varying, false);
  }

  private boolean isPackable(Fetched fetched) throws IOException {
    HeaderList headers = fetched.headers();
    StoredEntry entry = fetched.entry();
    long length = entry == null ? length(headers) : entry.head().bodyLength();
    return !hot.isOff() && compression.fits(fetched.status(), headers, length);
  }

  private static long length(HeaderList headers) {
    String length = headers.first("Content-Length");
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** By credentials, by the client's word, or since it could not tell parts of two bodies apart. */
  private static boolean isWantedPlain(Asked asked, Fetched fetched, Accepted accepted)
      throws IOException {
    HttpFields client = asked.fields();
    return accepted.isGuarded()
        || client.contains(HttpHeader.CACHE_CONTROL, "no-transform")
        || client.contains(HttpHeader.RANGE)
            && !EntityTags.isStrong(fetched.headers().first("ETag"));
  }

  /** Whether what is asked for is no part, or a part of this body. */
  private static boolean isOfTheRange(Asked asked, Representation variant) {
    HttpFields client = asked.fields();
    String condition = client.contains(HttpHeader.RANGE) ? client.get(HttpHeader.IF_RANGE) : null;
    return condition == null || condition.equals(variant.headers().first("ETag"));
  }

  /**
   * Whether a part of the chosen body may be sent. A date names all representations of a response,
   * so it cannot say of which one the client has the other part.
   */
  boolean allowsRange(Asked asked, Representation chosen, HeaderList headers) throws IOException {
    String condition = asked.fields().get(HttpHeader.IF_RANGE);
    boolean dated = condition != null && !condition.startsWith("\"");
    boolean several = dated && isPackable(chosen.fetched()) && takesPacked(asked);
    return !several && ConditionalRequests.allowsRange(asked.fields(), headers);
  }

  private static boolean takesPacked(Asked asked) {
    return Accepted.of(asked.fields()).size() > 1;
  }

  /** The client's own tag for another representation of this that it may keep; null for none. */
  static @Nullable String known(Asked asked, Fetched fetched, Accepted accepted)
      throws IOException {
    return EntityTags.known(asked.fields(), fetched.headers().first("ETag"), accepted);
  }

  /**
   * Keeps what was just made ready for a client, where others may have it as it is, and has it
   * packed where the client would like that better.
   *
   * @param fields all that are sent, but for the length
   * @param body null where it is not held
   */
  void offer(Asked asked, Representation chosen, HttpFields fields, @Nullable ByteBuffer body)
      throws IOException {
    String place = hot.placeOf(asked.target());
    Fetched fetched = chosen.fetched();
    StoredEntry entry = fetched.entry();
    if (place == null) {
      return;
    }
    if (fetched.outcome() == Fetched.Outcome.STORED) {
      hot.forgetPlace(place); // another generation
    }
    Accepted accepted = HotResponses.plain(asked.request());
    if (accepted == null || chosen.isOneOfTwo()) {
      return;
    }
    if (entry == null || !isForAll(fetched, chosen.headers())) {
      keepBodies(place, entry);
      return;
    }
    keep(place, entry.head().generation(), chosen, fields, body);
    pack(place, entry, accepted);
  }

  /** Of the same generation: it was validated, say, and will be fresh. */
  private void keepBodies(String place, @Nullable StoredEntry entry) {
    hot.change(
        place,
        known ->
            known != null && entry != null && known.isOf(entry.head().generation())
                ? known.withoutAnswers()
                : null);
  }

  private void keep(
      String place,
      Generation own,
      Representation chosen,
      HttpFields fields,
      @Nullable ByteBuffer body)
      throws IOException {
    HeldBody held = chosen.held();
    held = held != null ? held : hot.body(place, own, chosen.coding());
    if (held == null && body != null && body.remaining() <= LARGEST) {
      held = HeldBody.of(chosen.coding(), body);
    }
    HotResponse answer =
        held == null ? null : HotResponse.of(chosen, fields, held, span(chosen.fetched()));
    BodyCoding stored = chosen.stored();
    boolean packable = isPackable(chosen.fetched());
    hot.change(
        place,
        known -> {
          HotResource base =
              known != null && known.isOf(own, stored, packable)
                  ? known
                  : HotResource.of(own, stored, packable);
          return base.again(answer);
        });
  }

  private long[] span(Fetched fetched) {
    long now = time.millis();
    long left = Math.max(1, fetched.timeToLive() % 1000); // then Cache-Status says another ttl
    return new long[] {now, now + Math.min(left, 1000 - fetched.age() % 1000)};
  }

  private static boolean isForAll(Fetched fetched, HeaderList headers) {
    return fetched.outcome() == Fetched.Outcome.FRESH
        && fetched.status() == 200
        && fetched.age() >= 0
        && fetched.timeToLive() > 0
        && Representation.isForAll(headers);
  }

  /** Has the body packed as the client likes it best, unless somebody does that already. */
  private void pack(String place, StoredEntry entry, Accepted accepted) {
    Generation own = entry.head().generation();
    BodyCoding[] wanted = new BodyCoding[1];
    change(
        place,
        own,
        known -> {
          wanted[0] = known.wanted(accepted);
          return wanted[0] == null ? known : known.asked(wanted[0]);
        });
    BodyCoding coding = wanted[0];
    if (coding != null && !packing.later(() -> pack(place, entry, coding))) {
      change(place, own, known -> known.busy(coding));
    }
  }

  /** By the thread that packs. */
  private void pack(String place, StoredEntry entry, BodyCoding coding) {
    HeldBody[] made = new HeldBody[1];
    try {
      byte[] plain = entry.body();
      byte[] bytes = plain == null ? null : coding.pack(plain);
      if (bytes != null && bytes.length <= largestPacked) {
        packed.increment();
        made[0] = HeldBody.packed(coding, bytes);
      }
    } finally {
      change(place, entry.head().generation(), known -> known.packed(coding, made[0]));
    }
  }

  /** Where it is still that generation. */
  private void change(String place, Generation own, UnaryOperator<HotResource> change) {
    hot.change(place, known -> known == null || !known.isOf(own) ? known : change.apply(known));
  }

  @Override
  public void close() {
    packing.close();
  }
}
