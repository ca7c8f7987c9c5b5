package dev.thermae.http.proxy;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signed envelopes by name, those used last, up to a number of bytes: a signature costs more than
 * the rest of an answer. Thread-safe.
 */
final class SignedCode {
  private final long maximumBytes;
  private final Map<String, byte[]> envelopes = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;

  SignedCode(long maximumBytes) {
    this.maximumBytes = maximumBytes;
  }

  synchronized byte @Nullable [] find(String name) {
    return envelopes.get(name);
  }

  /** One that is larger than all may be together is not kept. */
  synchronized void put(String name, byte[] envelope) {
    if (envelope.length > maximumBytes) {
      return;
    }
    byte[] old = envelopes.put(name, envelope);
    bytes += envelope.length - (old == null ? 0 : old.length);
    Iterator<byte[]> eldest = envelopes.values().iterator();
    while (bytes > maximumBytes) {
      bytes -= eldest.next().length;
      eldest.remove();
    }
  }

  synchronized long bytes() {
    return bytes;
  }
}
