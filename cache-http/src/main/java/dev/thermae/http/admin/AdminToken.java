package dev.thermae.http.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The secret that the admin listener asks for. Immutable; its text is told to nobody. */
public final class AdminToken {
  private static final int LEAST = 16;
  private static final int MOST = 1024;
  private static final int RANDOM_BYTES = 32;
  private static final String SCHEME = "Bearer ";
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private final byte[] digest;

  private AdminToken(byte[] digest) {
    this.digest = digest;
  }

  /**
   * A token that is known, white space around it left out.
   *
   * @throws IllegalArgumentException unless it has 16 to 1,024 characters, all of them visible
   *     ASCII
   */
  public static AdminToken of(String text) {
    String token = text.strip();
    if (token.length() < LEAST || token.length() > MOST) {
      throw new IllegalArgumentException("a token has 16 to 1024 characters");
    }
    if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("a token has visible ASCII characters only");
    }
    return new AdminToken(sha256(token));
  }

  /**
   * The token in a file that only its owner can use; where there is no file, one is made, of mode
   * 0600, with a random token.
   *
   * @throws IOException when the file cannot be read or made, when it is no plain file, when others
   *     may use it, or when what it holds is no token
   */
  public static AdminToken read(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      create(file);
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " is no file");
    }
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view != null) {
      Set<PosixFilePermission> permissions = view.readAttributes().permissions();
      if (permissions.stream().anyMatch(OTHERS::contains)) {
        String mode = PosixFilePermissions.toString(permissions);
        throw new IOException(file + " may be used by others (" + mode + "): chmod 600 it");
      }
    }
    if (Files.size(file) > 2 * MOST) {
      throw new IOException(file + " holds no token: it is too long");
    }
    try {
      return of(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " holds no token: " + e.getMessage(), e);
    }
  }

  private static void create(Path file) throws IOException {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mode = {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel =
        Files.newByteChannel(file, options, posix ? mode : new FileAttribute<?>[0])) {
      channel.write(StandardCharsets.US_ASCII.encode(token + "\n"));
    } catch (FileAlreadyExistsException e) {
      // Another process has made it just now: its token is as good.
      return;
    }
  }

  /** Whether an {@code Authorization} field presents it; takes as long for any other. */
  boolean isPresentedBy(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    String presented = authorization.substring(SCHEME.length()).strip();
    return MessageDigest.isEqual(sha256(presented), digest);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
