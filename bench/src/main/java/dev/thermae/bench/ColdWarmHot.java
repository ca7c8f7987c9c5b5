package dev.thermae.bench;

import dev.thermae.Compiled;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.Temperature;
import dev.thermae.http.CodeLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.mozilla.javascript.Script;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Load and first run of a script, once per fresh JVM: cold, warm and hot with a fresh response in
 * the folder, and Rhino without a cache. Context and scope exist before; building the loader, or
 * reading the file, is part of it.
 *
 * <p>JMH's own classes are loaded before, which spares all of them the same few milliseconds of the
 * JDK's; {@code fresh-process} measures without that.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(value = 5, jvmArgsAppend = "-Xss256m")
public class ColdWarmHot {

  /** Nothing is attached: compile, and mark. */
  @Benchmark
  public Object cold(Prepared.Cold state) throws IOException {
    return load(state, Temperature.COLD);
  }

  /** A mark is attached: compile, and attach the code. */
  @Benchmark
  public Object warm(Prepared.Warm state) throws IOException {
    return load(state, Temperature.WARM);
  }

  /** Code is attached: restore. */
  @Benchmark
  public Object hot(Prepared.Hot state) throws IOException {
    return load(state, Temperature.HOT);
  }

  /** Rhino alone: class files, or its interpreter where those fail. */
  @Benchmark
  public Object rhinoDefault(Prepared.Cold state) throws IOException {
    return compile(state, false);
  }

  /** Rhino alone, told to interpret. */
  @Benchmark
  public Object rhinoInterpreted(Prepared.Cold state) throws IOException {
    return compile(state, true);
  }

  private static Object load(Prepared state, Temperature expected) throws IOException {
    CodeLoader<Script> loader =
        CodeLoader.builder(RhinoEngine.create()).directory(state.cache()).build();
    Compiled<Script> unit = loader.load(state.url());
    if (unit.temperature() != expected) {
      throw new IllegalStateException("not " + expected + " but " + unit);
    }
    return state.stage().run(unit.code());
  }

  private static Object compile(Prepared state, boolean interpreted) throws IOException {
    String text = Files.readString(state.file(), StandardCharsets.UTF_8);
    return state.stage().run(state.stage().compile(text, state.url(), interpreted));
  }
}
