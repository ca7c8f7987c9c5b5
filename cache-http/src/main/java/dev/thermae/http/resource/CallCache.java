package dev.thermae.http.resource;

import dev.thermae.event.Counters;
import java.io.IOException;
import java.util.Set;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Answers one hop of an OkHttp call, through a loader where that is allowed. Thread-safe. */
final class CallCache {
  /** RFC 9110 section 9.2.1, QUERY, and the WebDAV methods that only read. */
  private static final Set<String> SAFE =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "QUERY", "PROPFIND", "REPORT", "SEARCH");

  private final ResourceLoader loader;
  private final Counters counters;
  private final ChainTransport.Limits limits;

  CallCache(ResourceLoaderBuilder settings) {
    this.counters = settings.counters == null ? new Counters(null) : settings.counters;
    this.loader = settings.counters(counters).build();
    this.limits = new ChainTransport.Limits(settings.rules(), settings.time, settings.maximumBytes);
  }

  /** The request may be one that a response of ours has handed out. */
  Response answer(Interceptor.Chain chain, Request given) throws IOException {
    Request request = CallResponse.untagged(given);
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    if (request.header("Upgrade") != null) {
      return chain.proceed(request);
    } else if (!reads) {
      return forward(chain, request);
    }
    HeaderList wire = CallFields.wire(chain, request);
    return CallFields.goesPast(request) ? pass(chain, request, wire) : fetch(chain, request, wire);
  }

  private Response forward(Interceptor.Chain chain, Request request) throws IOException {
    Response response = chain.proceed(request);
    for (Response hop = response; hop != null; hop = hop.priorResponse()) {
      boolean done = hop.code() >= 200 && hop.code() < 400;
      if (done && !SAFE.contains(hop.request().method())) {
        invalidate(hop);
      }
    }
    return CallStatus.add(response, CallStatus.forwarded("method", response));
  }

  /** RFC 9111 section 4.4; a store that fails must not keep the answer from the caller. */
  private void invalidate(Response response) {
    HttpUrl url = response.request().url();
    forget(url);
    for (String field : new String[] {"Location", "Content-Location"}) {
      String reference = response.header(field);
      HttpUrl other = reference == null ? null : url.resolve(reference);
      if (other != null && Redirects.isSameOrigin(url, other)) {
        forget(other);
      }
    }
  }

  private void forget(HttpUrl url) {
    try {
      invalidate(UrlParser.text(url));
    } catch (IOException e) {
      counters.onFault("head of " + url, e);
    }
  }

  void invalidate(String url) throws IOException {
    loader.invalidate(url);
  }

  private static Response pass(Interceptor.Chain chain, Request request, HeaderList wire)
      throws IOException {
    if (CacheControl.ofRequest(wire).is(CacheControl.ONLY_IF_CACHED)) {
      return unsatisfiable(chain, request);
    }
    Response response = chain.proceed(request);
    return CallStatus.add(response, CallStatus.forwarded("bypass", response));
  }

  private Response fetch(Interceptor.Chain chain, Request request, HeaderList wire)
      throws IOException {
    ChainTransport transport = new ChainTransport(chain, request, wire, limits);
    boolean head = request.method().equals("HEAD");
    ResourceRequest asked = ResourceRequest.of(UrlParser.text(request.url()), wire);
    try {
      Fetched fetched =
          loader.fetch(
              head ? asked.withLazyBody().withoutRedirects() : asked.withoutRedirects(), transport);
      return deliver(chain, request, transport, fetched);
    } catch (FetchException e) {
      Response refused = transport.takeOpen();
      if (refused != null) {
        chain.getEventListener().cacheMiss(chain.call());
        Response open = CallResponse.open(refused, request);
        return CallFields.gunzip(request, CallStatus.add(open, CallStatus.missed(transport)));
      }
      throw e.getCause() instanceof IOException cause ? cause : e;
    } finally {
      transport.close();
    }
  }

  /** Hands out what the policy chose and tells the listener. */
  private Response deliver(
      Interceptor.Chain chain, Request request, ChainTransport transport, Fetched fetched)
      throws IOException {
    EventListener listener = chain.getEventListener();
    Response network = transport.response();
    if (fetched.entry() == null && network == null) {
      return unsatisfiable(chain, request);
    }
    boolean fromStore =
        switch (fetched.outcome()) {
          case FRESH, REVALIDATED, STALE -> true;
          case STORED, KEPT, PASSED -> false;
        };
    if (!fromStore && network != null) {
      if (transport.isTooLong()) {
        forget(request.url());
      }
      listener.cacheMiss(chain.call());
      Response open = transport.takeOpen();
      Response received =
          open == null
              ? CallResponse.fromNetwork(fetched, request, network)
              : CallResponse.open(open, request);
      return CallFields.gunzip(
          request, CallStatus.add(received, CallStatus.of(fetched, transport)));
    }
    Response response = CallResponse.fromStore(fetched, request, network);
    Response stored = response.cacheResponse();
    if (fetched.outcome() == Fetched.Outcome.REVALIDATED && stored != null) {
      listener.cacheConditionalHit(chain.call(), stored);
    }
    listener.cacheHit(chain.call(), response);
    return CallFields.gunzip(request, CallStatus.add(response, CallStatus.of(fetched, transport)));
  }

  private static Response unsatisfiable(Interceptor.Chain chain, Request request) {
    Response response = CallResponse.unsatisfiable(request);
    chain.getEventListener().satisfactionFailure(chain.call(), response);
    return response;
  }
}
