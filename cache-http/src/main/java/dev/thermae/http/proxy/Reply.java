package dev.thermae.http.proxy;

import dev.thermae.http.resource.HeaderList;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** Writes answers to the client. Stateless. */
final class Reply {
  /** What describes a body, and so stays away where none is sent. */
  static final EnumSet<HttpHeader> OF_THE_BODY =
      EnumSet.of(
          HttpHeader.CONTENT_TYPE,
          HttpHeader.CONTENT_ENCODING,
          HttpHeader.CONTENT_LANGUAGE,
          HttpHeader.CONTENT_RANGE,
          HttpHeader.ACCEPT_RANGES,
          HttpHeader.CONTENT_LENGTH);

  private Reply() {}

  /**
   * Copies what goes end to end; the length is whoever writes the body's to say. {@code Via} gets
   * our own member, {@code Cache-Status} too (RFC 9110 section 7.6.3, RFC 9211 section 2).
   */
  static void fields(Response response, HeaderList from, String name, String cacheStatus) {
    HttpFields.Mutable to = response.getHeaders();
    List<String> listed = HopByHop.listed(from.all("Connection"));
    for (int i = 0; i < from.size(); i++) {
      String lower = from.name(i).toLowerCase(Locale.ROOT);
      if (lower.equals("date")) {
        to.put(HttpHeader.DATE, FieldBytes.outbound(from.value(i))); // Jetty put its own there
      } else if (!lower.equals("content-length") && !HopByHop.is(lower, listed)) {
        to.add(from.name(i), FieldBytes.outbound(from.value(i)));
      }
    }
    to.add("Via", "1.1 " + name);
    to.add("Cache-Status", cacheStatus);
  }

  /**
   * Without what describes a body that is not sent (RFC 9110 section 15.4.5), its length included:
   * parsers that are still in use would wait for so many bytes.
   */
  static void notModified(Response response, Callback callback) {
    response.getHeaders().remove(OF_THE_BODY);
    response.setStatus(304);
    headAlone(response, callback);
  }

  /**
   * An answer that never has a body, its length left out, in a single write where that can be: a
   * stream of HTTP/2 would put the length back.
   */
  static void headAlone(Response response, Callback callback) {
    Request request = response.getRequest();
    if (request.getConnectionMetaData().getHttpVersion().getVersion()
        > HttpVersion.HTTP_1_1.getVersion()) {
      withoutLength(response, callback);
    } else {
      request.addHttpStreamWrapper(Lengthless::new);
      response.write(true, BufferUtil.EMPTY_BUFFER, callback);
    }
  }

  /** Takes away the length that Jetty says of a body in a single write, 0 for none. */
  private static final class Lengthless extends HttpStream.Wrapper {
    Lengthless(HttpStream stream) {
      super(stream);
    }

    @Override
    public void prepareResponse(HttpFields.Mutable headers) {
      headers.remove(HttpHeader.CONTENT_LENGTH);
      super.prepareResponse(headers);
    }
  }

  /**
   * A head alone: Jetty ends the answer itself once {@code callback} is told that it is written. Of
   * an answer in a single write it would say that the length is 0 (section 8.6).
   */
  static void withoutLength(Response response, Callback callback) {
    response.write(false, BufferUtil.EMPTY_BUFFER, callback);
  }

  /** What the origin answered to HEAD; the length only where the body would be sent as it is. */
  static void head(
      Response response,
      int status,
      boolean notModified,
      Representation chosen,
      Callback callback) {
    if (notModified) {
      notModified(response, callback);
      return;
    }
    String length = chosen.decoded() ? null : chosen.headers().first("Content-Length");
    response.setStatus(status);
    if (length == null) {
      withoutLength(response, callback);
    } else {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
      response.write(true, null, callback);
    }
  }

  /** Head and body in one write; for HEAD the body stays here, and its length is told. */
  static void body(Response response, boolean head, ByteBuffer body, Callback callback) {
    int status = response.getStatus();
    if (status != 204 && status != 304) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
    }
    response.write(true, head ? null : body, callback);
  }

  /** One line of text. */
  static void line(Response response, int status, String text, Callback callback) {
    StringBuilder line = new StringBuilder(text.length() + 1);
    for (int i = 0; i < text.length(); i++) {
      line.append(text.charAt(i) < ' ' ? ' ' : text.charAt(i));
    }
    byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    boolean head = response.getRequest().getMethod().equals("HEAD");
    response.write(true, head ? null : ByteBuffer.wrap(bytes), callback);
  }
}
