package dev.thermae.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.testing.TestHeads;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends StoreOrderContract {
  private static final int LIMIT = 1 << 20;

  @Override
  protected Store open(Counters counting, TimeSource clock) {
    return new MemoryStore(LIMIT, counting, clock);
  }

  @Override
  protected void checkAfterwards(Store used) {
    MemoryStore memory = (MemoryStore) used;
    assertThat(memory.bytes()).isEqualTo(memory.recount()).isLessThanOrEqualTo(LIMIT);
  }

  @Test
  void leastRecentlyUsedGoesFirst() throws IOException {
    String text = "x".repeat(LIMIT / 4);
    put("a", 1, text);
    put("b", 2, text);
    put("c", 3, text);
    find("a");
    put("d", 4, text);
    assertThat(find("a")).isNotNull();
    assertThat(find("b")).isNull();
    assertThat(find("d")).isNotNull();
  }

  @Test
  void codeCountsAsBytes() throws IOException {
    put("a", 1, "a");
    StoredEntry second = put("b", 2, "b");
    second.attach(SLOT, new byte[LIMIT - 1_000]);
    assertThat(find("a")).isNotNull();
    second.attach(SLOT, new byte[LIMIT]);
    assertThat(find("b")).isNull();
  }

  @Test
  void bodyLargerThanTheStoreIsNotKept() throws IOException {
    put("a", 1, "x".repeat(2 * LIMIT));
    assertThat(find("a")).isNull();
    assertThat(counters.snapshot().oversized()).isEqualTo(1);
  }

  /** Heads and slots share their generation's fate, whichever head a slot was taken from. */
  @Test
  void replacedResourcesAreForgottenWhole() throws IOException {
    for (int i = 0; i < 100; i++) {
      StoredEntry entry = put(KEY, 10 * i + 1, "body");
      entry.attach(SLOT, new byte[10_000]);
      store.withHead(entry, TestHeads.validated(entry.head(), 10 * i + 2));
      put(KEY, 10 * i + 3, "next");
      entry.attach(SLOT, new byte[10_000]);
    }
    assertThat(find(KEY)).isNotNull();
    assertThat(((MemoryStore) store).bytes()).isLessThan(10_000);
  }

  @Test
  void invalidationsDoNotPileUp() throws IOException {
    for (int i = 0; i < 100_000; i++) {
      store.invalidate("url " + i, 1_000);
    }
    assertThat(((MemoryStore) store).count()).isLessThan(20_000);
  }

  @Test
  void closedStoreIsEmpty() throws IOException {
    put(KEY, 1, "body");
    store.close();
    assertThat(find(KEY)).isNull();
  }
}
