package dev.thermae.http.proxy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.thermae.code.Generation;
import dev.thermae.event.TimeSource;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.wire.CodeContainer;
import dev.thermae.store.StoredEntry;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for again and again, in memory up to a limit, in the codings that were asked for.
 * Each answer is good until its age or its remaining lifetime are another second, which is a second
 * at most; then the store is asked again, so that nothing here outlives what other processes do by
 * more than that. Only requests come here whose answer depends on nothing but the URL and the
 * codings that are taken. Thread-safe.
 */
final class HotResponses {
  private static final String FETCHED = "fetched ";

  /** Fields of a request that have the store or the origin decide. */
  private static final Set<HttpHeader> DECIDING =
      EnumSet.of(
          HttpHeader.AUTHORIZATION,
          HttpHeader.CACHE_CONTROL,
          HttpHeader.EXPECT,
          HttpHeader.IF_MATCH,
          HttpHeader.IF_RANGE,
          HttpHeader.IF_UNMODIFIED_SINCE,
          HttpHeader.PRAGMA,
          HttpHeader.RANGE,
          HttpHeader.TRANSFER_ENCODING,
          HttpHeader.UPGRADE,
          HttpHeader.VIA);

  private final Cache<String, HotResource> resources;
  private final TimeSource time;
  private final boolean none;

  /** Room for so many bytes; 0 for none. */
  HotResponses(long bytes, TimeSource time) {
    this.none = bytes <= 0;
    this.time = time;
    this.resources =
        Caffeine.newBuilder()
            .maximumWeight(Math.max(0, bytes))
            .weigher((String place, HotResource resource) -> resource.weight())
            .build();
  }

  /** Whether nothing is ever here. */
  boolean isOff() {
    return none;
  }

  /** The answer to {@code request}; null where the store has to say. */
  @Nullable HotResponse find(Request request, Target target) {
    String place = none ? null : place(target);
    Accepted accepted = place == null ? null : plain(request);
    if (place == null || accepted == null) {
      return null;
    }
    HotResource known = resources.getIfPresent(place);
    return known == null ? null : known.answer(accepted, time.millis());
  }

  /** One resource may go out in two ways, since {@code /fetch/} holds some fields back. */
  private static @Nullable String place(Target target) {
    if (target instanceof Target.Forward) {
      return ((Target.Forward) target).url();
    }
    return target instanceof Target.Fetch ? FETCHED + ((Target.Fetch) target).url() : null;
  }

  /** What a request takes that asks for nothing special; null for others. */
  static @Nullable Accepted plain(Request request) {
    if (!request.getMethod().equals("GET")) {
      return null;
    }
    HttpFields fields = request.getHeaders();
    String codings = null;
    boolean several = false;
    boolean cookie = false;
    for (HttpField field : fields) {
      HttpHeader header = field.getHeader();
      if (header == HttpHeader.ACCEPT_ENCODING) {
        several |= codings != null;
        codings = field.getValue();
      } else if (header == HttpHeader.COOKIE) {
        cookie = true;
      } else if (header != null && isSpecial(header, field.getValue())) {
        return null;
      }
    }
    return several ? Accepted.of(fields) : Accepted.of(codings, cookie);
  }

  private static boolean isSpecial(HttpHeader header, @Nullable String value) {
    if (header == HttpHeader.ACCEPT) {
      return value != null && value.contains(CodeContainer.MEDIA_TYPE);
    }
    return header == HttpHeader.CONTENT_LENGTH ? !"0".equals(value) : DECIDING.contains(header);
  }

  /** The body of that very generation in some coding; null where it is not here. */
  @Nullable HeldBody body(Target target, Fetched fetched, BodyCoding coding) {
    String place = placeOf(target);
    StoredEntry entry = fetched.entry();
    return place == null || entry == null ? null : body(place, entry.head().generation(), coding);
  }

  /** The same of what is kept in a place. */
  @Nullable HeldBody body(String place, Generation generation, BodyCoding coding) {
    HotResource known = resources.getIfPresent(place);
    return known != null && known.isOf(generation) ? known.body(coding) : null;
  }

  /** Where answers to that kind of request are kept; null where they are not. */
  @Nullable String placeOf(Target target) {
    return none ? null : place(target);
  }

  /**
   * Changes what is held of a resource, by one thread at a time.
   *
   * @param change says what is to be held
   */
  void change(String place, Change change) {
    resources.asMap().compute(place, (key, known) -> change.of(known));
  }

  /** From what is held of a resource to what is to be held; null stands for nothing. */
  interface Change {
    @Nullable HotResource of(@Nullable HotResource known);
  }

  /** Bytes that all of it takes, nearly. */
  long bytes() {
    resources.cleanUp();
    return resources.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }

  /** Anything may have changed. */
  void clear() {
    resources.invalidateAll();
  }

  /** The resource changed. */
  void forget(String url) {
    resources.invalidate(url);
    resources.invalidate(FETCHED + url);
  }

  /** Another generation of it is stored. */
  void forgetPlace(String place) {
    resources.invalidate(place);
  }
}
