package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Rejection;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.Engine;
import dev.thermae.engine.RestoreException;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Engines whose code grows by running: when it is harvested, and when again. */
final class AfterRunTest extends CodeCacheFixture {
  private final Source source = source("grows");
  private final Growing growing = new Growing();

  /** A unit; {@code bytes} is what it would be stored as. */
  private static final class Unit {
    private int bytes;

    Unit(int bytes) {
      this.bytes = bytes;
    }
  }

  private static final class Growing implements Engine<Unit> {
    private final Object scope = new Object();
    private int compiles;
    private int serializes;
    private boolean fails;

    @Override
    public String id() {
      return "growing";
    }

    @Override
    public String surroundings() {
      return "growing";
    }

    @Override
    public Map<String, String> fingerprintParts() {
      return Map.of("engine", id());
    }

    @Override
    public boolean bakesName() {
      return false;
    }

    @Override
    public Harvest harvest() {
      return Harvest.AFTER_RUN;
    }

    @Override
    public Object scope() {
      return scope;
    }

    @Override
    public Unit compile(Source source, Shape shape) {
      compiles++;
      return new Unit(1_000);
    }

    @Override
    public byte[] serialize(Unit unit) throws RestoreException {
      serializes++;
      if (fails) {
        throw new RestoreException("on purpose");
      }
      return new byte[unit.bytes];
    }

    @Override
    public Unit restore(byte[] bytes, int offset, int length, Source source, Shape shape) {
      return new Unit(length);
    }
  }

  private Compiled<Unit> load(CodeCache cache) {
    return cache.compile(growing, source);
  }

  private CodeCache eager() {
    return keep(builder().policy(CachePolicy.eager()).build());
  }

  @Test
  void keepsWhatARunMadeOfIt() {
    CodeCache first = eager();
    Compiled<Unit> cold = load(first);
    first.flush();
    assertThat(cold.temperature()).isEqualTo(Temperature.COLD);
    assertThat(growing.serializes).as("before it ran").isZero();
    assertThat(seen.count("attached")).isZero();

    cold.code().bytes = 5_000;
    cold.ran();
    first.flush();
    assertThat(seen.count("attached")).isEqualTo(1);

    Compiled<Unit> hot = load(eager());
    assertThat(hot.origin()).isEqualTo(Origin.RESTORED);
    assertThat(hot.code().bytes).isEqualTo(5_000);
    assertThat(growing.compiles).isEqualTo(1);
  }

  @Test
  void keepsItAgainWhenItHasGrownNotably() {
    CodeCache first = eager();
    Compiled<Unit> cold = load(first);
    cold.code().bytes = 100_000;
    cold.ran();
    cold.code().bytes = 109_000;
    cold.ran();
    first.flush();
    assertThat(seen.count("attached")).as("less than a tenth more").isEqualTo(1);

    CodeCache second = eager();
    Compiled<Unit> hot = load(second);
    hot.ran();
    hot.code().bytes = 120_000;
    hot.ran();
    second.flush();

    assertThat(seen.count("attached")).isEqualTo(2);
    assertThat(load(eager()).code().bytes).isEqualTo(120_000);
  }

  @Test
  void looksLessAndLessOften() {
    Compiled<Unit> unit = load(eager());
    for (int i = 0; i < 100; i++) {
      unit.ran();
    }

    assertThat(growing.serializes).as("after runs 1, 2, 4, 8, 16, 32 and 64").isEqualTo(7);
  }

  @Test
  void whatNeverSaysThatItRanIsNotKeptButSeen() {
    for (int i = 0; i < 3; i++) {
      CodeCache cache = keep(builder().policy(CachePolicy.chrome()).build());
      Compiled<Unit> unit = load(cache);
      assertThat(unit.temperature()).isEqualTo(i == 0 ? Temperature.COLD : Temperature.WARM);
      cache.close();
    }
    assertThat(growing.serializes).isZero();
    assertThat(seen.rejections()).isEmpty();
  }

  @Test
  void warmRunsAreKeptAndColdOnesAreNot() {
    CodeCache first = keep(builder().policy(CachePolicy.chrome()).build());
    load(first).ran();
    first.close();
    assertThat(growing.serializes).isZero();

    CodeCache second = keep(builder().policy(CachePolicy.chrome()).build());
    load(second).ran();
    second.close();
    assertThat(load(keep(builder().policy(CachePolicy.chrome()).build())).temperature())
        .isEqualTo(Temperature.HOT);
  }

  @Test
  void aUnitInMemoryIsKeptOnceItWasSeenOftenEnough() {
    CodeCache cache = keep(builder().policy(CachePolicy.chrome()).build());
    load(cache).ran();
    cache.flush();
    assertThat(load(cache).origin()).isEqualTo(Origin.MEMORY);
    cache.flush();
    load(cache).ran();
    cache.flush();

    assertThat(seen.count("attached")).isEqualTo(1);
    assertThat(load(eager()).temperature()).isEqualTo(Temperature.HOT);
  }

  @Test
  void aUnitInMemoryIsKeptForANewGeneration() throws IOException {
    CodeCache cache = eager();
    StoredEntry one = store(cache, source);
    Compiled<Unit> unit = cache.compile(growing, source, Shape.SCRIPT, one);
    unit.ran();
    cache.flush();
    StoredEntry two = store(cache, source);
    cache.compile(growing, source, Shape.SCRIPT, two);
    cache.flush();
    unit.ran();
    cache.flush();

    StoredEntry found = eager().store().find(KEY, null);
    assertThat(eager().compile(growing, source, Shape.SCRIPT, found).temperature())
        .isEqualTo(Temperature.HOT);
  }

  @Test
  void whatCannotBeSerializedIsCountedAndNotThrown() {
    growing.fails = true;
    load(eager()).ran();

    assertThat(seen.rejections()).containsExactly(Rejection.ENGINE);
  }

  @Test
  void nothingLeavesMemoryOfWhatMustNot() {
    CodeCache cache = eager();
    cache.compileInMemory(growing, source, Shape.SCRIPT).ran();
    cache.flush();

    assertThat(growing.serializes).isZero();
  }
}
