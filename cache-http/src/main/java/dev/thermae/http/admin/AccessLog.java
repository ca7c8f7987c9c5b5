package dev.thermae.http.admin;

import dev.thermae.http.proxy.ProxyListener;
import dev.thermae.http.proxy.ProxyRequest;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Appends a line for every request to a file, on a thread of its own. No request waits for it: when
 * the disk does not keep up, lines are dropped and counted. A file that was moved away, as log
 * rotation does, is made anew before the next lines are written. Thread-safe.
 */
public final class AccessLog implements ProxyListener, AutoCloseable {
  /** Requests that wait to be written, at most; about 1 KiB each. */
  private static final int WAITING = 8192;

  private static final int BATCH = 512;
  private static final long CLOSING_MILLIS = 5000;

  private final Path file;
  private final LogFormat format;
  private final BlockingQueue<ProxyRequest> waiting = new ArrayBlockingQueue<>(WAITING);
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread;
  private volatile boolean closing;
  private boolean complained;
  private @Nullable BufferedWriter out;

  private AccessLog(Path file, LogFormat format) throws IOException {
    this.file = file;
    this.format = format;
    this.out = append();
    this.thread = new Thread(this::run, "thermae-access-log");
    thread.setDaemon(true);
  }

  /**
   * Opens a log.
   *
   * @throws IOException when the file cannot be appended to
   */
  public static AccessLog open(Path file, LogFormat format) throws IOException {
    AccessLog log = new AccessLog(file, format);
    log.thread.start();
    return log;
  }

  private BufferedWriter append() throws IOException {
    return Files.newBufferedWriter(
        file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Override
  public void onRequest(ProxyRequest request) {
    if (closing || !waiting.offer(request)) {
      dropped.incrementAndGet();
    }
  }

  /** Lines written so far. */
  public long written() {
    return written.get();
  }

  /** Lines lost so far, because too many waited or the file could not be written. */
  public long dropped() {
    return dropped.get();
  }

  private void run() {
    List<ProxyRequest> batch = new ArrayList<>(BATCH);
    try {
      while (!closing || !waiting.isEmpty()) {
        ProxyRequest first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, BATCH - 1);
          write(batch);
          batch.clear();
        }
      }
    } catch (InterruptedException e) {
      dropped.addAndGet(waiting.size()); // the last wait is over
    } finally {
      shut();
    }
  }

  private void write(List<ProxyRequest> batch) {
    try {
      BufferedWriter to = out;
      if (to == null || !Files.exists(file)) {
        shut();
        to = append();
        out = to;
      }
      for (ProxyRequest request : batch) {
        to.write(format.line(request));
        to.write('\n');
      }
      to.flush();
      written.addAndGet(batch.size());
    } catch (IOException | RuntimeException e) {
      dropped.addAndGet(batch.size());
      shut();
      if (!complained) {
        complained = true;
        String rest = " (further lines that are lost are only counted)";
        System.getLogger("dev.thermae")
            .log(System.Logger.Level.WARNING, "the access log cannot be written: " + e + rest);
      }
    }
  }

  private void shut() {
    BufferedWriter known = out;
    out = null;
    if (known != null) {
      try {
        known.close();
      } catch (IOException e) {
        complained = true; // what could be written was flushed
      }
    }
  }

  /** Writes what waits, for at most five seconds. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(CLOSING_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
  }
}
