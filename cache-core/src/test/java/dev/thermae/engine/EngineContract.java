package dev.thermae.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every engine must do, whatever it executes.
 *
 * @param <C> the unit
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(ContractList.class)
public abstract class EngineContract<C> {
  private static final Callable<String> NO_CALLBACK =
      () -> {
        throw new IllegalStateException("no callback");
      };

  /** The engine under test, a new instance each time. */
  protected abstract Engine<C> engine();

  /** The same kind of engine, set to something that changes its code. */
  protected abstract Engine<C> engineWithOtherOptions();

  /** Sources for it. */
  protected abstract EngineSamples samples();

  /**
   * Runs a unit in a scope of its own and gives its result, or its error with message, name and
   * line, as text.
   */
  protected abstract String run(C unit, Callable<String> callback);

  /** Runs a unit that may be damaged; ends, if need be with any exception. */
  protected void runDamaged(C unit) {
    run(unit, NO_CALLBACK);
  }

  /** What thousands of units are made of. */
  protected Source ofMany() {
    return samples().working().get(0);
  }

  /** Whether equal sources give equal bytes; else they give as many. */
  protected boolean hasReproducibleBytes() {
    return true;
  }

  private List<Source> working() {
    return samples().working();
  }

  /** Units that {@link #leavesMetaspaceAsItWas} loads and drops. */
  protected int unitsToDrop() {
    return Integer.getInteger("thermae.contract.units", 1_000);
  }

  private static Shape shape(Engine<?> engine, Source source) {
    return engine.bakesName() ? Shape.SCRIPT.named(source.name()) : Shape.SCRIPT;
  }

  private C compile(Engine<C> engine, Source source) {
    return engine.compile(source, shape(engine, source));
  }

  /** What another process would get, which never compiled this. */
  private C restored(Source source) throws RestoreException {
    Engine<C> writer = engine();
    return restored(writer.serialize(compile(writer, source)), source);
  }

  private C restored(byte[] bytes, Source source) throws RestoreException {
    return restored(engine(), bytes, source);
  }

  private C restored(Engine<C> reader, byte[] bytes, Source source) throws RestoreException {
    byte[] padded = new byte[bytes.length + 20];
    System.arraycopy(bytes, 0, padded, 7, bytes.length);
    return reader.restore(padded, 7, bytes.length, source, shape(reader, source));
  }

  private String run(C unit) {
    return run(unit, NO_CALLBACK);
  }

  @ParameterizedTest
  @MethodSource("working")
  void givesTheSameResultColdAndRestored(Source source) throws RestoreException {
    String cold = run(compile(engine(), source));

    C unit = restored(source);

    assertThat(run(unit)).isEqualTo(cold);
    assertThat(run(unit)).as("the second run").isEqualTo(cold);
  }

  @Test
  void givesTheTextOfItsFunctionsColdAndRestored() throws RestoreException {
    Source source = samples().functionText();

    String cold = run(compile(engine(), source));

    assertThat(source.text()).contains(cold);
    assertThat(run(restored(source))).isEqualTo(cold);
  }

  @Test
  void throwsTheSameErrorColdAndRestored() throws RestoreException {
    Source source = samples().failing();

    String cold = run(compile(engine(), source));

    assertThat(cold).contains(source.name(), Integer.toString(samples().failingLine()));
    assertThat(run(restored(source))).isEqualTo(cold);
  }

  @Test
  void restoresUnderAnotherNameUnlessTheNameIsBaked() throws RestoreException {
    Source source = samples().failing();
    Source renamed = Source.of("renamed-" + source.name(), source.bytes(), source.charset());
    Engine<C> engine = engine();
    byte[] bytes = engine.serialize(compile(engine, source));

    if (engine.bakesName()) {
      assertThat(shape(engine, renamed)).isNotEqualTo(shape(engine, source));
    } else {
      assertThat(run(restored(bytes, renamed)))
          .contains(renamed.name())
          .isEqualTo(run(compile(engine, renamed)));
    }
  }

  @ParameterizedTest
  @MethodSource("working")
  void givesTheSameBytesForTheSameSource(Source source) throws RestoreException {
    Engine<C> one = engine();
    Engine<C> other = engine();
    C unit = compile(one, source);
    byte[] bytes = one.serialize(unit);

    sameBytes(other.serialize(compile(other, source)), bytes, "another unit");
    sameBytes(one.serialize(unit), bytes, "the same unit again");
    sameBytes(other.serialize(restored(bytes, source)), bytes, "once restored");
  }

  private void sameBytes(byte[] bytes, byte[] expected, String what) {
    if (hasReproducibleBytes()) {
      assertThat(bytes).as(what).isEqualTo(expected);
    } else {
      assertThat(bytes).as(what).hasSameSizeAs(expected);
    }
  }

