package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** Whatever the text, there is a date or none; a date survives being written and read. */
@Tag("once")
final class HttpDatesFuzz {

  @FuzzTest
  void parses(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    String text = input.text();
    // A clock that is set at all: from the year 0 to the year 9000.
    long now = Math.floorMod(input.number(), 284_000_000_000_000L) - 62_000_000_000_000L;
    Long date = HttpDates.parse(text, now);
    if (date != null) {
      assertThat(HttpDates.parse(HttpDates.format(date), now)).isEqualTo(date);
    }
    assertThat(HttpDates.parse(HttpDates.format(now), 0))
        .isEqualTo(Math.floorDiv(now, 1000) * 1000);
  }
}
