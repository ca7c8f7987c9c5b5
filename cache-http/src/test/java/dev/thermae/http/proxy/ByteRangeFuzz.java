package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thermae.http.resource.FuzzInput;
import org.junit.jupiter.api.Tag;

/** A range lies within the body, or nothing satisfies it. */
@Tag("once")
final class ByteRangeFuzz {

  @FuzzTest
  void parses(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    int length = input.below(Integer.MAX_VALUE);
    for (String field : input.texts()) {
      ByteRange range = ByteRange.parse(field, length);
      if (range != null && range.isSatisfiable()) {
        assertThat(range.first()).isBetween(0L, range.last());
        assertThat(range.last()).isLessThan(length);
        assertThat(range.length()).isPositive();
      }
      if (range != null) {
        assertThat(range.contentRange(length)).startsWith("bytes ");
      }
    }
  }
}
