package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** Selecting a variant by what was selected changes nothing. */
@Tag("once")
final class VariantsFuzz {

  @FuzzTest
  void selects(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    HeaderList response = input.fields();
    HeaderList request = input.fields();
    String names = Variants.names(response);
    if (names != null) {
      String selecting = Variants.selecting(names, request);
      assertThat(Variants.selecting(selecting, request)).isEqualTo(selecting);
      assertThat(selecting.split("\n", -1)).hasSameSizeAs(names.split("\n", -1));
    }
    String stored = input.text();
    assertThat(Variants.selecting(stored, request)).isNotNull();
  }
}
