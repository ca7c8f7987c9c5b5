package dev.thermae.disk;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads files of other users in threads of its own: what was a file when it was looked at may have
 * been swapped for a pipe, and opening that for reading never returns. Whoever waits does so for a
 * second; after eight threads are lost no such file is read any more. Thread-safe.
 */
final class PatientReader {
  private static final long PATIENCE_MILLIS = 1_000;
  private static final int MOST_LOST = 8;
  private static final int WAITED_FOR = 0;
  private static final int GIVEN_UP = 1;
  private static final int DONE = 2;
  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  private static final AtomicInteger LOST = new AtomicInteger();

  private PatientReader() {}

  static byte[] read(Path file, long maximum) throws IOException {
    if (LOST.get() >= MOST_LOST) {
      throw new IOException("files of other users are not read any more: too many were pipes");
    }
    AtomicInteger state = new AtomicInteger(WAITED_FOR);
    FutureTask<byte[]> reading = new FutureTask<>(() -> readNow(file, maximum, state));
    Thread thread = new Thread(null, reading, "thermae-reader", 0, false);
    thread.setDaemon(true);
    thread.start();
    try {
      return reading.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      if (state.compareAndSet(WAITED_FOR, GIVEN_UP)) {
        LOST.incrementAndGet();
      }
      throw new IOException(file + " did not open within a second: it may be a pipe", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException fault ? fault : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while another user's file was read", e);
    }
  }

  private static byte[] readNow(Path file, long maximum, AtomicInteger state) throws IOException {
    try (SeekableByteChannel in = Files.newByteChannel(file, READ)) {
      return GuardedFiles.all(in, maximum);
    } finally {
      if (state.getAndSet(DONE) == GIVEN_UP) {
        LOST.decrementAndGet();
      }
    }
  }
}
