package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PackedBodiesTest {
  @Test
  void oneAtATimeAndNotTooMany() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    int taken = 0;
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    try (PackedBodies packing = new PackedBodies()) {
      for (int i = 0; i < 200; i++) {
        boolean later =
            packing.later(
                () -> {
                  assertThat(atOnce.incrementAndGet()).isEqualTo(1);
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  atOnce.decrementAndGet();
                  done.incrementAndGet();
                });
        taken += later ? 1 : 0;
      }
      assertThat(taken).isEqualTo(65);
      go.countDown();
      await().until(() -> done.get() == 65);
    }
  }

  @Test
  void nothingAfterTheEnd() {
    PackedBodies packing = new PackedBodies();
    packing.close();
    assertThat(packing.later(() -> {})).isFalse();
  }
}
