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
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

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
      store.setKeyEntry("server", privateKey(chain[0]), new char[0], chain);
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException(key + " and " + certificates + " do not go together: " + words(e), e);
    }
  }

  private Certificate[] chain() throws IOException {
    try {
      byte[] text = Files.readAllBytes(certificates);
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(text))
              .toArray(new Certificate[0]);
      if (chain.length == 0) {
        throw new IOException(certificates + " holds no certificate in PEM");
      }
      return chain;
    } catch (GeneralSecurityException e) {
      throw new IOException(certificates + " is no list of certificates: " + words(e), e);
    }
  }

  private PrivateKey privateKey(Certificate own) throws IOException, GeneralSecurityException {
    String text = Files.readString(key, StandardCharsets.ISO_8859_1);
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
      throw new IOException(key + " is no key for the certificate in " + certificates, e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static String words(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
