package dev.thermae.http.proxy;

import dev.thermae.http.resource.HeaderList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.Supplier;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Forwards what a cache does not answer, and streams the answer back. Thread-safe. */
final class PassThrough implements AutoCloseable {
  private static final Set<String> ALWAYS_WITH_BODY =
      Set.of("POST", "PUT", "PATCH", "PROPPATCH", "REPORT", "QUERY");
  private static final int CHUNK = 32 * 1024;

  private final Supplier<OkHttpClient> supplier;
  private final String name;
  private final long maximumBytes;
  private @Nullable OkHttpClient client;

  PassThrough(Supplier<OkHttpClient> supplier, String name, long maximumBytes) {
    this.supplier = supplier;
    this.name = name;
    this.maximumBytes = maximumBytes;
  }

  /** The request's body is longer than allowed. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1;

    TooLongException(long limit) {
      super("the body exceeds " + limit + " bytes");
    }
  }

  /** The client's connection failed while its body was read. */
  static final class ClientException extends IOException {
    private static final long serialVersionUID = 1;

    ClientException(IOException cause) {
      super(cause);
    }
  }

  /** Told before anything of the answer is sent on. */
  interface Observer {
    /** The origin answered. */
    void answered(int status, HeaderList headers);
  }

  /**
   * To be asked before the body is read.
   *
   * @throws TooLongException when its announced length exceeds the limit
   */
  void check(Request request) throws TooLongException {
    if (request.getLength() > maximumBytes) {
      throw new TooLongException(maximumBytes);
    }
  }

  /**
   * Sends the request and streams the answer. Once {@code callback} was called nothing is thrown.
   *
   * @throws TooLongException when the request's body exceeds the limit
   * @throws ClientException when the request's body could not be read
   * @throws IOException when the origin did not answer
   */
  void forward(
      Request request,
      BodyStart start,
      String url,
      Response response,
      Callback callback,
      Observer observer)
      throws IOException {
    okhttp3.Request outbound =
        new okhttp3.Request.Builder()
            .url(url)
            .headers(headers(RequestFields.other(request.getHeaders(), name)))
            .method(request.getMethod(), body(request, start))
            .build();
    try (okhttp3.Response answer = client().newCall(outbound).execute()) {
      HeaderList fields = list(answer.headers());
      observer.answered(answer.code(), fields);
      response.setStatus(answer.code());
      Reply.fields(response, fields, name, CacheStatus.method(name, answer.code()));
      stream(answer, response, callback);
    }
  }

  private static void stream(okhttp3.Response answer, Response response, Callback callback) {
    try (InputStream in = answer.body().byteStream()) {
      long announced = answer.body().contentLength();
      if (announced >= 0 && answer.code() != 204 && answer.code() != 304) {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, announced);
      }
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        Content.Sink.write(response, false, ByteBuffer.wrap(chunk, 0, n));
      }
    } catch (IOException | RuntimeException e) {
      callback.failed(e); // what was cut short must not look whole
      return;
    }
    response.write(true, null, callback);
  }

  private @Nullable RequestBody body(Request request, BodyStart start) throws IOException {
    byte[] bytes;
    try {
      bytes = start.bytes();
    } catch (IOException e) {
      throw new ClientException(e);
    }
    boolean whole = start.isWhole();
    if (whole && bytes.length == 0 && !ALWAYS_WITH_BODY.contains(request.getMethod())) {
      return null;
    }
    return new Relay(start.rest(), bytes, whole ? bytes.length : request.getLength());
  }

  /** -1 at the end. */
  private static int read(InputStream in, byte[] into) throws ClientException {
    try {
      return in.read(into);
    } catch (IOException e) {
      throw new ClientException(e);
    }
  }

  /**
   * A body on its way. What fits into the start was read before the origin hears of the request, so
   * that it never hears of those that are malformed there. Never sent twice, so that no request is
   * repeated behind anybody's back.
   */
  private final class Relay extends RequestBody {
    private final InputStream rest;
    private final byte[] start;
    private final long length;

    Relay(InputStream rest, byte[] start, long length) {
      this.rest = rest;
      this.start = start;
      this.length = length;
    }

    @Override
    public @Nullable MediaType contentType() {
      return null; // among the fields as the client wrote it
    }

    @Override
    public long contentLength() {
      return length;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(start);
      if (length == start.length) {
        return;
      }
      long sent = start.length;
      byte[] chunk = new byte[CHUNK];
      for (int n = read(rest, chunk); n >= 0; n = read(rest, chunk)) {
        sent += n;
        if (sent > maximumBytes) {
          throw new TooLongException(maximumBytes);
        }
        sink.write(chunk, 0, n);
      }
    }
  }

  private static Headers headers(HeaderList fields) {
    Headers.Builder headers = new Headers.Builder();
    for (int i = 0; i < fields.size(); i++) {
      headers.addUnsafeNonAscii(fields.name(i), fields.value(i));
    }
    return headers.build();
  }

  private static HeaderList list(Headers headers) {
    String[] lines = new String[2 * headers.size()];
    for (int i = 0; i < headers.size(); i++) {
      lines[2 * i] = headers.name(i);
      lines[2 * i + 1] = headers.value(i);
    }
    return HeaderList.of(lines);
  }

  private synchronized OkHttpClient client() {
    OkHttpClient known = client;
    if (known == null) {
      known =
          supplier
              .get()
              .newBuilder()
              .cache(null)
              .followRedirects(false)
              .followSslRedirects(false)
              .build();
      client = known;
    }
    return known;
  }

  /** Closes idle connections. */
  @Override
  public synchronized void close() {
    if (client != null) {
      client.connectionPool().evictAll();
    }
  }
}