  @Test
  void reportsWhatDoesNotCompile() {
    Source source = samples().invalid();

    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> compile(engine(), source))
        .satisfies(e -> assertThat(e.name()).isEqualTo(source.name()))
        .satisfies(e -> assertThat(e.line()).isEqualTo(samples().invalidLine()))
        .satisfies(e -> assertThat(e.column() > 0).isEqualTo(samples().invalidLine() > 0))
        .satisfies(e -> assertThat(e.detail()).isNotBlank())
        .satisfies(e -> assertThat(e.getMessage()).contains(source.name(), e.detail()))
        .satisfies(e -> assertThat(e.getCause()).isNotNull());
  }

  @Test
  void refusesEveryTruncation() throws RestoreException {
    Source source = samples().small();
    Engine<C> engine = engine();
    byte[] bytes = engine.serialize(compile(engine, source));

    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      survives(cut, source);
    }
  }

  /** Stored code is sealed; this is about the second line of defence. */
  @Test
  void survivesEveryFlippedBit() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          Source source = samples().small();
          Engine<C> engine = engine();
          byte[] bytes = engine.serialize(compile(engine, source));
          for (int bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            survives(bytes.clone(), source);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
          }
        });
  }

  /** Either refused, or run to an end that is not the end of the JVM. */
  private void survives(byte[] damaged, Source source) {
    C unit;
    try {
      unit = engine().restore(damaged, 0, damaged.length, source, shape(engine(), source));
    } catch (RestoreException e) {
      return;
    }
    try {
      runDamaged(unit);
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      assertThat(e).isNotNull();
    }
  }

  @Test
  void hasAnotherFingerprintForOtherOptions() {
    Engine<C> one = engine();
    Engine<C> other = engineWithOtherOptions();

    assertThat(one.surroundings()).isNotNull().isEqualTo(engine().surroundings());
    assertThat(one.surroundings()).isNotEqualTo(other.surroundings());
    assertThat(one.fingerprintParts()).isEqualTo(engine().fingerprintParts());
    assertThat(Fingerprint.compute(one.fingerprintParts()))
        .isNotEqualTo(Fingerprint.compute(other.fingerprintParts()));
  }

  @Test
  void hasAnotherFingerprintForAnotherArtifact() {
    Map<String, String> parts = engine().fingerprintParts();
    Set<Fingerprint> fingerprints = new HashSet<>();
    fingerprints.add(Fingerprint.compute(parts));
    int digests = 0;
    for (Map.Entry<String, String> part : parts.entrySet()) {
      if (part.getValue().startsWith("sha256:") || part.getKey().equals("jdk")) {
        Map<String, String> changed = new HashMap<>(parts);
        changed.put(part.getKey(), "sha256:" + "0".repeat(64));
        fingerprints.add(Fingerprint.compute(changed));
        digests++;
      }
    }

    assertThat(digests).as("artifacts that are identified").isPositive();
    assertThat(fingerprints).hasSize(digests + 1);
  }

  @Test
  void runsOneRestoredUnitInManyThreads() throws Exception {
    Source source = working().get(0);
    String cold = run(compile(engine(), source));
    byte[] bytes = engine().serialize(compile(engine(), source));
    C shared = restored(bytes, source);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<String>> work = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        boolean own = i % 2 == 0;
        work.add(() -> run(own ? restored(bytes, source) : shared));
      }
      for (Future<String> each : threads.invokeAll(work)) {
        assertThat(each.get()).isEqualTo(cold);
      }
    } finally {
      threads.shutdownNow();
      assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void compilesAndRestoresWhileAUnitRuns() throws RestoreException {
    Source inner = working().get(0);
    String expected = run(compile(engine(), inner));
    C outer = restored(samples().calling());

    assertThat(run(outer, () -> run(compile(engine(), inner)))).isEqualTo(expected);
    assertThat(run(outer, () -> run(restored(inner)))).isEqualTo(expected);
  }

  @Test
  void leavesNothingOfDroppedUnits() throws Exception {
    Source source = ofMany();
    byte[] bytes = engine().serialize(compile(engine(), source));
    ReferenceQueue<Object> dropped = new ReferenceQueue<>();
    Set<Reference<Object>> held = new HashSet<>();
    Engine<C> reader = engine();
    for (int i = 0; i < 2000; i++) {
      C unit = restored(reader, bytes, source);
      if (i % 100 == 0) {
        run(unit);
      }
      held.add(new PhantomReference<>(unit, dropped));
    }
    for (int tries = 0; tries < 100 && !held.isEmpty(); tries++) {
      System.gc();
      Reference<?> each = dropped.remove(100);
      while (each != null) {
        held.remove(each);
        each = dropped.poll();
      }
    }

    // The last one may still be in a register or a stack slot.
    assertThat(held).hasSizeLessThanOrEqualTo(1);
  }

  /**
   * The long form, of 10,000 units, is told by a property. What the JIT notes of code that gets hot
   * lies in Metaspace too, up to 2 MB of it; a class and its loader take 6 KB and more.
   */
  @Test
  void leavesMetaspaceAsItWas() throws Exception {
    Source source = ofMany();
    byte[] bytes = engine().serialize(compile(engine(), source));
    loadAndDrop(bytes, source, 100);
    long before = metaspace();

    loadAndDrop(bytes, source, unitsToDrop());

    long after = metaspace();
    for (int i = 0; i < 3; i++) { // some let go when the next one is loaded
      loadAndDrop(bytes, source, 1);
      after = Math.min(after, metaspace());
    }
    assertThat(after - before).as("bytes of Metaspace").isLessThan(3_000_000);
  }

  private void loadAndDrop(byte[] bytes, Source source, int units) throws RestoreException {
    Engine<C> reader = engine();
    for (int i = 0; i < units; i++) {
      run(restored(reader, bytes, source));
    }
  }

  /** Once it falls no further: loaders go with the collection after the one that finds them. */
  private static long metaspace() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least = Math.min(least, metaspaceUsed());
    }
    return least;
  }

  private static long metaspaceUsed() {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().equals("Metaspace")) {
        return pool.getUsage().getUsed();
      }
    }
    throw new IllegalStateException("this JVM has no Metaspace");
  }
}
