package dev.thermae.http.proxy;

import dev.thermae.http.resource.LongBody;
import dev.thermae.http.resource.Pieces;
import dev.thermae.store.UnreadableBodyException;
import java.io.IOException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * The answer with a body that is not held, or a part of it.
 *
 * @param length of all of it in bytes; negative when nobody knows
 * @param sender null where only the head is sent
 */
record LongReply(Asked asked, long length, @Nullable ByteRange range, @Nullable BodySender sender) {
  /**
   * Opens what is to be sent of it; null where it is gone, and another one should be asked for.
   *
   * @param ranged whether the client may have the range that it asks for
   * @param headAlone whether nothing of the body is sent
   * @throws IOException when it cannot be decoded
   */
  static @Nullable LongReply open(Asked asked, LongBody body, boolean ranged, boolean headAlone)
      throws IOException {
    long length = body.length();
    ByteRange range =
        ranged && !headAlone && length >= 0
            ? ByteRange.parse(asked.fields().get("Range"), length)
            : null;
    if (headAlone || range != null && !range.isSatisfiable()) {
      return new LongReply(asked, length, range, null);
    }
    Pieces pieces =
        range == null ? body.open(0, Long.MAX_VALUE) : body.open(range.first(), range.last() + 1);
    try {
      return pieces == null
          ? null
          : new LongReply(asked, length, range, BodySender.of(asked, pieces));
    } catch (UnreadableBodyException e) {
      return null;
    }
  }

  /** Sends it, once the fields are there; {@code lost} is told of a body that breaks off. */
  void send(Consumer<IOException> lost) {
    Response response = asked.response();
    HttpFields.Mutable fields = response.getHeaders();
    if (range != null) {
      fields.put("Content-Range", range.contentRange(length));
    }
    if (range != null && !range.isSatisfiable()) {
      fields.remove("Content-Encoding").remove("ETag").remove("Last-Modified");
      asked.line(416, "416 Range Not Satisfiable");
      return;
    }
    if (range != null) {
      response.setStatus(206);
    }
    if (length >= 0) {
      fields.put(HttpHeader.CONTENT_LENGTH, range == null ? length : range.length());
    }
    if (sender != null) {
      sender.send(lost);
    } else if (length >= 0) {
      response.write(true, null, asked.callback());
    } else {
      Reply.withoutLength(response, asked.callback());
    }
  }

  /** Sends nothing after all. */
  void drop() {
    if (sender != null) {
      sender.drop();
    }
  }
}
