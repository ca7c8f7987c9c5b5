package dev.thermae.engine.v8;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.V8ScriptOrigin;
import com.caoccao.javet.values.reference.V8Script;
import com.caoccao.javet.values.reference.V8ValueFunction;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.RestoreException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What V8 does with code, which it tells nobody: whether a function that only stored code can have
 * compiled is compiled shows whether V8 took it. What we refuse must be all that V8 refuses.
 */
final class CodeHeaderTest {
  private static final Source SOURCE =
      Source.of("a.js", "function lazy(a) { return 'lazy' + a; }\nvar other = lazy.length; other");

  private final Runtimes runtimes = new Runtimes();
  private final byte[] code = harvested();

  @AfterEach
  void close() {
    runtimes.close();
  }

  private byte[] harvested() {
    V8Runtime runtime = runtimes.fresh();
    try (V8Script script = runtime.compileV8Script(SOURCE.text(), null, origin(), true)) {
      script.executeVoid();
      runtime.getExecutor("lazy(1)").executeVoid();
      return script.getCachedData();
    } catch (JavetException e) {
      throw new IllegalStateException(e);
    }
  }

  private static V8ScriptOrigin origin() {
    return new V8ScriptOrigin("a.js", 0, 0);
  }

  /** Whether V8 took it, asked of V8 itself. */
  private boolean isTaken(byte[] data, String text) throws JavetException {
    V8Runtime runtime = runtimes.fresh();
    try (V8Script script = runtime.compileV8Script(text, data, origin(), true)) {
      script.executeVoid();
      try (V8ValueFunction lazy = runtime.getGlobalObject().get("lazy")) {
        return lazy.isCompiled();
      }
    } finally {
      runtime.close();
    }
  }

  private boolean isTaken(byte[] data) throws JavetException {
    return isTaken(data, SOURCE.text());
  }

  private String refusal(byte[] data) {
    V8Engine engine = V8Engine.of(runtimes.fresh());
    byte[] checked = CheckedCode.wrap(data, true);
    try {
      engine.restore(checked, 0, checked.length, SOURCE, Shape.SCRIPT);
      return null;
    } catch (RestoreException e) {
      return e.getMessage();
    }
  }

  @Test
  void takesWhatV8Takes() throws JavetException {
    assertThat(isTaken(code)).isTrue();
    assertThat(isTaken(null)).as("without code").isFalse();
    assertThat(refusal(code)).isNull();
  }

  @Test
  void refusesWhatV8WouldRefuse() throws JavetException {
    String[] reasons = {
      "another format",
      "another version",
      "another source",
      "other flags",
      "another snapshot",
      "not as long"
    };
    for (int word = 0; word < reasons.length; word++) {
      for (int bit = 0; bit < 32; bit += 9) {
        byte[] other = code.clone();
        other[word * 4 + bit / 8] ^= (byte) (1 << bit % 8);

        boolean less = word == 5 && other.length - CodeHeader.BYTES > length(other);
        assertThat(isTaken(other))
            .as("V8 takes word %s with another bit %s; it may be shorter than it is", word, bit)
            .isEqualTo(less);
        assertThat(refusal(other)).contains(reasons[word]);
      }
    }
  }

  private static long length(byte[] data) {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).getInt(20) & 0xffffffffL;
  }

  @Test
  void refusesOtherLengths() throws JavetException {
    byte[] cut = Arrays.copyOf(code, code.length - 8);
    byte[] longer = Arrays.copyOf(code, code.length + 8);

    assertThat(isTaken(cut)).isFalse();
    assertThat(refusal(cut)).contains("not as long");
    assertThat(isTaken(longer)).as("V8 is less strict").isTrue();
    assertThat(refusal(longer)).contains("not as long");
    assertThat(refusal(Arrays.copyOf(code, 20))).contains("no whole header");
  }

  /** Why nothing unverified may reach V8. */
  @Test
  void neverShowsV8WhatV8WouldWronglyTake() throws JavetException {
    byte[] checked = CheckedCode.wrap(code, true);
    checked[checked.length - 40] ^= 1;

    assertThat(isTaken(code, SOURCE.text().replace("'lazy'", "'LAZY'")))
        .as("V8 takes code of another source of the same length")
        .isTrue();
    assertThatExceptionOfType(RestoreException.class)
        .isThrownBy(
            () ->
                V8Engine.of(runtimes.fresh())
                    .restore(checked, 0, checked.length, SOURCE, Shape.SCRIPT))
        .withMessageContaining("checksum");
  }
}
