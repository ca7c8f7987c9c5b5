package dev.thermae.http.resource;

import dev.thermae.event.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.AsyncTimeout;
import org.jspecify.annotations.Nullable;

/** Goes out through OkHttp, with its cache and its redirects off. */
final class OkHttpTransport implements Transport {
  private static final long OUR_TIMEOUT_MILLIS = 60_000;
  static final int LONGEST_ARRAY = Integer.MAX_VALUE - 16;

  private final OkHttpClient client;
  private final boolean isOurs;
  private final TimeSource time;
  private final long maximumBytes;
  private final long streamFrom;
  private final long limitMillis;

  /**
   * @param timeoutMillis negative when nobody set it
   * @param streamFrom bytes of a body from which on it is not held, but read as it arrives
   */
  OkHttpTransport(
      @Nullable Supplier<OkHttpClient> supplier,
      long timeoutMillis,
      long maximumBytes,
      long streamFrom,
      TimeSource time) {
    this.isOurs = supplier == null;
    this.time = time;
    this.maximumBytes = Math.min(maximumBytes, LONGEST_ARRAY);
    this.streamFrom = Math.min(streamFrom, this.maximumBytes);
    OkHttpClient.Builder builder =
        supplier == null ? new OkHttpClient.Builder() : supplier.get().newBuilder();
    builder.cache(null).followRedirects(false).followSslRedirects(false);
    if (timeoutMillis >= 0 || isOurs) {
      long limit = timeoutMillis >= 0 ? timeoutMillis : OUR_TIMEOUT_MILLIS;
      builder.callTimeout(limit, TimeUnit.MILLISECONDS);
    }
    OkHttpClient limited = builder.build();
    this.limitMillis = limited.callTimeoutMillis();
    this.client = isStreaming() ? builder.callTimeout(0, TimeUnit.MILLISECONDS).build() : limited;
  }

  private boolean isStreaming() {
    return streamFrom < maximumBytes;
  }

  @Override
  public Answer send(String method, String url, HeaderList fields) throws IOException {
    Request request =
        new Request.Builder().url(url).headers(headers(fields)).method(method, null).build();
    Call call = client.newCall(request);
    Limit limit = new Limit(call);
    if (isStreaming()) {
      limit.timeout(limitMillis, TimeUnit.MILLISECONDS);
    }
    limit.enter();
    Response response = null;
    boolean open = false;
    try {
      response = call.execute();
      Answer answer = answer(url, response);
      open = answer.arriving() != null;
      return answer;
    } catch (IOException e) {
      throw limit.exit() ? late(e) : e;
    } finally {
      limit.exit();
      if (response != null && !open) {
        response.close();
      }
    }
  }

  private static IOException late(IOException cause) {
    InterruptedIOException late = new InterruptedIOException("timeout");
    late.initCause(cause);
    return late;
  }

  /** Ends a call whose head, and body where that is held, is not there in time. */
  private static final class Limit extends AsyncTimeout {
    private final Call call;

    Limit(Call call) {
      this.call = call;
    }

    @Override
    protected void timedOut() {
      call.cancel();
    }
  }

  private Answer answer(String url, Response response) throws IOException {
    long arrived = time.millis();
    Response network = response.networkResponse();
    Headers sent = network == null ? response.request().headers() : network.request().headers();
    Metadata metadata = new Metadata(response.code(), response.message(), list(response.headers()));
    String protocol = response.protocol().toString();
    Arriving arriving = arriving(response);
    byte[] body = arriving == null ? read(url, response) : new byte[0];
    return new Answer(metadata, protocol, list(sent), arrived, body, true, null, arriving);
  }

  /** The body of a 200 that is too long to be held; null for all others. */
  private @Nullable Arriving arriving(Response response) throws IOException {
    if (!isStreaming() || response.code() != 200 || hasNoBody(response)) {
      return null;
    }
    checkLengths(response);
    ResponseBody body = response.body();
    long announced = body.contentLength();
    boolean isLong = announced < 0 ? body.source().request(streamFrom + 1) : announced > streamFrom;
    return isLong ? new Arriving(body.byteStream(), announced, response) : null;
  }

  private static boolean hasNoBody(Response response) {
    boolean head = response.request().method().equals("HEAD");
    return head || response.code() == 304 || response.code() == 204;
  }

  /** The whole body or an exception: what was cut short is not a body. */
  private byte[] read(String url, Response response) throws IOException {
    if (hasNoBody(response)) {
      return new byte[0];
    }
    checkLengths(response);
    ResponseBody body = response.body();
    long announced = body.contentLength();
    if (announced > maximumBytes) {
      throw tooLong(url, response.code());
    }
    try (InputStream stream = body.byteStream()) {
      byte[] bytes = stream.readNBytes((int) maximumBytes + 1);
      if (bytes.length > maximumBytes) {
        throw tooLong(url, response.code());
      }
      checkWhole(bytes, announced);
      return bytes;
    }
  }

  /** A body that is not as long as announced was cut short; a negative number announces nothing. */
  static void checkWhole(byte[] body, long announced) throws ProtocolException {
    if (announced >= 0 && announced != body.length) {
      throw new ProtocolException(
          "the body has " + body.length + " bytes, Content-Length says " + announced);
    }
  }

  /** RFC 9112 section 6.3: nobody knows where such a body ends. */
  static void checkLengths(Response response) throws ProtocolException {
    List<String> lengths = response.headers("Content-Length");
    for (String length : lengths) {
      if (!length.equals(lengths.get(0))) {
        throw new ProtocolException("contradictory Content-Length fields: " + lengths);
      }
    }
  }

  private IOException tooLong(String url, int status) {
    return FetchException.answered(url, status, "the body exceeds " + maximumBytes + " bytes");
  }

  static Headers headers(HeaderList fields) {
    Headers.Builder headers = new Headers.Builder();
    for (int i = 0; i < fields.size(); i++) {
      headers.addUnsafeNonAscii(fields.name(i), fields.value(i));
    }
    return headers.build();
  }

  static HeaderList list(Headers headers) {
    String[] namesAndValues = new String[2 * headers.size()];
    for (int i = 0; i < headers.size(); i++) {
      namesAndValues[2 * i] = headers.name(i);
      namesAndValues[2 * i + 1] = headers.value(i);
    }
    return HeaderList.of(namesAndValues);
  }

  @Override
  public void close() {
    if (isOurs) {
      client.dispatcher().executorService().shutdown();
      client.connectionPool().evictAll();
    }
  }
}
