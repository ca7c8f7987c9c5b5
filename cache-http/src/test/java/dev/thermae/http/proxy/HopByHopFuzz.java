package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thermae.http.resource.FuzzInput;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;

/** Whatever a connection lists stays behind. */
@Tag("once")
final class HopByHopFuzz {

  @FuzzTest
  void lists(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    String name = input.text().trim();
    List<String> listed = HopByHop.listed(input.texts());
    for (String each : listed) {
      assertThat(HopByHop.is(each, listed)).isTrue();
    }
    if (!name.isEmpty() && name.indexOf(',') < 0) {
      String lower = name.toLowerCase(Locale.ROOT);
      assertThat(HopByHop.is(lower, HopByHop.listed(List.of("x, " + name + " ,y")))).isTrue();
    }
    assertThat(HopByHop.is("transfer-encoding", listed)).isTrue();
  }
}
