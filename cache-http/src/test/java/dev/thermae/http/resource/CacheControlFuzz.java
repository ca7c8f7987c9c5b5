package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;

/** Whatever the values, there are directives, and case does not matter. */
@Tag("once")
final class CacheControlFuzz {

  @FuzzTest
  void parses(byte[] data) {
    List<String> values = new FuzzInput(data).texts();
    CacheControl control = CacheControl.parse(values);
    long[] seconds = {
      control.maxAge(),
      control.sharedMaxAge(),
      control.minFresh(),
      control.maxStale(),
      control.staleIfError(),
      control.staleWhileRevalidate()
    };
    for (long each : seconds) {
      assertThat(each).isBetween(-1L, CacheControl.MAXIMUM_SECONDS);
    }
    List<String> lower = new ArrayList<>();
    values.forEach(value -> lower.add(value.toLowerCase(Locale.ROOT)));
    if (values.stream().allMatch(value -> value.chars().allMatch(c -> c < 0x80))) {
      assertThat(CacheControl.parse(lower)).isEqualTo(control);
    }
  }
}
