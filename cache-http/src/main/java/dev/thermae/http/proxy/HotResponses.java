package dev.thermae.http.proxy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.thermae.event.TimeSource;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.HeaderList;
import dev.thermae.http.wire.CodeContainer;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for again and again, in memory up to a limit. Each is good until its age or its
 * remaining lifetime are another second, which is a second at most; then the store is asked again,
 * so that nothing here outlives what other processes do by more than that. Only requests come here
 * whose answer depends on nothing but the URL and whether gzip is taken. Thread-safe.
 */
final class HotResponses {
  private static final int LARGEST = 1 << 20;
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

  private final Cache<String, HotResponse> responses;
  private final TimeSource time;
  private final boolean none;

  /** Room for so many bytes; 0 for none. */
  HotResponses(long bytes, TimeSource time) {
    this.none = bytes <= 0;
    this.time = time;
    this.responses =
        Caffeine.newBuilder()
            .maximumWeight(Math.max(0, bytes))
            .weigher((String key, HotResponse response) -> response.weight())
            .build();
  }

  /** The answer to {@code request}; null where the store has to say. */
  @Nullable HotResponse find(Request request, Target target) {
    String place = place(target);
    if (none || place == null || !isPlain(request)) {
      return null;
    }
    HotResponse known = responses.getIfPresent(key(place, request.getHeaders()));
    return known != null && known.isGood(time.millis()) ? known : null;
  }

  /** One resource may go out in two ways, since {@code /fetch/} holds some fields back. */
  private static @Nullable String place(Target target) {
    if (target instanceof Target.Forward) {
      return ((Target.Forward) target).url();
    }
    return target instanceof Target.Fetch ? FETCHED + ((Target.Fetch) target).url() : null;
  }

  private static boolean isPlain(Request request) {
    if (!request.getMethod().equals("GET")) {
      return false;
    }
    for (HttpField field : request.getHeaders()) {
      HttpHeader header = field.getHeader();
      if (header == HttpHeader.ACCEPT) {
        String value = field.getValue();
        if (value != null && value.contains(CodeContainer.MEDIA_TYPE)) {
          return false;
        }
      } else if (header == HttpHeader.CONTENT_LENGTH) {
        if (!"0".equals(field.getValue())) {
          return false;
        }
      } else if (header != null && DECIDING.contains(header)) {
        return false;
      }
    }
    return true;
  }

  private static String key(String url, HttpFields fields) {
    return fields.contains(HttpHeader.ACCEPT_ENCODING) ? key(url, takesGzip(fields)) : url;
  }

  private static boolean takesGzip(HttpFields fields) {
    return AcceptEncoding.takesGzip(fields.getValuesList(HttpHeader.ACCEPT_ENCODING));
  }

  private static String key(String url, boolean gzip) {
    return gzip ? url + " gzip" : url; // no URL has a space
  }

  /**
   * Keeps what was just made ready for a client, where others may have it as it is.
   *
   * @param fields all that are sent, but for the length
   */
  void offer(
      Request request, Target target, Representation chosen, HttpFields fields, byte[] body) {
    String place = place(target);
    if (none || place == null || !isPlain(request)) {
      return;
    }
    String key = key(place, request.getHeaders());
    Fetched fetched = chosen.fetched();
    if (isForAll(fetched, chosen.headers()) && body.length <= LARGEST) {
      long now = time.millis();
      long left = Math.max(1, fetched.timeToLive() % 1000); // then Cache-Status says another ttl
      long[] span = {now, now + Math.min(left, 1000 - fetched.age() % 1000)};
      HotResponse before = responses.getIfPresent(key);
      responses.put(key, HotResponse.of(chosen.headers(), fields, body, span, before));
    } else {
      responses.invalidate(key);
    }
  }

  private static boolean isForAll(Fetched fetched, HeaderList headers) {
    if (fetched.outcome() != Fetched.Outcome.FRESH
        || fetched.status() != 200
        || fetched.age() < 0
        || fetched.timeToLive() <= 0) {
      return false;
    }
    for (String value : headers.all("Vary")) {
      for (String name : value.split(",", -1)) {
        if (!name.trim().equalsIgnoreCase("Accept-Encoding")) {
          return false;
        }
      }
    }
    return true;
  }

  /** Anything may have changed. */
  void clear() {
    responses.invalidateAll();
  }

  /** The resource changed. */
  void forget(String url) {
    for (String place : new String[] {url, FETCHED + url}) {
      responses.invalidate(key(place, false));
      responses.invalidate(key(place, true));
    }
  }
}
