package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thermae.http.resource.FuzzInput;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Tag;

/** Whatever the client says, gzip is welcome or not. */
@Tag("once")
final class AcceptEncodingFuzz {

  @FuzzTest
  void reads(byte[] data) {
    List<String> values = new FuzzInput(data).texts();
    boolean takes = AcceptEncoding.takesGzip(values);
    List<String> upper = new ArrayList<>();
    values.forEach(value -> upper.add(value.toUpperCase(Locale.ROOT)));
    if (values.stream().allMatch(value -> value.chars().allMatch(c -> c < 0x80))) {
      assertThat(AcceptEncoding.takesGzip(upper)).isEqualTo(takes);
    }
    Accepted all = AcceptEncoding.read(values);
    Set<BodyCoding> order = EnumSet.noneOf(BodyCoding.class);
    for (int i = 0; i < all.size(); i++) {
      assertThat(order.add(all.get(i))).isTrue();
    }
    assertThat(order).contains(BodyCoding.IDENTITY);
    if (takes) {
      String text = String.join(",", values).toLowerCase(Locale.ROOT);
      assertThat(text.contains("gzip") || text.contains("*")).isTrue();
    }
  }
}
