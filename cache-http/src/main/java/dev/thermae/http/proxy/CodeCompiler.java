package dev.thermae.http.proxy;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import java.util.Map;

/**
 * Who compiles for a proxy: sources come from anywhere, so implementations keep a hostile one from
 * harming the process that asks. Thread-safe.
 */
public interface CodeCompiler extends AutoCloseable {
  /** Fingerprints that code can be made for, each with its engine's name. */
  Map<Fingerprint, String> producible();

  /**
   * The engine's serialized unit; blocks for at most the time set when it was built. Never executes
   * the source.
   *
   * @throws CompileRefusedException when there is none, with the reason
   */
  byte[] compile(Fingerprint fingerprint, Source source, Shape shape)
      throws CompileRefusedException;

  @Override
  void close();
}
