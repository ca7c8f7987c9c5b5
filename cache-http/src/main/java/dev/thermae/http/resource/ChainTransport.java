package dev.thermae.http.resource;

import dev.thermae.event.TimeSource;
import java.io.IOException;
import java.util.Locale;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Goes out as the rest of an OkHttp call. An answer that will not be stored is left open, for
 * whoever made the call to read. One call's own.
 */
final class ChainTransport implements Transport {
  /**
   * What is stored.
   *
   * @param rules kind of cache
   * @param time when answers arrive
   * @param bytes that a body may have
   */
  record Limits(Rules rules, TimeSource time, long bytes) {}

  private final Interceptor.Chain chain;
  private final Request request;
  private final HeaderList plain;
  private final CacheControl control;
  private final Limits limits;
  private @Nullable Response response;
  private boolean isOpen;
  private boolean isTooLong;
  private boolean isConditional;

  ChainTransport(Interceptor.Chain chain, Request request, HeaderList plain, Limits limits) {
    this.chain = chain;
    this.request = request;
    this.plain = plain;
    this.control = CacheControl.ofRequest(plain);
    this.limits = limits;
  }

  @Override
  public Answer send(String method, String url, HeaderList fields, long streamFrom)
      throws IOException {
    close();
    isConditional |= fields.size() > plain.size();
    Response received = proceed(url, fields);
    if (received.code() == 304 && fields.size() > plain.size() && hasMoved(received)) {
      received.close(); // says nothing of this URL, but of one that it redirects to
      received = proceed(url, plain);
    }
    response = received;
    isOpen = true;
    long arrived = limits.time.millis();
    Response network = received.networkResponse();
    HeaderList sent =
        OkHttpTransport.list((network == null ? received : network).request().headers());
    Metadata metadata =
        new Metadata(received.code(), received.message(), OkHttpTransport.list(received.headers()));
    byte[] body = null;
    if (received.code() == 304 && fields.size() > plain.size()) {
      body = new byte[0];
    } else if (isStorable(received, metadata, sent, arrived)) {
      body = readWhole(url, received);
    }
    if (body != null) {
      close();
    }
    String protocol = received.protocol().toString();
    return new Answer(
        metadata, protocol, sent, arrived, body == null ? new byte[0] : body, body != null);
  }

  private Response proceed(String url, HeaderList fields) throws IOException {
    try {
      return chain.proceed(CallFields.with(request, fields));
    } catch (IOException e) {
      throw meant(url, e);
    }
  }

  /** A call that its owner gave up is no network that failed: nothing stands in for it. */
  private IOException meant(String url, IOException failure) {
    return chain.call().isCanceled() ? FetchException.failed(url, failure) : failure;
  }

  /** Whether OkHttp followed a redirect, so that this answers for another URL. */
  private static boolean hasMoved(Response received) {
    Response prior = received.priorResponse();
    while (prior != null && prior.code() / 100 != 3) {
      prior = prior.priorResponse();
    }
    return prior != null;
  }

  /** Decided from the head: what will not be stored is not read here. */
  private boolean isStorable(Response received, Metadata metadata, HeaderList sent, long arrived) {
    String type = received.header("Content-Type");
    boolean endless = type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    if (endless || hasMoved(received) || !request.method().equals("GET")) {
      return false;
    }
    Metadata kept = Heads.kept(metadata);
    long lifetime = Freshness.lifetime(kept, arrived, limits.rules);
    return Variants.names(kept.headers()) != null
        && Storability.judge(control, sent, kept, lifetime, limits.rules) == Storability.STORE;
  }

  /** All of the body, or null where it is too long, which leaves it readable. */
  private byte @Nullable [] readWhole(String url, Response received) throws IOException {
    long limit = Math.min(limits.bytes, OkHttpTransport.LONGEST_ARRAY);
    long announced = received.body().contentLength();
    try {
      OkHttpTransport.checkLengths(received);
      BufferedSource source = received.body().source();
      isTooLong = announced > limit || source.request(limit + 1);
      if (isTooLong) {
        return null;
      }
      byte[] bytes = source.readByteArray();
      OkHttpTransport.checkWhole(bytes, announced);
      return bytes;
    } catch (IOException e) {
      close();
      throw meant(url, e);
    }
  }

  /** The last answer, open or not; null when none was asked for or none came. */
  @Nullable Response response() {
    return response;
  }

  /** The last answer where it was left open; the caller closes it. */
  @Nullable Response takeOpen() {
    Response taken = isOpen ? response : null;
    isOpen = false;
    return taken;
  }

  /** Whether the last answer was not stored because of its length. */
  boolean isTooLong() {
    return isTooLong;
  }

  /** Why the origin was asked, in the words of RFC 9211 section 2.2. */
  String reason() {
    if (!isConditional) {
      return "miss";
    }
    return control.is(CacheControl.NO_CACHE) || control.maxAge() == 0 ? "request" : "stale";
  }

  @Override
  public void close() {
    if (isOpen && response != null) {
      response.close();
    }
    isOpen = false;
  }
}
