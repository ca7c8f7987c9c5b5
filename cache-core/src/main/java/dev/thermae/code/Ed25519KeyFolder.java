package dev.thermae.code;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Pairs of keys in a folder: {@code 1.private.pem} with {@code 1.public.pem}, and so on. The number
 * is what readers know a key by. Private ones are for whoever signs, a proxy; the public ones go to
 * its readers. Stateless.
 *
 * <p>To change the key without a moment in which code is refused: make the next pair, give readers
 * both public keys, have the signer use the new private one, and take the old public key away when
 * nothing that it signed is wanted any more.
 */
public final class Ed25519KeyFolder {
  private static final String PRIVATE = ".private.pem";
  private static final String PUBLIC = ".public.pem";

  private Ed25519KeyFolder() {}

  /**
   * Makes the pair with the next number; the folder is made, with mode 0700, where it is missing,
   * and the private key's file has mode 0600.
   *
   * @return the number
   * @throws IOException when a file or the folder cannot be made
   */
  public static int make(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, mode(folder.toAbsolutePath(), "rwx------"));
    }
    NavigableMap<Integer, Path> known = files(folder, PUBLIC);
    known.putAll(files(folder, PRIVATE));
    int number = known.isEmpty() ? 1 : Math.addExact(known.lastKey(), 1);
    while (!make(folder, number)) {
      number = Math.addExact(number, 1); // another process was quicker
    }
    return number;
  }

  private static boolean make(Path folder, int number) throws IOException {
    KeyPair pair;
    try {
      pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
    Path secret = privateKey(folder, number);
    try {
      write(secret, Ed25519Text.pem("PRIVATE KEY", pair.getPrivate().getEncoded()), "rw-------");
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    boolean whole = false;
    try {
      String open = Ed25519Text.pem("PUBLIC KEY", pair.getPublic().getEncoded());
      write(publicKey(folder, number), open, "rw-r--r--");
      whole = true;
    } finally {
      if (!whole) {
        Files.deleteIfExists(secret);
      }
    }
    return true;
  }

  private static void write(Path file, String text, String mode) throws IOException {
    Set<StandardOpenOption> anew = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel = Files.newByteChannel(file, anew, mode(file.toAbsolutePath(), mode))) {
      OutputStream out = Channels.newOutputStream(channel);
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static FileAttribute<?>[] mode(Path place, String mode) {
    return place.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  /** Where the private key of that number is. */
  public static Path privateKey(Path folder, int number) {
    return folder.resolve(number + PRIVATE);
  }

  /** Where the public key of that number is. */
  public static Path publicKey(Path folder, int number) {
    return folder.resolve(number + PUBLIC);
  }

  /**
   * The number that a file made here has in its name; 1 for files of other names.
   *
   * @param key private or public
   */
  public static int number(Path key) {
    int number = Math.max(number(key, PRIVATE), number(key, PUBLIC));
    return number == 0 ? 1 : number;
  }

  private static int number(Path file, String end) {
    String name = String.valueOf(file.getFileName());
    try {
      int digits = name.length() - end.length();
      int number = name.endsWith(end) ? Integer.parseInt(name, 0, digits, 10) : 0;
      return Math.max(0, number);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /**
   * All public keys of the folder, under their numbers.
   *
   * @throws IOException when there are none, or one cannot be read or is no public key
   */
  public static Ed25519PublicKeys publicKeys(Path folder) throws IOException {
    Ed25519PublicKeys keys = Ed25519PublicKeys.none();
    for (Map.Entry<Integer, Path> file : files(folder, PUBLIC).entrySet()) {
      keys = keys.accepting(file.getKey(), file.getValue());
    }
    if (keys.ids().isEmpty()) {
      throw new IOException(folder + " holds no public key: no file is called like 1" + PUBLIC);
    }
    return keys;
  }

  private static NavigableMap<Integer, Path> files(Path folder, String end) {
    NavigableMap<Integer, Path> files = new TreeMap<>();
    String[] names = folder.toFile().list();
    for (String name : names == null ? new String[0] : names) {
      int number = number(folder.resolve(name), end);
      if (number > 0) {
        files.put(number, folder.resolve(name));
      }
    }
    return files;
  }
}
