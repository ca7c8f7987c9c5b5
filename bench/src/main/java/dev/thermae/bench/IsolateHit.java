package dev.thermae.bench;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Source;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.Origin;
import dev.thermae.event.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.mozilla.javascript.Script;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Compiling a source again that the isolate holds, beside what Caffeine alone takes: with a key
 * that is made for every look-up and compares what ours compares, and with a String.
 */
@BenchmarkMode({Mode.Throughput, Mode.AverageTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public abstract class IsolateHit {
  private final RhinoEngine engine = RhinoEngine.create();
  private final Ahead time = new Ahead();
  private Source source;
  private CodeCache cache;
  private Cache<Object, Compiled<Script>> caffeine;

  /** By one thread. */
  @Threads(1)
  public static class ByOne extends IsolateHit {}

  /** By two threads at once. */
  @Threads(2)
  public static class ByTwo extends IsolateHit {}

  /** A clock that can be put forward. */
  private static final class Ahead extends TimeSource {
    private volatile long nanos;

    @Override
    public long nanos() {
      return super.nanos() + nanos;
    }
  }

  /** A key of the parts that a unit's key has. */
  private record Key(String namespace, Source source, String shape, String fingerprint) {}

  /** Compiles, and lets the isolate settle into Caffeine, which it does a second later. */
  @Setup(Level.Trial)
  public void setUp() throws IOException {
    source = Source.of("moment.js", Scripts.read("moment"), StandardCharsets.UTF_8);
    cache = CodeCache.builder().inMemory().time(time).build();
    Compiled<Script> unit = cache.compile(engine, source);
    time.nanos = 10_000_000_000L;
    for (int i = 0; i < 10; i++) {
      cache.compile(engine, source);
      cache.flush();
    }
    caffeine =
        Caffeine.newBuilder()
            .maximumWeight(64L << 20)
            .weigher((Object key, Compiled<Script> code) -> 1 << 20)
            .executor(Runnable::run)
            .build();
    caffeine.put(key(), unit);
    caffeine.put("moment.js", unit);
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    cache.close();
  }

  private Key key() {
    return new Key("", source, "SCRIPT 1 sloppy ", "rhino");
  }

  @Benchmark
  public Compiled<Script> compileAgain() {
    Compiled<Script> unit = cache.compile(engine, source);
    if (unit.origin() != Origin.MEMORY) {
      throw new IllegalStateException("not from memory: " + unit);
    }
    return unit;
  }

  @Benchmark
  public Compiled<Script> caffeineWithNewKey() {
    return caffeine.getIfPresent(key());
  }

  @Benchmark
  public Compiled<Script> caffeineWithString() {
    return caffeine.getIfPresent("moment.js");
  }
}
