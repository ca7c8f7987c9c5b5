package dev.thermae.http.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** A certificate for this machine, signed by an authority that nobody else knows. */
final class TestCertificate {
  private final HeldCertificate authority =
      new HeldCertificate.Builder().certificateAuthority(0).build();
  private final HeldCertificate server =
      new HeldCertificate.Builder()
          .signedBy(authority)
          .addSubjectAlternativeName("localhost")
          .addSubjectAlternativeName("127.0.0.1")
          .build();

  /** Written into a folder. */
  TlsFiles files(Path folder) throws IOException {
    Path chain = folder.resolve("chain.pem");
    Files.writeString(chain, server.certificatePem() + authority.certificatePem());
    Path key = folder.resolve("key.pem");
    Files.writeString(key, server.privateKeyPkcs8Pem());
    return new TlsFiles(chain, key);
  }

  /** The authority, written into a file. */
  Path authority(Path folder) throws IOException {
    return Files.writeString(folder.resolve("authority.pem"), authority.certificatePem());
  }

  /** For clients. */
  SSLContext trusting() {
    return new HandshakeCertificates.Builder()
        .addTrustedCertificate(authority.certificate())
        .build()
        .sslContext();
  }

  /** For a server. */
  SSLSocketFactory serving() {
    return new HandshakeCertificates.Builder()
        .heldCertificate(server, authority.certificate())
        .build()
        .sslSocketFactory();
  }

  /** The hash of the server's public key, as browsers are told whom to trust. */
  String pin() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] key = server.certificate().getPublicKey().getEncoded();
      return Base64.getEncoder().encodeToString(sha256.digest(key));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
