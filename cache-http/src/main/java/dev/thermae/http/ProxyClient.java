package dev.thermae.http;

import dev.failsafe.CircuitBreaker;
import dev.thermae.CodeCache;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.engine.Engine;
import dev.thermae.http.resource.HeaderList;
import dev.thermae.http.resource.NearTier;
import dev.thermae.http.wire.CodeContainer;
import dev.thermae.http.wire.MalformedContainerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Asks a proxy for a source with code of it, in one round trip, and judges what it says.
 * Thread-safe.
 */
final class ProxyClient implements NearTier {
  private static final int FAILURES = 3;

  private final ProxyTier tier;
  private final ProxyTier.Builder settings;
  private final CodeCache cache;
  private final Engine<?> engine;
  private final Seal seal;
  private final OkHttpClient client;
  private final CircuitBreaker<Object> circuit;

  ProxyClient(ProxyTier tier, CodeCache cache, Engine<?> engine) {
    this.tier = tier;
    this.settings = tier.settings();
    this.cache = cache;
    this.engine = engine;
    this.seal = Seal.verifying(settings.keys);
    OkHttpClient.Builder builder =
        settings.client == null ? new OkHttpClient.Builder() : settings.client.get().newBuilder();
    this.client =
        builder
            .cache(null)
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(settings.timeout.toMillis(), TimeUnit.MILLISECONDS)
            .readTimeout(settings.timeout.toMillis(), TimeUnit.MILLISECONDS)
            .callTimeout(settings.limit.toMillis(), TimeUnit.MILLISECONDS)
            .build();
    this.circuit =
        CircuitBreaker.builder().withFailureThreshold(FAILURES).withDelay(settings.pause).build();
  }

  @Override
  public @Nullable Near get(String url, HeaderList fields) throws IOException {
    String target = target(url);
    if (target == null) {
      return null;
    }
    if (!circuit.tryAcquirePermit()) {
      tier.failed(ProxyFault.CIRCUIT_OPEN);
      return null;
    }
    tier.asked();
    try {
      return ask(url, target, fields);
    } catch (ProxyFaultException e) {
      failed(url, e.fault(), e);
    } catch (InterruptedIOException e) {
      if (Thread.currentThread().isInterrupted()) {
        circuit.recordFailure();
        throw e;
      }
      failed(url, ProxyFault.TIMEOUT, e);
    } catch (IOException e) {
      failed(url, ProxyFault.UNREACHABLE, e);
    } catch (RuntimeException e) {
      failed(url, ProxyFault.UNREACHABLE, new IOException(e));
    }
    return null;
  }

  /** Where the proxy has a URL; null where it is not the proxy's. */
  private @Nullable String target(String url) {
    String origin = settings.origin;
    if (origin != null) {
      boolean ours = url.startsWith(origin) && url.startsWith("/", origin.length());
      return ours ? settings.proxy + url.substring(origin.length()) : null;
    }
    int scheme = url.indexOf("://");
    int path = scheme < 0 ? -1 : url.indexOf('/', scheme + 3);
    if (path < 0) {
      return null;
    }
    // A path has no brackets (RFC 3986 section 3.3): those of an IPv6 address go encoded.
    String authority = url.substring(scheme + 3, path).replace("[", "%5B").replace("]", "%5D");
    String root = settings.proxy + "/fetch/" + url.substring(0, scheme) + '/' + authority;
    return root + url.substring(path);
  }

  private @Nullable Near ask(String url, String target, HeaderList fields) throws IOException {
    Fingerprint fingerprint = cache.fingerprint(engine);
    Headers.Builder sent = new Headers.Builder();
    for (int i = 0; i < fields.size(); i++) {
      if (!fields.name(i).equalsIgnoreCase("Accept")) {
        sent.addUnsafeNonAscii(fields.name(i), fields.value(i));
      }
    }
    sent.addUnsafeNonAscii("Accept", accept(fingerprint, fields));
    Request request = new Request.Builder().url(target).headers(sent.build()).build();
    try (Response response = client.newCall(request).execute()) {
      long arrived = cache.time().millis();
      if (response.header("Via") == null) {
        return notForwarded(url, "answered " + response.code() + " by itself", response.code());
      }
      if (response.code() == 404 && settings.origin == null) {
        // A proxy that allows no origin takes /fetch/ for a path of its own one.
        return notForwarded(url, "does not know /fetch/, or the origin answered 404", 404);
      }
      byte[] body = read(response);
      return CodeContainer.MEDIA_TYPE.equals(response.header("Content-Type"))
          ? code(url, response, arrived, body, fingerprint)
          : source(response, arrived, body);
    }
  }

