package dev.thermae.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pairs of keys in files, and what is said of files that are none. */
class Ed25519KeyFolderTest {
  @TempDir Path temporary;

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void pairsHaveTheNextNumberAndFitTogether() throws IOException {
    Path folder = temporary.resolve("new").resolve("keys");
    assertThat(Ed25519KeyFolder.make(folder)).isEqualTo(1);
    assertThat(Ed25519KeyFolder.make(folder)).isEqualTo(2);
    Files.delete(Ed25519KeyFolder.publicKey(folder, 2));
    Files.writeString(folder.resolve("x.public.pem"), "no number");
    assertThat(Ed25519KeyFolder.make(folder)).as("2 is signed with, still").isEqualTo(3);
    assertThat(mode(folder)).isEqualTo("rwx------");
    assertThat(mode(Ed25519KeyFolder.privateKey(folder, 1))).isEqualTo("rw-------");
    Ed25519PublicKeys open = Ed25519KeyFolder.publicKeys(folder);
    assertThat(open.ids()).containsExactly(1, 3);
    byte[] message = "message".getBytes(StandardCharsets.UTF_8);
    for (int number : open.ids()) {
      Path secret = Ed25519KeyFolder.privateKey(folder, number);
      Seal signing = Seal.signing(Ed25519SigningKey.read(number, secret), open);
      byte[] tag = new byte[64];
      signing.tag(message, 0, message.length, tag, 0);
      Seal verifying = Seal.verifying(open);
      assertThat(verifying.check(number, message, 0, message.length, tag, 0)).isNull();
      assertThat(verifying.check(4 - number, message, 0, message.length, tag, 0))
          .isEqualTo(Rejection.SEAL);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "7.private.pem, 7",
    "12.public.pem, 12",
    "signing.pem, 1",
    "x.private.pem, 1",
    "-3.public.pem, 1",
    "99999999999.public.pem, 1",
  })
  void numbersAreInNames(String name, int number) {
    assertThat(Ed25519KeyFolder.number(Path.of("keys", name))).isEqualTo(number);
  }

  @Test
  void aFolderWithoutKeysAndOneThatCannotBeMadeAreTold() throws IOException {
    assertThatIOException()
        .isThrownBy(() -> Ed25519KeyFolder.publicKeys(temporary))
        .withMessageContaining("holds no public key: no file is called like 1.public.pem");
    Path file = Files.writeString(temporary.resolve("file"), "");
    assertThatIOException().isThrownBy(() -> Ed25519KeyFolder.make(file));
    Path damaged = Ed25519KeyFolder.publicKey(temporary, 1);
    Files.writeString(damaged, "-----BEGIN PUBLIC KEY-----\n");
    assertThatIOException()
        .isThrownBy(() -> Ed25519KeyFolder.publicKeys(temporary))
        .withMessage(damaged + ": not a public key: it is cut off");
  }

  @ParameterizedTest
  @CsvSource({
    "PUBLIC KEY, it is the public key",
    "ENCRYPTED PRIVATE KEY, it is encrypted",
    "OPENSSH PRIVATE KEY, it is a key of OpenSSH",
    "PRIVATE KEY, it is cut off",
    "CERTIFICATE, no -----BEGIN PRIVATE KEY-----",
  })
  void whatIsThereInsteadOfAPrivateKeyIsTold(String label, String said) throws IOException {
    Path file = Files.writeString(temporary.resolve("key"), "-----BEGIN " + label + "-----\nAA\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThatIOException()
        .isThrownBy(() -> Ed25519SigningKey.read(1, file))
        .withMessageStartingWith(file + ": not a private key: ")
        .withMessageContaining(said);
  }

  @Test
  void whatCannotBeReadIsNamed() {
    Path none = temporary.resolve("none");
    assertThatIOException()
        .isThrownBy(() -> Ed25519SigningKey.read(1, none))
        .withMessage(none + " is missing");
    assertThatIOException()
        .isThrownBy(() -> Ed25519PublicKeys.read(1, temporary))
        .withMessage(temporary + " is a folder");
  }
}
