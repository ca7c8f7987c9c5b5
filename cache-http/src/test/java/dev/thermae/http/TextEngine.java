package dev.thermae.http;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine whose units are the text of their sources; it counts. */
public final class TextEngine implements Engine<String> {
  final AtomicInteger compiles = new AtomicInteger();

  @Override
  public String id() {
    return "text";
  }

  @Override
  public String surroundings() {
    return "text 1";
  }

  @Override
  public Map<String, String> fingerprintParts() {
    return Map.of("engine", "text 1");
  }

  @Override
  public boolean bakesName() {
    return false;
  }

  @Override
  public Harvest harvest() {
    return Harvest.AFTER_COMPILE;
  }

  @Override
  public String compile(Source source, Shape shape) {
    compiles.incrementAndGet();
    if (source.text().contains("syntax error")) {
      throw new CompileException("bad text", source.name(), 1, 1, new IllegalStateException());
    }
    return source.text();
  }

  @Override
  public byte[] serialize(String unit) {
    return unit.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String restore(byte[] bytes, int offset, int length, Source source, Shape shape) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }
}
