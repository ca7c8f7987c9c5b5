package dev.thermae.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Three writers and two readers on one folder. In a burst, all but one reader are killed at random
 * moments, those of their start included, and started again; after it, the rig waits until loads
 * are hits again.
 */
public final class KillRig implements AutoCloseable {
  private static final List<String> OPTIONS = List.of("-Xmx64m", "-XX:-UsePerfData");
  private static final int WRITERS = 3;
  private static final int PROCESSES = 5;
  private static final long LONGEST_SILENCE = TimeUnit.SECONDS.toNanos(15);
  private static final int WINDOW_LOADS = 200;

  private final Path folder;
  private final Random random = new Random(11);
  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicInteger killedReaders = new AtomicInteger();
  private final AtomicInteger hangs = new AtomicInteger();
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicLong loads = new AtomicLong();
  private final AtomicLong hits = new AtomicLong();
  private final AtomicLong worstMicros = new AtomicLong();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Worker[] workers = new Worker[PROCESSES];
  private long slowestRecovery;

  public KillRig(Path folder) throws IOException {
    this.folder = folder;
    for (int i = 0; i < PROCESSES; i++) {
      workers[i] = new Worker(i < WRITERS);
    }
  }

  /** What happened so far. */
  public record Figures(
      int kills,
      int killedReaders,
      List<String> wrong,
      int hangs,
      long loads,
      long hits,
      long worstMicros,
      long recoveryMillis) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d kills (%d of readers), %d wrong, %d hangs; %d loads, %.1f %% hits, worst %.0f ms;"
              + " 95 %% hits again after %d ms at the latest",
          kills,
          killedReaders,
          wrong.size(),
          hangs,
          loads,
          100.0 * hits / Math.max(1, loads),
          worstMicros / 1_000.0,
          recoveryMillis);
    }
  }

  public Figures figures() {
    return new Figures(
        kills.get(),
        killedReaders.get(),
        new ArrayList<>(wrong),
        hangs.get(),
        loads.get(),
        hits.get(),
        worstMicros.get(),
        slowestRecovery);
  }

  /** Kills {@code count} processes, then waits for at most {@code millis} for hits. */
  public void burst(int count, long millis) throws Exception {
    int target = kills.get() + count;
    Threads.run(
        PROCESSES - 1,
        index -> {
          while (kills.get() < target && wrong.isEmpty()) {
            workers[index].live(index < WRITERS ? 200 : 800);
            workers[index].kill();
            workers[index] = new Worker(index < WRITERS);
          }
        });
    for (Worker worker : workers) {
      worker.awaitLife();
    }
    slowestRecovery = Math.max(slowestRecovery, recover(millis));
  }

  /** Milliseconds until 95 of 100 loads were hits; {@code millis} when that never came. */
  private long recover(long millis) throws InterruptedException {
    long start = System.nanoTime();
    long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
    long loadsBefore = loads.get();
    long hitsBefore = hits.get();
    while (System.nanoTime() - end < 0 && wrong.isEmpty()) {
      workers[PROCESSES - 1].live(20);
      long made = loads.get() - loadsBefore;
      if (made >= WINDOW_LOADS) {
        long found = hits.get() - hitsBefore;
        if (100 * found >= 95 * made) {
          return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        }
        loadsBefore += made;
        hitsBefore += found;
      }
    }
    return millis;
  }

  /** One process, and the thread that listens to it. */
  private final class Worker {
    private final boolean writes;
    private final ChildJvm child;
    private final CountDownLatch up = new CountDownLatch(1);
    private final Thread listener;
    private volatile long heard = System.nanoTime();
    private volatile boolean killed;

    Worker(boolean writes) throws IOException {
      this.writes = writes;
      this.child =
          ChildJvm.start(
              KillWorker.class,
              OPTIONS,
              Map.of(),
              folder.toString(),
              writes ? "writer" : "reader",
              Integer.toString(started.incrementAndGet()));
      this.listener = new Thread(this::listen);
      listener.setDaemon(true);
      listener.start();
    }

    private void listen() {
      try {
        for (String line = child.next(); line != null; line = child.next()) {
          heard = System.nanoTime();
          hear(line);
        }
      } catch (IOException e) {
        // Closed: it was killed.
      }
      up.countDown();
      if (!killed) {
        wrong.add("ended by itself: " + child.noise());
      }
    }

    private void hear(String line) {
      String[] words = line.split(" ", 4);
      if (words[0].equals("up")) {
        up.countDown();
      } else if (words[0].equals("did")) {
        loads.addAndGet(Long.parseLong(words[1]));
        hits.addAndGet(Long.parseLong(words[2]));
        worstMicros.accumulateAndGet(Long.parseLong(words[3]), Math::max);
      } else {
        wrong.add(line);
      }
    }

    void awaitLife() throws InterruptedException {
      if (!up.await(LONGEST_SILENCE, TimeUnit.NANOSECONDS)) {
        hangs.incrementAndGet();
      }
    }

    /** Lets it live for a while: up to {@code millis} of work, or not even to its start. */
    void live(int millis) throws InterruptedException {
      int life;
      boolean starts;
      synchronized (random) {
        life = random.nextInt(millis);
        starts = random.nextInt(10) > 0;
      }
      if (starts) {
        awaitLife();
      }
      child.ends(life);
      if (System.nanoTime() - heard > LONGEST_SILENCE) {
        hangs.incrementAndGet();
      }
    }

    void kill() throws InterruptedException {
      killed = true;
      child.kill();
      listener.join();
      kills.incrementAndGet();
      if (!writes) {
        killedReaders.incrementAndGet();
      }
    }
  }

  @Override
  public void close() {
    for (Worker worker : workers) {
      worker.killed = true;
      try {
        worker.child.kill();
        worker.listener.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      worker.child.close();
    }
  }
}
