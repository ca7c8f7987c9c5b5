package dev.thermae.samples;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.Engine;
import dev.thermae.engine.RestoreException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts the compiles of another engine, whatever the cache says of itself. */
final class CountingEngine<C> implements Engine<C> {
  private final Engine<C> engine;
  private final AtomicInteger compiles = new AtomicInteger();

  CountingEngine(Engine<C> engine) {
    this.engine = engine;
  }

  /** Compiles so far. */
  int compiles() {
    return compiles.get();
  }

  @Override
  public C compile(Source source, Shape shape) {
    compiles.incrementAndGet();
    return engine.compile(source, shape);
  }

  @Override
  public String id() {
    return engine.id();
  }

  @Override
  public @Nullable String surroundings() {
    return engine.surroundings();
  }

  @Override
  public Map<String, String> fingerprintParts() {
    return engine.fingerprintParts();
  }

  @Override
  public boolean bakesName() {
    return engine.bakesName();
  }

  @Override
  public Harvest harvest() {
    return engine.harvest();
  }

  @Override
  public @Nullable Object scope() {
    return engine.scope();
  }

  @Override
  public byte[] serialize(C unit) throws RestoreException {
    return engine.serialize(unit);
  }

  @Override
  public boolean shares(C unit) {
    return engine.shares(unit);
  }

  @Override
  public C restore(byte[] bytes, int offset, int length, Source source, Shape shape)
      throws RestoreException {
    return engine.restore(bytes, offset, length, source, shape);
  }
}
