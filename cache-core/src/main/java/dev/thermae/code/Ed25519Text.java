package dev.thermae.code;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

/**
 * The forms a key is written in (RFC 7468, RFC 8410). For Ed25519 the encoded forms are a fixed
 * beginning and the 32 bytes of the key. Stateless.
 */
final class Ed25519Text {
  static final byte[] PRIVATE_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");
  static final byte[] PUBLIC_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int RAW = 32;
  private static final int LONGEST_FILE = 16 << 10;
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private Ed25519Text() {}

  static KeyFactory factory() throws NoSuchAlgorithmException {
    return KeyFactory.getInstance("Ed25519");
  }

  /** PKCS#8 or X.509 bytes of a key in any of its forms. */
  static byte[] encoded(byte[] text, String label, byte[] prefix, String what) {
    byte[] der = text.length == RAW ? join(prefix, text) : text;
    if (text.length > 0 && text[0] == '-') {
      der = ofPem(new String(text, StandardCharsets.ISO_8859_1), label, what);
    }
    boolean good =
        der.length == prefix.length + RAW
            && Arrays.equals(der, 0, prefix.length, prefix, 0, prefix.length);
    if (!good) {
      throw new IllegalArgumentException("not " + what + " of Ed25519 (PEM, DER or 32 bytes)");
    }
    return der.clone();
  }

  private static byte[] ofPem(String pem, String label, String what) {
    String begin = "-----BEGIN " + label + "-----";
    int start = pem.indexOf(begin);
    int end = pem.indexOf("-----END " + label + "-----");
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("not " + what + ": no " + begin);
    }
    try {
      String body = pem.substring(start + begin.length(), end);
      return Base64.getMimeDecoder().decode(body.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not " + what + ": its base64 is damaged", e);
    }
  }

  private static byte[] join(byte[] prefix, byte[] raw) {
    byte[] all = Arrays.copyOf(prefix, prefix.length + raw.length);
    System.arraycopy(raw, 0, all, prefix.length, raw.length);
    return all;
  }

  static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST_FILE + 1);
      if (bytes.length > LONGEST_FILE) {
        throw new IOException(file + " is too long for a key");
      }
      return bytes;
    }
  }

  /** The same for a file that only its owner may read, where files have modes. */
  static byte[] readSecret(Path file) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      for (PosixFilePermission each : Files.getPosixFilePermissions(file)) {
        if (OTHERS.contains(each)) {
          throw new IOException(file + " may be read or written by others: set its mode to 0600");
        }
      }
    }
    return read(file);
  }
}
