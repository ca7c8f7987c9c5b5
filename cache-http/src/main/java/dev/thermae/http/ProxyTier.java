package dev.thermae.http;

import dev.thermae.code.Ed25519PublicKeys;
import dev.thermae.http.resource.ResourceLoader;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * A proxy in front of the origins that a {@link CodeLoader} asks first, and that may answer with
 * code: what it is and how it is asked, and what it did. Thread-safe.
 *
 * <p>Code is believed when it is signed by one of the public keys and was compiled from the very
 * source, for the very engine. A proxy that is away, slow or lying is counted, see {@link
 * ProxyFault}, and the origin is asked instead; after three failures in a row it is left alone for
 * a while. Needs the library Failsafe.
 */
public final class ProxyTier {
  private static final String CIRCUIT = "dev/failsafe/CircuitBreaker.class";

  private final Builder settings;
  private final LongAdder asked = new LongAdder();
  private final LongAdder sources = new LongAdder();
  private final LongAdder codes = new LongAdder();
  private final LongAdder attached = new LongAdder();
  private final AtomicBoolean toldOfKey = new AtomicBoolean();
  private final AtomicLongArray faults = new AtomicLongArray(ProxyFault.values().length);

  private ProxyTier(Builder settings) {
    this.settings = settings;
  }

  /**
   * Settings for the proxy at {@code url}, a scheme, a host and perhaps a port.
   *
   * @param keys whose signatures are believed; with none the proxy is asked for sources alone
   * @throws IllegalArgumentException when it is no such URL
   */
  public static Builder builder(String url, Ed25519PublicKeys keys) {
    return new Builder(rootOf(url), keys);
  }

  private static String rootOf(String url) {
    String root = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    int authority = root.indexOf("://") + 3;
    boolean good =
        (root.startsWith("http://") || root.startsWith("https://"))
            && authority < root.length()
            && root.indexOf('/', authority) < 0
            && root.indexOf('?') < 0
            && root.indexOf('#') < 0
            && root.indexOf('@') < 0;
    if (!good) {
      throw new IllegalArgumentException("http:// or https://, a host and perhaps a port: " + url);
    }
    return root;
  }

  Builder settings() {
    return settings;
  }

  void asked() {
    asked.increment();
  }

  void answered(boolean withCode) {
    (withCode ? codes : sources).increment();
  }

  void attached() {
    attached.increment();
  }

  /** True once: a wrong key would tell of itself at every request. */
  boolean tellsOfKey() {
    return toldOfKey.compareAndSet(false, true);
  }

  @SuppressWarnings("EnumOrdinal") // the enum is append-only
  void failed(ProxyFault fault) {
    faults.incrementAndGet(fault.ordinal());
  }

  /** What it did so far; the figures are read one after the other. */
  public ProxyTierStats stats() {
    long[] counted = new long[faults.length()];
    for (int i = 0; i < counted.length; i++) {
      counted[i] = faults.get(i);
    }
    return new ProxyTierStats(asked.sum(), sources.sum(), codes.sum(), attached.sum(), counted);
  }

  /** Settings of a {@link ProxyTier}; not thread-safe. */
  public static final class Builder {
    final String proxy;
    final Ed25519PublicKeys keys;
    @Nullable String origin;
    Duration timeout = Duration.ofSeconds(4);
    Duration limit = Duration.ofSeconds(15);
    Duration pause = Duration.ofSeconds(5);
    long maximumBytes = 128L << 20;
    @Nullable Supplier<OkHttpClient> client;

    private Builder(String proxy, Ed25519PublicKeys keys) {
      this.proxy = proxy;
      this.keys = keys;
    }

    private Builder(Builder other) {
      proxy = other.proxy;
      keys = other.keys;
      origin = other.origin;
      timeout = other.timeout;
      limit = other.limit;
      pause = other.pause;
      maximumBytes = other.maximumBytes;
      client = other.client;
    }

    /**
     * The one origin that the proxy stands in front of: only its URLs are asked for there, by their
     * paths. Without it all URLs are, as {@code /fetch/<scheme>/<authority>/<path>}, which a proxy
     * has for the origins that it allows; what it answers with 404 then, the origin is asked for.
     */
    public Builder origin(String url) {
      origin = rootOf(url);
      return this;
    }

    /**
     * How long the proxy may take to take a connection, and be silent; 4 s unless set, which is 2 s
     * more than a proxy waits for its compiler by default.
     */
    public Builder timeout(Duration silence) {
      timeout = silence;
      return this;
    }

    /** How long an answer may take in all; 15 s unless set. */
    public Builder limit(Duration whole) {
      limit = whole;
      return this;
    }

    /** How long the proxy is left alone after three failures in a row; 5 s unless set. */
    public Builder pause(Duration length) {
      pause = length;
      return this;
    }

    /** Bytes that an answer may have, source and code together; 128 MiB unless set. */
    public Builder maximumBytes(long bytes) {
      maximumBytes = Math.min(bytes, Integer.MAX_VALUE - 16);
      return this;
    }

    /**
     * Who makes the HTTP client; its own cache and redirects are switched off, and the time-outs
     * are those set here. It stays the caller's to close.
     */
    public Builder okHttpClient(Supplier<OkHttpClient> supplier) {
      client = supplier;
      return this;
    }

    /**
     * The tier; nothing is opened before {@link ResourceLoader} needs it.
     *
     * @throws IllegalStateException without the library {@code dev.failsafe:failsafe}, which is
     *     needed then, and which this library does not bring along
     */
    public ProxyTier build() {
      if (ProxyTier.class.getClassLoader().getResource(CIRCUIT) == null) { // loads no class
        throw new IllegalStateException(
            "a loader that asks a proxy needs dev.failsafe:failsafe on the class path");
      }
      return new ProxyTier(new Builder(this));
    }
  }
}
