package dev.thermae.testing;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.RestoreException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A real engine of a few lines: it "compiles" text into a unit that holds it. A source that holds
 * {@code !error} is at fault there. It counts what it does, and notes every payload that is not
 * what it would have serialized for that very source.
 */
public final class TextEngine implements Engine<TextUnit> {
  private static final String ERROR = "!error";

  private final AtomicInteger compiles = new AtomicInteger();
  private final AtomicInteger serializes = new AtomicInteger();
  private final AtomicInteger restores = new AtomicInteger();
  private final List<String> foreign = new CopyOnWriteArrayList<>();
  private volatile String version = "1";
  private volatile boolean identified = true;
  private volatile boolean bakesName;
  private volatile Harvest harvest = Harvest.ANY_TIME;
  private volatile boolean shares = true;
  private volatile Object scope;
  private volatile Consumer<Source> whileCompiling = source -> {};
  private volatile Throwable restoreFault;
  private volatile Throwable serializeFault;

  /** Another build of the same engine: other fingerprint. */
  public TextEngine version(String build) {
    version = build;
    return this;
  }

  /** An engine whose build cannot be told. */
  public TextEngine unidentified() {
    identified = false;
    return this;
  }

  public TextEngine bakesName(boolean bakes) {
    bakesName = bakes;
    return this;
  }

  public TextEngine harvest(Harvest when) {
    harvest = when;
    return this;
  }

  /** Whether its units serve several callers. */
  public TextEngine shares(boolean units) {
    shares = units;
    return this;
  }

  public TextEngine scope(Object units) {
    scope = units;
    return this;
  }

  /** Called in the middle of every compile. */
  public TextEngine whileCompiling(Consumer<Source> action) {
    whileCompiling = action;
    return this;
  }

  /** What every restore throws from now on; null for nothing. */
  public TextEngine failRestore(Throwable fault) {
    restoreFault = fault;
    return this;
  }

  /** What every serialize throws from now on; null for nothing. */
  public TextEngine failSerialize(Throwable fault) {
    serializeFault = fault;
    return this;
  }

  public int compiles() {
    return compiles.get();
  }

  public int serializes() {
    return serializes.get();
  }

  public int restores() {
    return restores.get();
  }

  /** Payloads that reached {@link #restore} though nobody serialized them for that source. */
  public List<String> foreign() {
    return foreign;
  }

  @Override
  public String id() {
    return "text";
  }

  @Override
  public String surroundings() {
    return identified ? "text build " + version : null;
  }

  @Override
  public Map<String, String> fingerprintParts() {
    return Map.of("engine", id(), "build", version);
  }

  @Override
  public boolean bakesName() {
    return bakesName;
  }

  @Override
  public Harvest harvest() {
    return harvest;
  }

  @Override
  public Object scope() {
    return scope;
  }

  @Override
  public boolean shares(TextUnit unit) {
    return shares;
  }

  @Override
  public TextUnit compile(Source source, Shape shape) {
    compiles.incrementAndGet();
    whileCompiling.accept(source);
    String text = source.text();
    int at = text.indexOf(ERROR);
    if (at >= 0) {
      int line = (int) text.substring(0, at).lines().count();
      int column = at - text.lastIndexOf('\n', at);
      throw new CompileException(
          "text is at fault", source.name(), line, column, new IllegalStateException("at fault"));
    }
    return new TextUnit(text);
  }

  @Override
  public byte[] serialize(TextUnit unit) throws RestoreException {
    serializes.incrementAndGet();
    TextEngine.<RestoreException>raise(serializeFault);
    return payload(unit.text());
  }

  private byte[] payload(String text) {
    return ("TEXT " + version + '\n' + text).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public TextUnit restore(byte[] bytes, int offset, int length, Source source, Shape shape)
      throws RestoreException {
    restores.incrementAndGet();
    byte[] payload = Arrays.copyOfRange(bytes, offset, offset + length);
    if (!Arrays.equals(payload, payload(source.text()))) {
      foreign.add(source.name() + ": " + new String(payload, StandardCharsets.UTF_8));
    }
    TextEngine.<RestoreException>raise(restoreFault);
    String text = new String(payload, StandardCharsets.UTF_8);
    if (!text.startsWith("TEXT " + version + '\n')) {
      throw new RestoreException("not a payload of this build");
    }
    return new TextUnit(text.substring(text.indexOf('\n') + 1));
  }

  @SuppressWarnings("unchecked") // throws anything, as engines do
  private static <E extends Throwable> void raise(Throwable fault) throws E {
    if (fault != null) {
      throw (E) fault;
    }
  }
}
