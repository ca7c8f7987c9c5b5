package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Ed25519KeyFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve --check-config}: what is wrong, where it was said, what to do; nothing is made. */
class ServeCheckTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final HeldCertificate authority =
      new HeldCertificate.Builder().certificateAuthority(0).build();
  private final HeldCertificate server = new HeldCertificate.Builder().signedBy(authority).build();
  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void resolve() throws IOException {
    folder = temporary.toRealPath();
  }

  private int check(String... more) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> args = new ArrayList<>();
    args.addAll(List.of("serve", "--check-config", "--origin", "http://127.0.0.1:1"));
    args.addAll(List.of(more));
    if (!args.contains("--dir")) {
      args.addAll(List.of("--dir", folder.resolve("cache").toString()));
    }
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(new String[0]));
  }

  private Path file(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private void wrong(String said, String... more) {
    assertThat(check(more)).as(said).isEqualTo(2);
    assertThat(err.toString()).startsWith("thermae: ").contains(said);
    assertThat(out.toString()).isEmpty();
  }

  private String[] tls(Path certificates, Path key) throws IOException {
    Path config =
        file(
            "proxy.conf",
            "\nlisten.tls { certificates = \"" + certificates + "\"\n key = \"" + key + "\" }\n");
    return new String[] {"-c", config.toString()};
  }

  @Test
  void whatCanBeUsedIsPrintedAndNothingIsMade() throws Exception {
    Path chain = file("chain.pem", server.certificatePem() + authority.certificatePem());
    Path key = file("key.pem", server.privateKeyPkcs8Pem());
    assertThat(check(tls(chain, key))).as(err.toString()).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString()).contains(chain.toString());
    assertThat(
            check(
                "--admin-port",
                "0",
                "--admin-token-file",
                folder.resolve("new/token").toString(),
                "--access-log",
                folder.resolve("access.log").toString()))
        .as(err.toString())
        .isZero();
    assertThat(folder.resolve("cache")).doesNotExist();
    assertThat(folder.resolve("new")).doesNotExist();
    assertThat(folder.resolve("access.log")).doesNotExist();
  }

  @Test
  void certificatesAndTheirKeyAreRead() throws Exception {
    Path chain = file("chain.pem", server.certificatePem() + authority.certificatePem());
    Path key = file("key.pem", server.privateKeyPkcs8Pem());
    wrong(
        "proxy.conf: 2: listen.tls.certificates: " + folder.resolve("no.pem") + " is missing",
        tls(folder.resolve("no.pem"), key));
    wrong(
        "proxy.conf: 3: listen.tls.key: " + folder.resolve("no.pem") + " is missing",
        tls(chain, folder.resolve("no.pem")));
    wrong("holds no certificate in PEM", tls(file("empty.pem", ""), key));
    wrong(
        "certificate 2 does not vouch for the one before it; the server's own comes first",
        tls(file("turned.pem", authority.certificatePem() + server.certificatePem()), key));
    Path other = file("other.pem", new HeldCertificate.Builder().build().privateKeyPkcs8Pem());
    wrong(
        "proxy.conf: 3: listen.tls.key: " + other + " is no key for the certificate in " + chain,
        tls(chain, other));
    wrong("`openssl pkcs8 -topk8 -nocrypt` writes that form", tls(chain, file("k.pem", "no key")));
  }

  @Test
  void aKeyOfEverybodyAndAnOldCertificateAreWarnedOf() throws Exception {
    HeldCertificate old = new HeldCertificate.Builder().validityInterval(0, 1000).build();
    Path key = file("key.pem", old.privateKeyPkcs8Pem());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(check(tls(file("chain.pem", old.certificatePem()), key))).isZero();
    assertThat(err.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("warning: ", "it ended at 1970-01-01T00:00:01Z"),
            line -> assertThat(line).contains("may be read by everybody: chmod 0600 it"));
  }

  @Test
  void placesAreLookedAt() throws Exception {
    Path file = file("file", "");
    wrong("--dir: cache.directory: ", "--dir", file.resolve("cache").toString());
    wrong(
        "--access-log: access-log.file: " + folder.resolve("none") + " is no folder: make it",
        "--access-log",
        folder.resolve("none/access.log").toString());
    wrong("--bind: listen.bind: no such name", "--bind", "no such name");
    Path token = file("token", "short");
    wrong(
        "admin.token-file: " + token + " holds no token",
        "--admin-port",
        "0",
        "--admin-token-file",
        token.toString());
  }

  @Test
  void signingKeysAreRefusedInWords() throws Exception {
    Ed25519KeyFolder.make(folder);
    Path good = Ed25519KeyFolder.privateKey(folder, 1);
    Path open = Ed25519KeyFolder.publicKey(folder, 1);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-------"));
    String at = "--signing-key: compile.signing-key: ";
    Path none = folder.resolve("none.pem");
    wrong(
        at + none + " is missing; 'thermae keys pair DIR' makes one",
        "--signing-key",
        none.toString());
    wrong(
        at + open + ": not a private key: it is the public key, and the private one is wanted",
        "--signing-key",
        open.toString());
    wrong("it is empty", "--signing-key", file("empty", "").toString());
    Path encrypted = file("e.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA\n");
    wrong("it is encrypted; 'openssl pkey", "--signing-key", encrypted.toString());
    Path rsa = file("rsa.pem", server.privateKeyPkcs8Pem());
    wrong("or one of another kind, such as RSA", "--signing-key", rsa.toString());
    wrong(
        "--signing-key-id: compile.signing-key-id: a key's number is 1 and more, not 0",
        "--signing-key",
        good.toString(),
        "--signing-key-id",
        "0");
    Files.setPosixFilePermissions(good, PosixFilePermissions.fromString("rw-r--r--"));
    wrong(
        at + good + " may be read or written by others: chmod 0600 it",
        "--signing-key",
        good.toString());
  }

  /** What was said on the command line is wrong there, and not in the file of defaults. */
  @Test
  void enginesAreStarted() throws Exception {
    Ed25519KeyFolder.make(folder);
    String key = Ed25519KeyFolder.privateKey(folder, 1).toString();
    Path noJar = file("no.jar", "no jar");
    wrong(
        "--engine-path: compile.engine-path: nothing is at /no/x.jar",
        "--signing-key",
        key,
        "--engine",
        "rhino",
        "--engine-path",
        "/no/x.jar");
    wrong(
        "--engine-path: compile.engine-path: no jar or folder of engines: " + noJar,
        "--signing-key",
        key,
        "--engine",
        "rhino",
        "--engine-path",
        noJar.toString());
    wrong(
        "--compile-heap: compile.heap: a heap has 16 MiB and more",
        "--signing-key",
        key,
        "--engine",
        "rhino",
        "--compile-heap",
        "1");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    wrong(
        "--engine: compile.engines: rhino: the library of rhino is not on the class path",
        "--signing-key",
        key,
        "--engine",
        "rhino",
        "--engine-path",
        empty.toString());
    assertThat(check("--signing-key", key, "--engine", "rhino", "--compile-heap", "900000GiB"))
        .isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "thermae: warning: --compile-heap: compile.heap: all JVMs that compile may take")
        .contains("no compile worker starts");
    assertThat(check("--signing-key", key, "--engine", "rhino")).as(err.toString()).isZero();
  }
}
