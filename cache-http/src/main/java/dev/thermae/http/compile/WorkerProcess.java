package dev.thermae.http.compile;

import dev.thermae.http.proxy.CompileRefusedException.Reason;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A worker's JVM, as seen from here: nothing that it says is believed. Whoever asks waits no longer
 * than agreed, since reading and writing is done by a thread of the process's own. Asked by one
 * thread at a time; ended by any.
 */
final class WorkerProcess {
  private static final int FIRST = 4 * Frames.LONGEST_HEAD;

  private final Path folder;
  private final Process process;
  private final int longestAnswer;
  private final InputStream from;
  private final OutputStream to;
  private final ExecutorService conversation;
  private final WorkerReport report;
  private volatile boolean ended;
  private int compiles;

  private WorkerProcess(Path folder, WorkerSettings settings) throws IOException, WorkerException {
    this.folder = folder;
    this.longestAnswer = settings.longestAnswer();
    this.process = start(folder, settings);
    Future<?> unused = process.onExit().thenRun(() -> WorkerFolder.remove(folder));
    this.from = new BufferedInputStream(process.getInputStream());
    this.to = new BufferedOutputStream(process.getOutputStream());
    this.conversation = Executors.newSingleThreadExecutor(task -> daemon(task, "thermae-compile"));
    StderrDrain printed = new StderrDrain(process.getErrorStream(), process.pid());
    daemon(printed, "thermae-compile-stderr").start();
    try {
      this.report = within(settings.time(), () -> WorkerReport.read(Frames.read(from, FIRST)));
    } catch (WorkerException e) {
      String said = printed.beginning().isEmpty() ? "" : ": " + printed.beginning();
      throw new WorkerException(e.reason, false, e.getMessage() + Frames.plain(said, 300));
    }
  }

  private static Process start(Path folder, WorkerSettings settings) throws IOException {
    try {
      return WorkerCommand.in(folder, settings).start();
    } catch (IOException e) {
      WorkerFolder.remove(folder);
      throw e;
    }
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Starts one and waits for its report.
   *
   * @throws WorkerException when it has not said what it can do in time
   */
  static WorkerProcess start(WorkerSettings settings) throws IOException, WorkerException {
    return new WorkerProcess(WorkerFolder.create(), settings);
  }

  /** What it can compile with. */
  WorkerReport report() {
    return report;
  }

  /** How many times it was asked. */
  int compiles() {
    return compiles;
  }

  /** Where it runs. */
  Path folder() {
    return folder;
  }

  long pid() {
    return process.pid();
  }

  boolean isUsable() {
    return !ended && process.isAlive();
  }

  /**
   * The answer to a request. When there is none, the process is dead.
   *
   * @throws WorkerException with reason TIMEOUT, HEAP or CRASHED
   */
  WorkerAnswer ask(WorkerRequest request, Duration time) throws WorkerException {
    compiles++;
    return within(time, () -> exchange(request));
  }

  private WorkerAnswer exchange(WorkerRequest request) throws IOException {
    if (from.available() > 0) {
      throw new MalformedFrameException("it spoke without being asked");
    }
    request.write(to);
    WorkerAnswer answer = WorkerAnswer.read(Frames.read(from, longestAnswer));
    if (answer.id() != request.id()) {
      throw new MalformedFrameException("an answer to something else");
    }
    return answer;
  }

  private <T> T within(Duration time, Callable<T> talk) throws WorkerException {
    Future<T> said;
    try {
      said = conversation.submit(talk);
    } catch (RejectedExecutionException e) {
      throw new WorkerException(Reason.CRASHED, false, "the compile worker is gone");
    }
    try {
      return said.get(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      end();
      throw new WorkerException(Reason.TIMEOUT, true, "it took longer than " + time);
    } catch (InterruptedException e) {
      end();
      Thread.currentThread().interrupt();
      throw new WorkerException(Reason.CLOSED, false, "interrupted");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw died(cause == null ? e : cause);
    }
  }

  private WorkerException died(Throwable why) {
    boolean talked = why instanceof MalformedFrameException || ended;
    int code = talked ? -1 : exitCode();
    end();
    return code == CompileWorker.NO_MEMORY
        ? new WorkerException(Reason.HEAP, true, "it took more memory than a compile may")
        : new WorkerException(Reason.CRASHED, true, "the compile worker died: " + why.getMessage());
  }

  /** Its streams ended or it was killed, so it ends; -1 where it does not. */
  private int exitCode() {
    try {
      return process.waitFor(2, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /** After {@link #end}: waits a little until it is gone, and its folder with it. */
  void awaitEnd() {
    exitCode();
    WorkerFolder.remove(folder);
  }

  /** Kills it and what it started. */
  void end() {
    ended = true;
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    conversation.shutdownNow();
  }
}
