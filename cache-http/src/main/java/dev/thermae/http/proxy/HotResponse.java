package dev.thermae.http.proxy;

import dev.thermae.http.resource.HeaderList;
import java.io.IOException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
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

  private final ReadyFields whole;
  private final ReadyFields notModified;
  private final HeldBody body;
  private final long from;
  private final long until;

  private HotResponse(
      Representation chosen, ReadyFields whole, ReadyFields without, HeldBody body, long[] span)
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
    HttpFields.Mutable whole = HttpFields.build(fields);
    whole.put(HttpHeader.CONTENT_LENGTH, Integer.toString(body.bytes().capacity()));
    HttpFields.Mutable without = HttpFields.build(fields).remove(Reply.OF_THE_BODY);
    return new HotResponse(chosen, ReadyFields.of(whole), ReadyFields.of(without), body, span);
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
    whole.addTo(response);
    response.write(true, body.bytes().slice(), callback);
  }

  /** Says to who knows it that this is so. */
  void sendNotModified(HttpFields request, Response response, Callback callback) {
    response.setStatus(HttpStatus.NOT_MODIFIED_304);
    String known = request.get(HttpHeader.IF_NONE_MATCH);
    boolean packed = known != null && known.equals(plainTag);
    if (known == null
        || known.equals(tag)
        || !packed && ConditionalRequests.isNotModified(request, origin)) {
      notModified.addTo(response);
    } else {
      notModified.addEachTo(response);
      response.getHeaders().put(HttpHeader.ETAG, packed ? known : other(request));
    }
    Reply.headAlone(response, callback);
  }
}
