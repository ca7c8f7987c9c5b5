package dev.thermae.code;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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

  private static final String BEGIN = "-----BEGIN ";
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
    if (text.length == 0) {
      throw new IllegalArgumentException("not " + what + ": it is empty");
    }
    byte[] der = text.length == RAW ? join(prefix, text) : text;
    String pem = new String(text, StandardCharsets.ISO_8859_1);
    if (pem.contains(BEGIN)) {
      der = ofPem(pem, label, what);
    }
    boolean good =
        der.length == prefix.length + RAW
            && Arrays.equals(der, 0, prefix.length, prefix, 0, prefix.length);
    if (!good) {
      throw new IllegalArgumentException(
          "not "
              + what
              + " of Ed25519 (PEM, DER or 32 bytes), or one of another kind, such as RSA;"
              + " 'openssl genpkey -algorithm ed25519' makes the right kind");
    }
    return der.clone();
  }

  private static byte[] ofPem(String pem, String label, String what) {
    String begin = "-----BEGIN " + label + "-----";
    int start = pem.indexOf(begin);
    int end = pem.indexOf("-----END " + label + "-----");
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("not " + what + ": " + instead(pem, begin));
    }
    try {
      String body = pem.substring(start + begin.length(), end);
      return Base64.getMimeDecoder().decode(body.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not " + what + ": its base64 is damaged", e);
    }
  }

  /** What PEM text holds in place of what was wanted. */
  private static String instead(String pem, String begin) {
    int start = pem.indexOf(BEGIN) + BEGIN.length();
    int end = pem.indexOf("-----", start);
    String found = end < 0 ? "" : pem.substring(start, end);
    if (begin.equals(BEGIN + found + "-----")) {
      return "it is cut off";
    }
    return switch (found) {
      case "ENCRYPTED PRIVATE KEY" ->
          "it is encrypted; 'openssl pkey -in FILE -out OTHER' takes the password away";
      case "PUBLIC KEY" -> "it is the public key, and the private one is wanted";
      case "PRIVATE KEY" ->
          "it is the private key, and the public one is wanted, as 'openssl pkey -in FILE -pubout'"
              + " writes it";
      case "OPENSSH PRIVATE KEY" ->
          "it is a key of OpenSSH; 'openssl genpkey -algorithm ed25519' makes the right kind";
      default -> "no " + begin;
    };
  }

  /** As PEM (RFC 7468 section 2). */
  static String pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private static byte[] join(byte[] prefix, byte[] raw) {
    byte[] all = Arrays.copyOf(prefix, prefix.length + raw.length);
    System.arraycopy(raw, 0, all, prefix.length, raw.length);
    return all;
  }

  /** A file in whole; the message of what is thrown names it and says what is wrong with it. */
  static byte[] read(Path file) throws IOException {
    if (!Files.exists(file) || Files.isDirectory(file)) {
      throw new IOException(file + (Files.exists(file) ? " is a folder" : " is missing"));
    }
    if (!Files.isReadable(file)) {
      throw new IOException(file + " cannot be read: no permission");
    }
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
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (posix && Files.exists(file) && !Files.isDirectory(file)) {
      for (PosixFilePermission each : Files.getPosixFilePermissions(file)) {
        if (OTHERS.contains(each)) {
          throw new IOException(
              file
                  + " may be read or written by others: chmod 0600 it, and make another key if"
                  + " they may have read it");
        }
      }
    }
    return read(file);
  }
}
