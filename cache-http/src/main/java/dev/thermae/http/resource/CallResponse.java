package dev.thermae.http.resource;

import dev.thermae.store.EntryHead;
import dev.thermae.store.StoredEntry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/** Makes responses as users of OkHttp expect them. */
final class CallResponse {
  private CallResponse() {}

  /** A stored response; {@code network} is what the origin said of it, if it was asked. */
  static Response fromStore(Fetched fetched, Request request, @Nullable Response network)
      throws IOException {
    Metadata metadata = fetched.metadata();
    long age = Math.max(0, fetched.age() / 1000);
    boolean aged = age > 0 || fetched.outcome() != Fetched.Outcome.REVALIDATED;
    HeaderList headers = metadata.headers();
    Response.Builder builder =
        new Response.Builder()
            .request(tagged(request, fetched))
            .protocol(network == null ? Protocol.HTTP_1_1 : network.protocol())
            .code(metadata.status())
            .message(metadata.reason())
            .headers(
                OkHttpTransport.headers(aged ? headers.with("Age", Long.toString(age)) : headers));
    StoredEntry entry = fetched.entry();
    if (entry != null) {
      EntryHead head = entry.head();
      builder.sentRequestAtMillis(head.requestTime());
      builder.receivedResponseAtMillis(head.responseTime());
    }
    Response stored = builder.build();
    boolean bodiless = request.method().equals("HEAD");
    return builder
        .cacheResponse(stored)
        .networkResponse(network == null ? null : network.networkResponse())
        .priorResponse(network == null ? null : network.priorResponse())
        .body(body(bodiless ? new byte[0] : fetched.body(), headers.first("Content-Type")))
        .build();
  }

  /** The request as its owner made it, unless others follow it up. */
  private static Request asked(Request request, Response network) {
    return network.priorResponse() == null ? request : network.request();
  }

  /** What the origin answered, left open. */
  static Response open(Response network, Request request) {
    return network.newBuilder().request(asked(request, network)).build();
  }

  /** What the origin answered, read to its end. */
  static Response fromNetwork(Fetched fetched, Request request, Response network)
      throws IOException {
    return network
        .newBuilder()
        .request(tagged(asked(request, network), fetched))
        .body(body(fetched.body(), network.header("Content-Type")))
        .build();
  }

  private static Request tagged(Request request, Fetched fetched) {
    return fetched.entry() == null
        ? request
        : request.newBuilder().tag(Fetched.class, fetched).build();
  }

  static Request untagged(Request request) {
    return request.tag(Fetched.class) == null
        ? request
        : request.newBuilder().tag(Fetched.class, null).build();
  }

  private static ResponseBody body(byte[] bytes, @Nullable String type) {
    return ResponseBody.create(
        Okio.buffer(Okio.source(new ByteArrayInputStream(bytes))),
        type == null ? null : MediaType.parse(type),
        bytes.length);
  }

  /** RFC 9111 section 5.2.1.7. */
  static Response unsatisfiable(Request request) {
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(504)
        .message("Unsatisfiable Request (only-if-cached)")
        .header("Cache-Status", CallStatus.UNSATISFIABLE)
        .body(ResponseBody.EMPTY)
        .build();
  }
}
