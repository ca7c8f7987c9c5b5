package dev.thermae.http.compile;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.event.TimeSource;
import dev.thermae.http.proxy.CompileRefusedException.Reason;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Workers and the line in front of them. Thread-safe. */
final class WorkerPool {
  private static final System.Logger LOG = System.getLogger("dev.thermae");

  private final WorkerSettings settings;
  private final Semaphore turns;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Deque<WorkerProcess> idle = new ArrayDeque<>();
  private final Set<WorkerProcess> alive = ConcurrentHashMap.newKeySet();
  private final SecureRandom ids = new SecureRandom();
  private final StartPause pause;
  private final ScheduledThreadPoolExecutor later;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile @Nullable WorkerReport report;
  private volatile boolean closed;

  WorkerPool(WorkerSettings settings, TimeSource time) {
    this.settings = settings;
    this.turns = new Semaphore(settings.workers());
    this.pause = new StartPause(time);
    this.later = new ScheduledThreadPoolExecutor(1, WorkerPool::background);
    later.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    warm();
  }

  private static Thread background(Runnable task) {
    Thread thread = new Thread(task, "thermae-compile-care");
    thread.setDaemon(true);
    return thread;
  }

  /** What the newest worker said; a worker is started when there was none. */
  @Nullable WorkerReport report() {
    try {
      return closed ? report : firstReport();
    } catch (WorkerException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "no code can be made with " + settings.engines() + ": " + e.getMessage());
      return report;
    }
  }

  /** The same, where none was started yet the reason why none can be. */
  WorkerReport firstReport() throws WorkerException {
    WorkerReport known = report;
    if (known != null) {
      return known;
    }
    enter();
    try {
      WorkerProcess worker = take();
      giveBack(worker);
      return worker.report();
    } finally {
      turns.release();
    }
  }

  /** What the newest worker said; null when there was none. */
  @Nullable WorkerReport known() {
    return report;
  }

  /** What it compiles with. */
  List<String> engines() {
    return settings.engines();
  }

  /** Compiles, after those who came before. */
  WorkerAnswer compile(Fingerprint fingerprint, Source source, Shape shape) throws WorkerException {
    enter();
    try {
      WorkerProcess worker = take();
      String engine = worker.report().engines().get(fingerprint);
      if (engine == null) {
        giveBack(worker);
        throw new WorkerException(Reason.UNKNOWN_FINGERPRINT, false, "no engine of that kind");
      }
      return ask(worker, new WorkerRequest(ids.nextLong(), engine, source, shape));
    } finally {
      turns.release();
      warm();
    }
  }

  private WorkerAnswer ask(WorkerProcess worker, WorkerRequest request) throws WorkerException {
    asked.incrementAndGet();
    try {
      WorkerAnswer answer = worker.ask(request, settings.time());
      if (answer.outcome() == WorkerAnswer.Outcome.FAULT
          || worker.compiles() >= settings.compiles()) {
        retire(worker);
      } else {
        giveBack(worker);
      }
      return answer;
    } catch (WorkerException e) {
      retire(worker);
      throw closed ? new WorkerException(Reason.CLOSED, false, "closed") : e;
    }
  }

  private void enter() throws WorkerException {
    if (!turns.tryAcquire()) {
      if (waiting.incrementAndGet() > settings.queue()) {
        waiting.decrementAndGet();
        throw new WorkerException(Reason.QUEUE_FULL, false, "too many wait for a compile");
      }
      try {
        if (!turns.tryAcquire(settings.time().toNanos(), TimeUnit.NANOSECONDS)) {
          throw new WorkerException(Reason.QUEUE_FULL, false, "waited too long for a compile");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new WorkerException(Reason.CLOSED, false, "interrupted");
      } finally {
        waiting.decrementAndGet();
      }
    }
    if (closed) {
      turns.release();
      throw new WorkerException(Reason.CLOSED, false, "closed");
    }
  }

  private WorkerProcess take() throws WorkerException {
    for (WorkerProcess known = next(); known != null; known = next()) {
      if (known.isUsable()) {
        return known;
      }
      retire(known);
    }
    return start();
  }

  private WorkerProcess start() throws WorkerException {
    pause.check();
    try {
      WorkerProcess started = WorkerProcess.start(settings);
      pause.over();
      alive.add(started);
      said(started.report());
      if (closed) {
        retire(started);
        throw new WorkerException(Reason.CLOSED, false, "closed");
      }
      return started;
    } catch (IOException e) {
      throw pause.failed(String.valueOf(e.getMessage()));
    } catch (WorkerException e) {
      throw e.reason == Reason.CLOSED ? e : pause.failed(String.valueOf(e.getMessage()));
    }
  }

  /** What the first one cannot compile with, none can, and nobody else would say so. */
  private void said(WorkerReport now) {
    if (report == null) {
      now.missing()
          .forEach(
              (engine, why) ->
                  LOG.log(
                      System.Logger.Level.WARNING, "no code is made with " + engine + ": " + why));
    }
    report = now;
  }

  private @Nullable WorkerProcess next() {
    synchronized (idle) {
      return idle.pollFirst();
    }
  }

  private void giveBack(WorkerProcess worker) {
    synchronized (idle) {
      idle.addFirst(worker);
    }
    if (closed) {
      retire(worker);
      return;
    }
    int compiles = worker.compiles();
    Future<?> unused =
        later.schedule(
            () -> endIdle(worker, compiles), settings.idle().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Ends a worker that was not asked meanwhile. */
  private void endIdle(WorkerProcess worker, int compiles) {
    boolean unused;
    synchronized (idle) {
      unused = worker.compiles() == compiles && idle.remove(worker);
    }
    if (unused) {
      retire(worker);
    }
  }

  private void retire(WorkerProcess worker) {
    alive.remove(worker);
    worker.end();
  }

  /** Starts workers up to their number, where that was asked for. */
  private void warm() {
    if (settings.warm() && !closed) {
      for (int missing = settings.workers() - alive.size(); missing > 0; missing--) {
        later.execute(this::startOne);
      }
    }
  }

  private void startOne() {
    if (alive.size() < settings.workers() && turns.tryAcquire()) {
      try {
        giveBack(start());
      } catch (WorkerException e) {
        LOG.log(System.Logger.Level.WARNING, e.getMessage());
      } finally {
        turns.release();
      }
    }
  }

  /** Ends all workers, and whoever waits gets CLOSED. */
  void close() {
    closed = true;
    later.shutdownNow();
    List<WorkerProcess> last = List.copyOf(alive);
    last.forEach(this::retire);
    last.forEach(WorkerProcess::awaitEnd); // this process may end now, and nobody else cleans up
    turns.release(settings.queue() + settings.workers());
  }

  /** Requests that workers were given. */
  int asked() {
    return asked.get();
  }

  /** Compiles that wait for a worker. */
  int waiting() {
    return waiting.get();
  }

  /** Processes that run. */
  Set<WorkerProcess> alive() {
    return alive;
  }
}
