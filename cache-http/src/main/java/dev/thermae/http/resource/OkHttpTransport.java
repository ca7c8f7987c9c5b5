package dev.thermae.http.resource;

import dev.thermae.event.TimeSource;
import java.io.IOException;
import java.io.InputStream;
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
import org.jspecify.annotations.Nullable;

/** Goes out through OkHttp, with its cache and its redirects off. */
final class OkHttpTransport implements Transport {
  private static final long OUR_TIMEOUT_MILLIS = 60_000;
  static final int LONGEST_ARRAY = Integer.MAX_VALUE - 16;

  /** Of what is not streamed where something could be, such as a long 404. */
  private static final long HELD_AT_MOST = 64L << 20;

  private final OkHttpClient client;
  private final OkHttpClient unlimited;
  private final boolean isOurs;
  private final TimeSource time;
  private final long maximumBytes;

  /** {@code timeoutMillis} is negative when nobody set it. */
  OkHttpTransport(
      @Nullable Supplier<OkHttpClient> supplier,
      long timeoutMillis,
      long maximumBytes,
      TimeSource time) {
    this.isOurs = supplier == null;
    this.time = time;
    this.maximumBytes = Math.min(maximumBytes, LONGEST_ARRAY);
    OkHttpClient.Builder builder =
        supplier == null ? new OkHttpClient.Builder() : supplier.get().newBuilder();
    builder.cache(null).followRedirects(false).followSslRedirects(false);
    if (timeoutMillis >= 0 || isOurs) {
      long limit = timeoutMillis >= 0 ? timeoutMillis : OUR_TIMEOUT_MILLIS;
      builder.callTimeout(limit, TimeUnit.MILLISECONDS);
    }
    this.client = builder.build();
    this.unlimited = builder.callTimeout(0, TimeUnit.MILLISECONDS).build();
  }

  @Override
  public Answer send(String method, String url, HeaderList fields, long streamFrom)
      throws IOException {
    Request request =
        new Request.Builder().url(url).headers(headers(fields)).method(method, null).build();
    if (streamFrom < Long.MAX_VALUE && method.equals("GET")) {
      return stream(url, request, Math.min(streamFrom, maximumBytes + 1));
    }
    try (Response response = client.newCall(request).execute()) {
      long arrived = time.millis();
      return answer(response, arrived, read(url, response, maximumBytes), null);
    }
  }

  private static Answer answer(
      Response response, long arrived, byte[] body, @Nullable Arriving arriving) {
    Response network = response.networkResponse();
    Headers sent = network == null ? response.request().headers() : network.request().headers();
    Metadata metadata = new Metadata(response.code(), response.message(), list(response.headers()));
    String protocol = response.protocol().toString();
    return new Answer(metadata, protocol, list(sent), arrived, body, true, null, arriving);
  }

  /** The time-out is for all that is held, and then for each piece of what is not. */
  private Answer stream(String url, Request request, long streamFrom) throws IOException {
    Call call = unlimited.newCall(request);
    long held = Math.min(maximumBytes, Math.max(streamFrom, HELD_AT_MOST));
    CallLimit limit = new CallLimit(call, client.callTimeoutMillis());
    return limit.within(
        () -> {
          Response response = call.execute();
          boolean open = false;
          try {
            long arrived = time.millis();
            open = isLong(response, streamFrom);
            ResponseBody body = response.body();
            return open
                ? answer(
                    response,
                    arrived,
                    new byte[0],
                    new Arriving(body.byteStream(), body.contentLength(), response, limit))
                : answer(response, arrived, read(url, response, held), null);
          } finally {
            if (!open) {
              response.close();
            }
          }
        });
  }

  /** Whether it is a 200 too long to be held. */
  private static boolean isLong(Response response, long streamFrom) throws IOException {
    if (response.code() != 200) {
      return false;
    }
    checkLengths(response);
    long announced = response.body().contentLength();
    return announced < 0 ? response.body().source().request(streamFrom) : announced >= streamFrom;
  }

  /** The whole body or an exception: what was cut short is not a body. */
  private static byte[] read(String url, Response response, long maximum) throws IOException {
    boolean head = response.request().method().equals("HEAD");
    if (head || response.code() == 304 || response.code() == 204) {
      return new byte[0];
    }
    checkLengths(response);
    ResponseBody body = response.body();
    long announced = body.contentLength();
    if (announced > maximum) {
      throw tooLong(url, response.code(), maximum);
    }
    try (InputStream stream = body.byteStream()) {
      byte[] bytes = stream.readNBytes((int) maximum + 1);
      if (bytes.length > maximum) {
        throw tooLong(url, response.code(), maximum);
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

  private static IOException tooLong(String url, int status, long maximum) {
    return FetchException.answered(url, status, "the body exceeds " + maximum + " bytes");
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
