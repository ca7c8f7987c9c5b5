package dev.thermae.disk;

import dev.thermae.code.Seal;
import dev.thermae.code.SigningKeys;
import java.nio.charset.StandardCharsets;

class SignedDiskStoreTest extends DiskStoreTest {
  private final Seal seal =
      Seal.signed(
          SigningKeys.of(3, "a secret of enough bytes".getBytes(StandardCharsets.UTF_8)), "tenant");

  @Override
  Seal seal() {
    return seal;
  }
}
