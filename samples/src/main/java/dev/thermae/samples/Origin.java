package dev.thermae.samples;

import dev.thermae.event.TimeSource;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/**
 * An HTTP server on loopback that serves scripts with ETag and max-age, answers validations, and
 * counts what it answered.
 */
final class Origin implements AutoCloseable {
  private final long maxAge;
  private final TimeSource time;
  private final Server server = new Server();
  private final ServerConnector connector;
  private final ConcurrentHashMap<String, Edition> editions = new ConcurrentHashMap<>();
  private final AtomicInteger full = new AtomicInteger();
  private final AtomicInteger validated = new AtomicInteger();

  /** A body and its validator. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Edition(byte[] body, String tag) {}

  /** Starts a server whose responses stay fresh for {@code maxAge} seconds. */
  Origin(long maxAge, TimeSource time) throws Exception {
    this.maxAge = maxAge;
    this.time = time;
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Serving());
    server.start();
  }

  /** Answers with the current edition, or 304 to whoever has it. */
  private final class Serving extends Handler.Abstract.NonBlocking {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      Edition edition = editions.get(Request.getPathInContext(request));
      if (edition == null) {
        return false;
      }
      response.getHeaders().put(HttpHeader.DATE, DateGenerator.formatDate(time.millis()));
      response.getHeaders().put(HttpHeader.ETAG, edition.tag());
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "max-age=" + maxAge);
      if (edition.tag().equals(request.getHeaders().get(HttpHeader.IF_NONE_MATCH))) {
        validated.incrementAndGet();
        response.setStatus(HttpStatus.NOT_MODIFIED_304);
        callback.succeeded();
      } else {
        full.incrementAndGet();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/javascript; charset=utf-8");
        response.write(true, ByteBuffer.wrap(edition.body()), callback);
      }
      return true;
    }
  }

  /** Serves {@code body} at {@code path} under the entity tag {@code tag}, from now on. */
  void publish(String path, byte[] body, String tag) {
    editions.put(path, new Edition(body, '"' + tag + '"'));
  }

  /** The URL of a path. */
  String url(String path) {
    return "http://127.0.0.1:" + connector.getLocalPort() + path;
  }

  /** Responses with status 200 so far. */
  int full() {
    return full.get();
  }

  /** Responses with status 304 so far. */
  int validated() {
    return validated.get();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the origin does not stop", e);
    }
  }
}
