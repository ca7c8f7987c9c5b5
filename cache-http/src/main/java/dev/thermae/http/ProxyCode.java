package dev.thermae.http;

import dev.thermae.CodeCache;
import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.code.WireCode;
import dev.thermae.engine.Engine;
import dev.thermae.http.resource.NearTier;
import dev.thermae.store.EntryHead;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Code that came from a proxy: verified once against the public keys, then sealed by the store it
 * is kept in. Used by one thread.
 */
final class ProxyCode implements NearTier.NearCode {
  private final ProxyClient client;
  private final CodeCache cache;
  private final Engine<?> engine;
  private final Fingerprint fingerprint;
  private final Seal seal;
  private final byte[] envelope;
  private @Nullable CodeKey key;
  private byte @Nullable [] payload;

  ProxyCode(
      ProxyClient client,
      CodeCache cache,
      Engine<?> engine,
      Fingerprint fingerprint,
      Seal seal,
      byte[] envelope) {
    this.client = client;
    this.cache = cache;
    this.engine = engine;
    this.fingerprint = fingerprint;
    this.seal = seal;
    this.envelope = envelope;
  }

  @Override
  public boolean isOf(@Nullable Source source) {
    if (source == null) {
      refused("a body that cannot be decoded", Rejection.SOURCE, "");
      return false;
    }
    CodeKey plain = new CodeKey("", source, Shape.SCRIPT, fingerprint);
    CodeKey expected = engine.bakesName() ? plain.named() : plain;
    SealedFile file = WireCode.open(envelope, expected, seal);
    Rejection rejection = file.rejection();
    if (rejection != null) {
      refused(source.name(), rejection, file.detail());
      return false;
    }
    client.believed();
    key = expected;
    payload = file.section(CodeKey.PAYLOAD);
    return true;
  }

  private void refused(String name, Rejection rejection, String detail) {
    client.refused(rejection, envelope);
    cache.counters().onRejected("code of " + name + " from the proxy", rejection, detail);
  }

  @Override
  public void attach(StoredEntry entry) throws IOException {
    CodeKey verified = key;
    byte[] code = payload;
    if (verified == null
        || code == null
        || !cache.keeps(engine, verified.source().bytes().length)) {
      return;
    }
    EntryHead head = entry.head();
    byte[] local = verified.seal(cache.store().seal(), head.keyHash(), head.generation(), code);
    entry.attach(StoredEntry.slot(verified), local);
    cache.counters().onAttached(head.key(), local.length);
    client.attached();
  }
}
