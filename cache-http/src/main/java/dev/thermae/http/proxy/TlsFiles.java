package dev.thermae.http.proxy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server's certificate with those that vouch for it, and its key, in PEM files as certificate
 * authorities hand them out (RFC 7468). Immutable.
 *
 * @param certificates the server's own first
 * @param key PKCS #8, not encrypted
 */
public record TlsFiles(Path certificates, Path key) {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  /** What a key signs to show that it is the certificate's, and how, by the kind of key. */
  private static final byte[] CHALLENGE = "thermae".getBytes(StandardCharsets.US_ASCII);

  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  /**
   * Both as a key store, whose password is empty.
   *
   * @throws IOException when a file cannot be read or is not what it should be, saying which and
   *     why
   */
  KeyStore keyStore() throws IOException {
    try {
      Certificate[] chain = chain();
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", matching(chain[0]), new char[0], chain);
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException(key + " and " + certificates + " do not go together: " + words(e), e);
    }
  }

  /**
   * The server's own certificate, after the file was read as a listener would read it.
   *
   * @throws IOException when it cannot be read, holds no certificate or has them in another order,
   *     saying so
   */
  public X509Certificate certificate() throws IOException {
    return chain()[0];
  }

  /**
   * Reads the key as a listener would, and sees that it is the certificate's.
   *
   * @throws IOException when it is not, or one of the files cannot be used, saying why
   */
  public void check() throws IOException {
    keyStore();
  }

  private X509Certificate[] chain() throws IOException {
    byte[] text = read(certificates);
    List<X509Certificate> chain = new ArrayList<>();
    try {
      for (Certificate each :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(text))) {
        chain.add((X509Certificate) each);
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(certificates + " is no list of certificates: " + words(e), e);
    }
    if (chain.isEmpty()) {
      throw new IOException(certificates + " holds no certificate in PEM");
    }
    for (int i = 1; i < chain.size(); i++) {
      if (!chain
          .get(i - 1)
          .getIssuerX500Principal()
          .equals(chain.get(i).getSubjectX500Principal())) {
        throw new IOException(
            certificates
                + ": certificate "
                + (i + 1)
                + " does not vouch for the one before it; the server's own comes first, then who"
                + " signed it, and so on");
      }
    }
    return chain.toArray(new X509Certificate[0]);
  }

  private static byte[] read(Path file) throws IOException {
    if (!Files.exists(file) || Files.isDirectory(file)) {
      throw new IOException(file + (Files.exists(file) ? " is a folder" : " is missing"));
    }
    if (!Files.isReadable(file)) {
      throw new IOException(file + " cannot be read: no permission");
    }
    return Files.readAllBytes(file);
  }

  /** The key, once it has signed something that the certificate verifies. */
  private PrivateKey matching(Certificate own) throws IOException, GeneralSecurityException {
    PrivateKey found = privateKey(own);
    String algorithm = SIGNATURES.get(own.getPublicKey().getAlgorithm());
    if (algorithm == null) {
      return found;
    }
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(found);
    signature.update(CHALLENGE);
    byte[] signed = signature.sign();
    signature.initVerify(own.getPublicKey());
    signature.update(CHALLENGE);
    boolean matches;
    try {
      matches = signature.verify(signed);
    } catch (SignatureException e) {
      matches = false; // of another length
    }
    if (!matches) {
      throw notOurs(null);
    }
    return found;
  }

  private IOException notOurs(@Nullable Exception cause) {
    return new IOException(
        key
            + " is no key for the certificate in "
            + certificates
            + ", which is the first one there",
        cause);
  }

  private PrivateKey privateKey(Certificate own) throws IOException, GeneralSecurityException {
    String text = new String(read(key), StandardCharsets.ISO_8859_1);
    int from = text.indexOf(BEGIN);
    int to = text.indexOf(END);
    if (from < 0 || to < from) {
      throw new IOException(
          key + " holds no \"" + BEGIN + "\"; `openssl pkcs8 -topk8 -nocrypt` writes that form");
    }
    byte[] bytes;
    try {
      bytes = Base64.getMimeDecoder().decode(text.substring(from + BEGIN.length(), to));
    } catch (IllegalArgumentException e) {
      throw new IOException(key + " is damaged: " + words(e), e);
    }
    try {
      String algorithm = own.getPublicKey().getAlgorithm();
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
    } catch (InvalidKeySpecException e) {
      throw notOurs(e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static String words(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
