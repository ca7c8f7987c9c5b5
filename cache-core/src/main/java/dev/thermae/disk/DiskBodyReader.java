package dev.thermae.disk;

import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.store.BodyReader;
import dev.thermae.store.UnreadableBodyException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body's file in the pieces that were digested, stored or under way. The file stays open,
 * so it may be renamed or deleted meanwhile. For one thread at a time.
 */
final class DiskBodyReader implements BodyReader {
  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  /**
   * What can be read of a body.
   *
   * @param length bytes
   * @param bytes a digest for each piece, and perhaps more
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Digests(long length, byte[] bytes) {}

  private final File file;
  private final SeekableByteChannel in;
  private final Seal seal;
  private final Counters counters;
  private final Supplier<Digests> digests;
  private final byte[] piece = new byte[PIECE];
  private final byte[] digest;

  private DiskBodyReader(
      File file, SeekableByteChannel in, DiskStore store, Supplier<Digests> digests) {
    this.file = file;
    this.in = in;
    this.seal = store.seal();
    this.counters = store.counters();
    this.digests = digests;
    this.digest = new byte[seal.length()];
  }

  /** Reads what is stored; null where there is no such file, or none that can be opened. */
  static @Nullable BodyReader stored(File file, DiskStore store, long length, byte[] digests) {
    Digests all = new Digests(length, digests);
    try {
      return open(file, store, () -> all);
    } catch (IOException e) {
      return null; // missing, a pipe, or another user's
    }
  }

  /** Opens a body's file, and waits for no pipe. */
  static BodyReader open(File file, DiskStore store, Supplier<Digests> digests) throws IOException {
    Path path = file.toPath();
    if (CacheFolder.guards && GuardedFiles.holds(file)) {
      return new DiskBodyReader(file, GuardedFiles.open(path), store, digests);
    }
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(file.getPath(), null, "is no file");
    }
    return new DiskBodyReader(file, Files.newByteChannel(path, READ), store, digests);
  }

  @Override
  public long length() {
    return digests.get().length();
  }

  @Override
  public ByteBuffer at(long position) throws IOException {
    Digests known = digests.get();
    long from = position - position % PIECE;
    if (position < 0 || position >= known.length()) {
      throw new IllegalArgumentException(position + " is not within " + known.length() + " bytes");
    }
    int count = (int) Math.min(PIECE, known.length() - from);
    read(from, count);
    seal.digest(piece, 0, count, digest, 0);
    int expected = (int) (from / PIECE) * digest.length;
    if (!Arrays.equals(
        digest, 0, digest.length, known.bytes(), expected, expected + digest.length)) {
      throw refused(Rejection.SEAL, "damaged at byte " + from);
    }
    int skipped = (int) (position - from);
    return ByteBuffer.wrap(piece, skipped, count - skipped).slice();
  }

  private void read(long from, int count) throws IOException {
    try {
      in.position(from);
      ByteBuffer into = ByteBuffer.wrap(piece, 0, count);
      while (into.hasRemaining() && in.read(into) >= 0) {}
      if (into.hasRemaining()) {
        throw refused(Rejection.TRUNCATED, "ends at byte " + (from + into.position()));
      }
    } catch (UnreadableBodyException | ClosedChannelException e) {
      throw e; // the latter when this thread was interrupted, too
    } catch (IOException e) {
      counters.onFault(file.getPath(), e);
      throw new UnreadableBodyException(file.getName() + " cannot be read", e);
    }
  }

  private IOException refused(Rejection reason, String detail) {
    counters.onRejected(file.getPath(), reason, detail);
    return new UnreadableBodyException(file.getName() + ": " + detail, null);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      counters.onFault(file.getPath(), e);
    }
  }
}
