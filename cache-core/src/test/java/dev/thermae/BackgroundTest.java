package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.event.Counters;
import dev.thermae.testing.FakeTime;
import dev.thermae.testing.RecordingListener;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that nobody waits for: done in order, bounded, drained at the end. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class BackgroundTest {
  private final RecordingListener seen = new RecordingListener();
  private final FakeTime time = new FakeTime();
  private final Background background = new Background(new Counters(seen), time);
  private final List<Object> done = new CopyOnWriteArrayList<>();

  /** A piece of work for tests. */
  private interface Work {
    void run() throws Throwable;
  }

  private static Background.Task task(String name, long bytes, Work work) {
    return new Background.Task() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public long bytes() {
        return bytes;
      }

      @Override
      public void run() throws Exception {
        try {
          work.run();
        } catch (Exception | Error e) {
          throw e;
        } catch (Throwable e) {
          throw new AssertionError(e);
        }
      }
    };
  }

  @Test
  void everythingIsDoneInOrder() {
    for (int i = 0; i < 100; i++) {
      int number = i;
      background.submit(task("task", 1, () -> done.add(number)));
    }
    assertThat(background.drain()).isTrue();
    assertThat(done).hasSize(100).isSorted();
    background.close();
    assertThat(seen.events()).isEmpty();
  }

  @Test
  void whateverATaskThrowsTheNextOneRuns() {
    List<Throwable> faults =
        List.of(
            new IllegalStateException("planted"),
            new IOException("planted"),
            new NoClassDefFoundError("planted"),
            new AssertionError("planted"),
            new OutOfMemoryError("planted"));
    for (Throwable fault : faults) {
      background.submit(
          task(
              "faulty",
              0,
              () -> {
                throw fault;
              }));
    }
    background.submit(task("good", 0, () -> done.add("good")));
    assertThat(background.drain()).isTrue();
    assertThat(done).containsExactly("good");
    assertThat(seen.faults()).isEqualTo(faults);
  }

  @Test
  void tooManyTasksAreDroppedAndCounted() throws Exception {
    CountDownLatch release = block();
    for (int i = 0; i < 2_000; i++) {
      background.submit(task("task " + i, 1, () -> done.add("")));
    }
    release.countDown();
    assertThat(background.drain()).isTrue();
    assertThat(done.size() + seen.count("dropped")).isEqualTo(2_000);
    assertThat(done).hasSizeBetween(1_000, 1_024);
  }

  @Test
  void tooManyBytesAreDroppedAndCounted() throws Exception {
    CountDownLatch release = block();
    for (int i = 0; i < 5; i++) {
      background.submit(task("big", 100L << 20, () -> done.add("")));
    }
    release.countDown();
    background.drain();
    assertThat(done).hasSize(2);
    assertThat(seen.count("dropped")).isEqualTo(3);
    background.submit(task("one that is too big alone", 1L << 40, () -> done.add("")));
    background.drain();
    assertThat(done).hasSize(3);
  }

  /** Keeps the worker busy until the latch opens. */
  private CountDownLatch block() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    background.submit(
        task(
            "blocker",
            0,
            () -> {
              started.countDown();
              release.await();
            }));
    started.await();
    return release;
  }

  @Test
  void drainingGivesUpAfterFiveSeconds() throws Exception {
    CountDownLatch release = block();
    AtomicReference<Boolean> drained = new AtomicReference<>();
    Thread waiting = new Thread(() -> drained.set(background.drain()));
    waiting.start();
    while (waiting.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    time.advance(6, TimeUnit.SECONDS);
    waiting.join();
    assertThat(drained.get()).isFalse();
    release.countDown();
    assertThat(background.drain()).isTrue();
  }

  @Test
  void drainingKeepsAnInterruption() throws Exception {
    CountDownLatch release = block();
    Thread.currentThread().interrupt();
    Thread helper = new Thread(release::countDown);
    helper.start();
    assertThat(background.drain()).isTrue();
    assertThat(Thread.interrupted()).isTrue();
    helper.join();
  }

  @Test
  void closedOneDropsAndCounts() {
    background.submit(task("before", 0, () -> done.add("before")));
    background.close();
    background.submit(task("after", 0, () -> done.add("after")));
    background.close();
    assertThat(done).containsExactly("before");
    assertThat(seen.events()).containsExactly("dropped after");
  }

  @Test
  void neverUsedOneClosesAtOnce() {
    background.close();
    assertThat(background.drain()).isTrue();
  }
}
