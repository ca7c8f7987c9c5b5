package dev.thermae.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.testing.TestHeads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecedenceTest {
  private static final long NOW = 1_000_000;

  @ParameterizedTest
  @CsvSource({
    "1000, 999, true",
    "1000, 1000, false",
    "1000, 1001, false",
    "1060000, 1000, true",
    "1060001, 1000, false", // a clock that was wrong
  })
  void laterRequestStands(long stored, long head, boolean stands) {
    EntryHead old = TestHeads.of("key", stored, 0);
    assertThat(Precedence.stands(old, TestHeads.of("key", head, 0), NOW)).isEqualTo(stands);
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 999, true",
    "1000, 1000, false",
    "1060000, 1000, true",
    "1060001, 1000, false",
  })
  void invalidationKeepsOutWhatBeganBefore(long notBefore, long request, boolean out) {
    assertThat(Precedence.keepsOut(notBefore, request, NOW)).isEqualTo(out);
  }

  @Test
  void variantsHaveTheSameFields() {
    assertThat(Precedence.varyAlike("a: 1\nb: 2", "a: 3\nb: 4")).isTrue();
    assertThat(Precedence.varyAlike("a: 1", "b: 1")).isFalse();
    assertThat(Precedence.varyAlike("a: 1", "a: 1\nb: 1")).isFalse();
    assertThat(Precedence.varyAlike("a: 1", "")).isFalse();
    assertThat(Precedence.varyAlike("", "")).isFalse();
  }
}
