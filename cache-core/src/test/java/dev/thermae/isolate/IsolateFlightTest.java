package dev.thermae.isolate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.thermae.engine.CompileException;
import dev.thermae.testing.Threads;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** One load per key, however many threads ask, and nobody ever waits in a circle. */
class IsolateFlightTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MANY = 64;

  private final IsolateCache<TestUnit> cache = new IsolateCache<>(1 << 20, 500);

  /** Waits until {@code thread} sleeps in a monitor: it follows another one's flight. */
  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void manyThreadsShareOneLoad() throws Exception {
    TestLoader loader = TestLoader.of("a");
    Set<TestUnit> units = ConcurrentHashMap.newKeySet();
    Threads.run(MANY, index -> units.add(cache.get("key", loader.flight())));
    assertThat(units).hasSize(1);
    assertThat(loader.loads).hasValue(1);
  }

  @Test
  void manyKeysAreLoadedSideBySide() throws Exception {
    CyclicBarrier together = new CyclicBarrier(MANY);
    TestLoader loader =
        new TestLoader(
            () -> {
              together.await();
              return new TestUnit("unit", 1);
            });
    Threads.run(MANY, index -> cache.get(index, loader.flight()));
    assertThat(loader.loads).hasValue(MANY);
    assertThat(cache.count()).isEqualTo(MANY);
  }

  @Test
  void settlingAmongLoadsLosesNothing() throws Exception {
    TestLoader loader = TestLoader.of("unit");
    for (int round = 0; round < 20; round++) {
      IsolateCache<TestUnit> fresh = new IsolateCache<>(1 << 20, 500);
      loader.loads.set(0);
      Threads.run(
          4,
          index -> {
            for (int key = 0; key < 200; key++) {
              if (index == 0 && key == 50) {
                fresh.settle(TestUnit::weight);
              }
              fresh.get(key, loader.flight());
            }
          });
      assertThat(loader.loads).hasValue(200);
      assertThat(fresh.count()).isEqualTo(200);
    }
  }

  @Test
  void followersOfABrokenLeaderLoadThemselves() {
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          CountDownLatch leading = new CountDownLatch(1);
          CountDownLatch breakNow = new CountDownLatch(1);
          TestLoader broken =
              new TestLoader(
                  () -> {
                    leading.countDown();
                    breakNow.await();
                    throw new IllegalStateException("broken");
                  });
          AtomicReference<Throwable> thrown = new AtomicReference<>();
          Thread leader = new Thread(() -> cache.get("key", broken.flight()));
          leader.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
          leader.start();
          leading.await();
          AtomicReference<TestUnit> loaded = new AtomicReference<>();
          Thread follower =
              new Thread(() -> loaded.set(cache.get("key", TestLoader.of("own").flight())));
          follower.start();
          awaitWaiting(follower);
          breakNow.countDown();
          follower.join();
          leader.join();
          assertThat(loaded.get().text()).isEqualTo("own");
          assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
          assertThat(cache.get("key", TestLoader.of("later").flight()).text()).isEqualTo("later");
        });
  }

  @Test
  void followersShareTheUsersError() {
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          CountDownLatch leading = new CountDownLatch(1);
          CountDownLatch failNow = new CountDownLatch(1);
          TestLoader faulty =
              new TestLoader(
                  () -> {
                    leading.countDown();
                    failNow.await();
                    throw TestLoader.error();
                  });
          Thread leader = new Thread(() -> assertFails(faulty));
          leader.start();
          leading.await();
          Thread follower = new Thread(() -> assertFails(faulty));
          follower.start();
          awaitWaiting(follower);
          failNow.countDown();
          follower.join();
          leader.join();
          assertThat(faulty.loads).hasValue(1);
          assertThat(faulty.remembered).hasValue(1);
        });
  }

  private void assertFails(TestLoader loader) {
    assertThatThrownBy(() -> cache.get("key", loader.flight()))
        .isInstanceOf(CompileException.class);
  }

  /** Each of two leaders wants the other's key: the classic circle of require and require. */
  @Test
  void leadersThatWantEachOthersKeysDoNotWait() {
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          CyclicBarrier bothLead = new CyclicBarrier(2);
          Threads.run(
              2,
              index -> {
                TestLoader inner = TestLoader.of("inner");
                TestLoader outer =
                    new TestLoader(
                        () -> {
                          bothLead.await();
                          return new TestUnit(
                              "outer of " + cache.get(1 - index, inner.flight()).text(), 1);
                        });
                assertThat(cache.get(index, outer.flight()).text()).startsWith("outer of ");
              });
          assertThat(cache.count()).isEqualTo(2);
        });
  }

  /** The circle may also lie between two caches of one process. */
  @Test
  void leadersOfTwoCachesDoNotWaitForEachOther() {
    IsolateCache<TestUnit> other = new IsolateCache<>(1 << 20, 500);
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          CyclicBarrier bothLead = new CyclicBarrier(2);
          Threads.run(
              2,
              index -> {
                IsolateCache<TestUnit> own = index == 0 ? cache : other;
                IsolateCache<TestUnit> wanted = index == 0 ? other : cache;
                TestLoader outer =
                    new TestLoader(
                        () -> {
                          bothLead.await();
                          return wanted.get("key", TestLoader.of("inner").flight());
                        });
                assertThat(own.get("key", outer.flight()).text()).isEqualTo("inner");
              });
        });
  }

  @Test
  void interruptedFollowerStillGetsItsUnitAndKeepsItsFlag() {
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          CountDownLatch leading = new CountDownLatch(1);
          CountDownLatch landNow = new CountDownLatch(1);
          TestLoader slow =
              new TestLoader(
                  () -> {
                    leading.countDown();
                    landNow.await();
                    return new TestUnit("a", 1);
                  });
          Thread leader = new Thread(() -> cache.get("key", slow.flight()));
          leader.start();
          leading.await();
          AtomicBoolean flag = new AtomicBoolean();
          AtomicReference<TestUnit> got = new AtomicReference<>();
          Thread follower =
              new Thread(
                  () -> {
                    got.set(cache.get("key", slow.flight()));
                    flag.set(Thread.currentThread().isInterrupted());
                  });
          follower.start();
          awaitWaiting(follower);
          follower.interrupt();
          while (follower.isInterrupted() && follower.getState() == Thread.State.WAITING) {
            Thread.onSpinWait();
          }
          landNow.countDown();
          follower.join();
          leader.join();
          assertThat(got.get().text()).isEqualTo("a");
          assertThat(flag).isTrue();
          assertThat(slow.loads).hasValue(1);
        });
  }
}
