package dev.thermae.http.testing;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.engine.RestoreException;
import dev.thermae.http.proxy.CodeCompiler;
import dev.thermae.http.proxy.CompileRefusedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Compiles in this process, which a proxy for hostile sources must not; it counts. */
public final class EngineCompiler implements CodeCompiler {
  /** Compiles that were asked for. */
  public final AtomicInteger compiles = new AtomicInteger();

  /** What a compile waits for. */
  public volatile CountDownLatch gate = new CountDownLatch(0);

  private final Map<Fingerprint, Engine<?>> engines = new LinkedHashMap<>();

  public EngineCompiler(List<? extends Engine<?>> given) {
    for (Engine<?> engine : given) {
      engines.put(EngineFingerprint.compute(engine), engine);
    }
  }

  @Override
  public Map<Fingerprint, String> producible() {
    Map<Fingerprint, String> all = new LinkedHashMap<>();
    engines.forEach((fingerprint, engine) -> all.put(fingerprint, engine.id()));
    return all;
  }

  @Override
  public byte[] compile(Fingerprint fingerprint, Source source, Shape shape)
      throws CompileRefusedException {
    compiles.incrementAndGet();
    Engine<?> engine = engines.get(fingerprint);
    if (engine == null) {
      throw refused(CompileRefusedException.Reason.UNKNOWN_FINGERPRINT, "no such engine");
    }
    try {
      gate.await();
      return bytes(engine, source, shape);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(CompileRefusedException.Reason.CLOSED, "interrupted");
    } catch (CompileException e) {
      throw refused(CompileRefusedException.Reason.SOURCE_ERROR, e.getMessage());
    } catch (RestoreException e) {
      throw refused(CompileRefusedException.Reason.NOT_SERIALIZABLE, e.getMessage());
    }
  }

  private static <C> byte[] bytes(Engine<C> engine, Source source, Shape shape)
      throws RestoreException {
    return engine.serialize(engine.compile(source, shape));
  }

  private static CompileRefusedException refused(
      CompileRefusedException.Reason reason, String words) {
    return new CompileRefusedException(reason, words);
  }

  @Override
  public void close() {
    gate.countDown();
  }
}
