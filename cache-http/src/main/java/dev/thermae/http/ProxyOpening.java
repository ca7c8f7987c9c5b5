package dev.thermae.http;

import dev.thermae.CodeCache;
import dev.thermae.engine.Engine;
import dev.thermae.http.resource.NearTier;
import java.util.function.Supplier;

/** Makes a proxy's client when the first request goes out, and not for what is found on disk. */
record ProxyOpening(ProxyTier tier, CodeCache cache, Engine<?> engine)
    implements Supplier<NearTier> {
  @Override
  public NearTier get() {
    return new ProxyClient(tier, cache, engine);
  }
}
