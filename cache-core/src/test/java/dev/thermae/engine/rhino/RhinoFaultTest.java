package dev.thermae.engine.rhino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Rejection;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CorruptCodeException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.RestoreException;
import dev.thermae.event.Origin;
import dev.thermae.policy.CachePolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;

/**
 * Code that is well sealed and fails all the same when a function of it runs for the first time.
 */
class RhinoFaultTest {
  private static final Source SOURCE =
      Source.of("fault.js", "function f() { return typeof nothing; } f();");

  @TempDir Path folder;

  /** Forges what it serializes. */
  private record Forging(RhinoEngine engine, Class<? extends Throwable> fault)
      implements Engine<Script> {
    @Override
    public String id() {
      return engine.id();
    }

    @Override
    public String surroundings() {
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
    public Script compile(Source source, Shape shape) {
      return engine.compile(source, shape);
    }

    @Override
    public byte[] serialize(Script unit) throws RestoreException {
      byte[] bytes = engine.serialize(unit);
      return engine.bakesName()
          ? ForgedClassFiles.replace(bytes, "typeofName", "typeofNone")
          : withMoreChildren(bytes);
    }

    /** Function 1 says that it has functions, which there are none of. */
    private static byte[] withMoreChildren(byte[] unit) {
      ByteBuffer bytes = ByteBuffer.wrap(unit).order(ByteOrder.LITTLE_ENDIAN);
      int strings = bytes.getInt(6);
      int functions = bytes.getInt(10);
      int table = RhinoCodeBytes.HEADER_LENGTH + 4 * strings;
      int code = table + 4 * (functions + 1) + bytes.getInt(14);
      unit[code + bytes.getInt(table + 4) + 1] = 0x7f;
      return unit;
    }

    @Override
    public Script restore(byte[] bytes, int offset, int length, Source source, Shape shape)
        throws RestoreException {
      return engine.restore(bytes, offset, length, source, shape);
    }

    @Override
    public void watch(Script unit, Consumer<Throwable> listener) {
      engine.watch(unit, listener);
    }
  }

  static Stream<Forging> forms() {
    return Stream.of(
        new Forging(RhinoEngine.create(), CorruptCodeException.class),
        new Forging(RhinoEngine.create().withClassFiles(), NoSuchMethodError.class));
  }

  private CodeCache cache() {
    return CodeCache.builder().directory(folder).policy(CachePolicy.eager()).build();
  }

  private static Object run(Script script) {
    try (Context context = Context.enter()) {
      context.setLanguageVersion(Context.VERSION_ECMASCRIPT);
      Scriptable scope = context.initStandardObjects();
      return script.exec(context, scope, scope);
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void isPurgedAndCompiledAgain(Forging forging) {
    try (CodeCache cache = cache()) {
      assertThat(run(cache.compile(forging, SOURCE).code())).isEqualTo("undefined");
    }
    try (CodeCache cache = cache()) {
      Compiled<Script> hot = cache.compile(forging.engine(), SOURCE);
      assertThat(hot.origin()).isEqualTo(Origin.RESTORED);
      assertThatThrownBy(() -> run(hot.code())).isInstanceOf(forging.fault());
      assertThatThrownBy(() -> run(hot.code())).isInstanceOf(forging.fault());
      assertThat(cache.stats().rejected(Rejection.EXECUTION)).isEqualTo(1);

      Compiled<Script> next = cache.compile(forging.engine(), SOURCE);
      assertThat(next.code()).isNotSameAs(hot.code());
      assertThat(run(next.code())).isEqualTo("undefined");
      assertThat(cache.flush()).isTrue();
    }
    try (CodeCache cache = cache()) {
      Compiled<Script> hot = cache.compile(forging.engine(), SOURCE);
      assertThat(hot.origin()).isEqualTo(Origin.RESTORED);
      assertThat(run(hot.code())).isEqualTo("undefined");
    }
  }

  /** A process that ends at such an error leaves good code behind. */
  @ParameterizedTest
  @MethodSource("forms")
  void isReplacedEvenIfNobodyAsksForItAgain(Forging forging) {
    try (CodeCache cache = cache()) {
      cache.compile(forging, SOURCE);
    }
    try (CodeCache cache = cache()) {
      Script hot = cache.compile(forging.engine(), SOURCE).code();
      assertThatThrownBy(() -> run(hot)).isInstanceOf(forging.fault());
    }
    try (CodeCache cache = cache()) {
      Compiled<Script> hot = cache.compile(forging.engine(), SOURCE);
      assertThat(hot.origin()).isEqualTo(Origin.RESTORED);
      assertThat(run(hot.code())).isEqualTo("undefined");
    }
  }

  public static final class Missing {
    private Missing() {}

    /** As a library does whose other half is not there. */
    public static void call(boolean missing) {
      if (missing) {
        throw new NoClassDefFoundError("planted");
      }
    }
  }

  @Test
  void errorsOfJavaCodeThatAScriptCallsAreNone() {
    String text = "Packages." + Missing.class.getName() + ".call(true)";
    try (CodeCache cache = cache()) {
      RhinoEngine engine = RhinoEngine.create().withClassFiles();
      Script unit = cache.compile(engine, Source.of("java.js", text)).code();

      assertThatThrownBy(() -> run(unit)).isInstanceOf(NoClassDefFoundError.class);
      assertThat(cache.stats().rejected()).isZero();
      assertThat(cache.unitsInMemory()).isEqualTo(1);
    }
  }
}
