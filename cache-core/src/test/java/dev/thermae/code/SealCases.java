package dev.thermae.code;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** Both kinds of seal. */
final class SealCases {
  static final byte[] SECRET = "a secret of enough bytes".getBytes(StandardCharsets.UTF_8);
  static final byte[] OTHER = "quite another secret here".getBytes(StandardCharsets.UTF_8);

  private SealCases() {}

  static Stream<Seal> seals() {
    return Stream.of(Seal.checksum(), signed());
  }

  static Seal signed() {
    return Seal.signed(SigningKeys.of(7, SECRET), "tenant");
  }
}
