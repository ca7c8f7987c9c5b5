package dev.thermae.http.proxy;

import dev.thermae.http.resource.HeaderList;
import java.nio.ByteBuffer;
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
  private final HeaderList origin;
  private final @Nullable String tag;
  private final HttpFields whole;
  private final HttpFields notModified;
  private final ByteBuffer body;
  private final long from;
  private final long until;

  private HotResponse(
      HeaderList origin, HttpFields whole, HttpFields without, ByteBuffer body, long[] span) {
    this.origin = origin;
    this.tag = origin.first("ETag");
    this.whole = whole;
    this.notModified = without;
    this.body = body;
    this.from = span[0];
    this.until = span[1];
  }

  /**
   * What was just made ready for one client.
   *
   * @param origin the fields that conditions are compared with
   * @param fields all that are sent
   * @param body in an array of its own
   * @param span when it may be sent, from and until, in milliseconds since 1970
   * @param before an earlier one of the same resource, whose memory is used again where it can
   */
  static HotResponse of(
      HeaderList origin,
      HttpFields fields,
      byte[] body,
      long[] span,
      @Nullable HotResponse before) {
    HttpFields.Mutable whole = HttpFields.build();
    HttpFields.Mutable without = HttpFields.build();
    for (HttpField field : fields) {
      HttpField ready = encoded(field);
      whole.add(ready);
      if (field.getHeader() == null || !Reply.OF_THE_BODY.contains(field.getHeader())) {
        without.add(ready);
      }
    }
    whole.put(encoded(new HttpField(HttpHeader.CONTENT_LENGTH, Integer.toString(body.length))));
    ByteBuffer held = before == null ? null : before.body;
    if (held == null || !held.equals(ByteBuffer.wrap(body))) {
      held = ByteBuffer.allocateDirect(body.length).put(body).flip().asReadOnlyBuffer();
    }
    return new HotResponse(origin, whole.asImmutable(), without.asImmutable(), held, span);
  }

  private static HttpField encoded(HttpField field) {
    return new PreEncodedHttpField(field.getHeader(), field.getName(), field.getValue());
  }

  /** Whether it may be sent; a clock set back says no. */
  boolean isGood(long now) {
    return now >= from && now < until;
  }

  /** Bytes that it takes, nearly. */
  int weight() {
    return 2048 + body.capacity();
  }

  /** Whether the client has it already. */
  boolean isKnownTo(HttpFields request) {
    String known = request.get(HttpHeader.IF_NONE_MATCH);
    if (known != null && known.equals(tag)) {
      return true; // what nearly all send
    }
    return ConditionalRequests.isNotModified(request, origin);
  }

  /** Sends all of it. */
  void send(Response response, Callback callback) {
    response.setStatus(HttpStatus.OK_200);
    fields(response, whole);
    response.write(true, body.slice(), callback);
  }

  /** Says that the client has it. */
  void sendNotModified(Response response, Callback callback) {
    response.setStatus(HttpStatus.NOT_MODIFIED_304);
    fields(response, notModified);
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
