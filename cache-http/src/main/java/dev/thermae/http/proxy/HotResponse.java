package dev.thermae.http.proxy;

import dev.thermae.http.resource.HeaderList;
import java.io.IOException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A 200 that is fresh, as it goes to every client: its fields encoded, its body outside the heap.
 * Immutable.
 */
final class HotResponse {
  /** Bytes that fields and the like take, nearly. */
  static final int OVERHEAD = 2048;

  private final HeaderList origin;
  private final @Nullable String tag;
  private final @Nullable String originTag;

  /** The origin's, where another one is sent: many clients had the body before it was packed. */
  private final @Nullable String plainTag;

  private final HttpFields whole;
  private final HttpFields notModified;
  private final HeldBody body;
  private final long from;
  private final long until;

  private HotResponse(
      Representation chosen, HttpFields whole, HttpFields without, HeldBody body, long[] span)
      throws IOException {
    this.origin = chosen.headers();
    this.tag = origin.first("ETag");
    this.originTag = chosen.fetched().headers().first("ETag");
    boolean packed = EntityTags.isStrong(originTag) && tag != null && !tag.endsWith(originTag);
    this.plainTag = packed ? originTag : null;
    this.whole = whole;
    this.notModified = without;
    this.body = body;
    this.from = span[0];
    this.until = span[1];
  }

  /**
   * What was just made ready for one client.
   *
   * @param chosen whose fields conditions are compared with
   * @param fields all that are sent
   * @param span when it may be sent, from and until, in milliseconds since 1970
   */
  static HotResponse of(Representation chosen, HttpFields fields, HeldBody body, long[] span)
      throws IOException {
    HttpFields.Mutable whole = HttpFields.build();
    HttpFields.Mutable without = HttpFields.build();
    for (HttpField field : fields) {
      HttpField ready = encoded(field);
      whole.add(ready);
      if (field.getHeader() == null || !Reply.OF_THE_BODY.contains(field.getHeader())) {
        without.add(ready);
      }
    }
    String length = Integer.toString(body.bytes().capacity());
    whole.put(encoded(new HttpField(HttpHeader.CONTENT_LENGTH, length)));
    return new HotResponse(chosen, whole.asImmutable(), without.asImmutable(), body, span);
  }

  private static HttpField encoded(HttpField field) {
    return new PreEncodedHttpField(field.getHeader(), field.getName(), field.getValue());
  }

  /** Whether it may be sent; a clock set back says no. */
  boolean isGood(long now) {
    return now >= from && now < until;
  }

  /** What is sent. */
  HeldBody body() {
    return body;
  }

  /** Whether the client has it already, or the same in another coding. */
  boolean isKnownTo(HttpFields request) {
    String known = request.get(HttpHeader.IF_NONE_MATCH);
    if (known != null && (known.equals(tag) || known.equals(plainTag))) {
      return true; // what nearly all send
    }
    return ConditionalRequests.isNotModified(request, origin)
        || known != null && other(request) != null;
  }

  private @Nullable String other(HttpFields request) {
    return EntityTags.known(request, originTag, Accepted.of(request));
  }

  /** Sends all of it. */
  void send(Response response, Callback callback) {
    response.setStatus(HttpStatus.OK_200);
    fields(response, whole);
    response.write(true, body.bytes().slice(), callback);
  }

  /** Says to who knows it that this is so. */
  void sendNotModified(HttpFields request, Response response, Callback callback) {
    response.setStatus(HttpStatus.NOT_MODIFIED_304);
    fields(response, notModified);
    String known = request.get(HttpHeader.IF_NONE_MATCH);
    if (known != null && known.equals(plainTag)) {
      response.getHeaders().put(HttpHeader.ETAG, known);
    } else if (known != null
        && !known.equals(tag)
        && !ConditionalRequests.isNotModified(request, origin)) {
      response.getHeaders().put(HttpHeader.ETAG, other(request));
    }
    Reply.headAlone(response, callback);
  }

  private static void fields(Response response, HttpFields ready) {
    HttpFields.Mutable to = response.getHeaders();
    for (HttpField field : ready) {
      if (field.getHeader() == HttpHeader.DATE) {
        to.put(field); // Jetty put its own there, and would keep it
      } else {
        to.add(field);
      }
    }
  }
}