  /** Who has no key believes no code, and so asks for none. */
  private String accept(Fingerprint fingerprint, HeaderList fields) {
    String others = String.join(", ", fields.all("Accept"));
    if (fingerprint.parts().isEmpty() || settings.keys.ids().isEmpty()) {
      return others.isEmpty() ? "*/*" : others;
    }
    String named = engine.bakesName() ? ";named=1" : "";
    String code = CodeContainer.MEDIA_TYPE + ";fp=" + fingerprint + named + ";source=1";
    return code + ", " + (others.isEmpty() ? "*/*;q=0.1" : others);
  }

  /** What the proxy will not fetch is no failure of the proxy; what it cannot, is. */
  private @Nullable Near notForwarded(String url, String said, int status)
      throws ProxyFaultException {
    if (status >= 500) {
      throw new ProxyFaultException(ProxyFault.NOT_FORWARDED, said);
    }
    circuit.recordSuccess();
    tier.failed(ProxyFault.NOT_FORWARDED);
    cache.counters().onFault("proxy for " + url, new IOException(said));
    return null;
  }

  private byte[] read(Response response) throws IOException {
    if (response.code() == 304 || response.code() == 204) {
      return new byte[0];
    }
    long announced = response.body().contentLength();
    if (announced > settings.maximumBytes) {
      throw new ProxyFaultException(ProxyFault.TOO_LONG, announced + " bytes");
    }
    try (InputStream stream = response.body().byteStream()) {
      byte[] bytes = stream.readNBytes((int) settings.maximumBytes + 1);
      if (bytes.length > settings.maximumBytes) {
        throw new ProxyFaultException(ProxyFault.TOO_LONG, "more bytes than announced");
      }
      return bytes;
    }
  }

  private Near source(Response response, long arrived, byte[] body) {
    circuit.recordSuccess();
    tier.answered(false);
    HeaderList headers = withoutOurs(list(response.headers()));
    String protocol = response.protocol().toString();
    return new Near(response.code(), response.message(), headers, protocol, arrived, body, null);
  }

  private Near code(
      String url, Response response, long arrived, byte[] body, Fingerprint fingerprint)
      throws IOException {
    CodeContainer container;
    try {
      container = CodeContainer.decode(body);
    } catch (MalformedContainerException e) {
      throw new ProxyFaultException(ProxyFault.MALFORMED, String.valueOf(e.getMessage()));
    }
    byte[] source = container.source();
    if (response.code() != 200 || source == null) {
      throw new ProxyFaultException(ProxyFault.MALFORMED, "a container without a source");
    }
    if (!container.url().equals(url)) {
      throw new ProxyFaultException(ProxyFault.WRONG_URL, "about " + container.url());
    }
    String age = response.header("Age");
    HeaderList headers = container.headers().without("Age");
    return new Near(
        container.status(),
        container.reason(),
        age == null ? headers : headers.with("Age", age),
        response.protocol().toString(),
        arrived,
        source,
        new ProxyCode(this, cache, engine, fingerprint, seal, container.envelope()));
  }

  /**
   * A proxy says that its answer varies by what it was asked for code; that is not the origin's.
   */
  static HeaderList withoutOurs(HeaderList headers) {
    HeaderList kept = headers.without("Vary").without("Cache-Status");
    boolean removed = false;
    for (String value : headers.all("Vary")) {
      for (String member : value.split(",", -1)) {
        String name = member.trim();
        if (!removed && name.equalsIgnoreCase("Accept")) {
          removed = true;
        } else if (!name.isEmpty()) {
          kept = kept.with("Vary", name);
        }
      }
    }
    return kept;
  }

  private static HeaderList list(Headers headers) {
    String[] lines = new String[2 * headers.size()];
    for (int i = 0; i < headers.size(); i++) {
      lines[2 * i] = headers.name(i);
      lines[2 * i + 1] = headers.value(i);
    }
    return HeaderList.of(lines);
  }

  /** Code that was believed. */
  void believed() {
    circuit.recordSuccess();
    tier.answered(true);
  }

  /** Code that was not; who has the wrong public key is told so once. */
  void refused(Rejection why, byte[] envelope) {
    circuit.recordFailure();
    boolean strange = why == Rejection.KEY || why == Rejection.SEAL;
    tier.failed(strange ? ProxyFault.KEY : ProxyFault.CODE);
    if (strange && tier.tellsOfKey()) {
      cache.counters().onWarning(StrangeKey.words(settings.proxy, settings.keys.ids(), envelope));
    }
  }

  void attached() {
    tier.attached();
  }

  /** Whoever answers about another place, where a redirect led perhaps, is not away. */
  private void failed(String url, ProxyFault fault, IOException cause) {
    if (fault == ProxyFault.WRONG_URL) {
      circuit.recordSuccess();
    } else {
      circuit.recordFailure();
    }
    tier.failed(fault);
    cache.counters().onFault("proxy for " + url, cause);
  }

  @Override
  public void close() {
    if (settings.client == null) {
      client.dispatcher().executorService().shutdown();
      client.connectionPool().evictAll();
    }
  }
}
