package dev.thermae.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.testing.TestHeads;
import dev.thermae.testing.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which of two writers wins, and what variants have to do with each other. */
public abstract class StoreOrderContract extends StoreContract {
  private static final String ENGLISH = "accept-language: en";
  private static final String GERMAN = "accept-language: de";

  /** A request whose only field is {@code accept-language}. */
  private static Selector language(String value) {
    return stored -> {
      if (stored.startsWith("accept-language:")) {
        return "accept-language: " + value;
      }
      return stored.startsWith("accept:") ? "accept: text/" + value : "";
    };
  }

  private StoredEntry putVariant(String selecting, long requestTime, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return put(TestHeads.variant(KEY, selecting, requestTime, bytes.length), bytes);
  }

  @Test
  void newerRequestWinsWhicheverComesFirst() throws IOException {
    assertThat(put(KEY, 2_000, "newer")).isNotNull();
    assertThat(put(KEY, 1_000, "older")).isNull();
    assertThat(text(find(KEY))).isEqualTo("newer");
    assertThat(put(KEY, 3_000, "newest")).isNotNull();
    assertThat(text(find(KEY))).isEqualTo("newest");
  }

  @Test
  void headOfAReplacedGenerationIsRefused() throws IOException {
    StoredEntry old = put(KEY, 1_000, "old");
    put(KEY, 2_000, "new");
    assertThat(store.withHead(old, TestHeads.validated(old.head(), 3_000))).isNull();
    assertThat(text(find(KEY))).isEqualTo("new");
    assertThat(find(KEY).head().requestTime()).isEqualTo(2_000);
  }

  @Test
  void headOfAnInvalidatedEntryIsRefused() throws IOException {
    StoredEntry old = put(KEY, 1_000, "old");
    store.invalidate(KEY, 2_000);
    assertThat(store.withHead(old, TestHeads.validated(old.head(), 3_000))).isNull();
    assertThat(find(KEY)).isNull();
  }

  @Test
  void olderValidationChangesNothing() throws IOException {
    StoredEntry entry = put(KEY, 1_000, "body");
    store.withHead(entry, TestHeads.validated(entry.head(), 3_000));
    StoredEntry kept = store.withHead(entry, TestHeads.validated(entry.head(), 2_000));
    assertThat(kept.head().requestTime()).isEqualTo(3_000);
    assertThat(find(KEY).head().requestTime()).isEqualTo(3_000);
  }

  @Test
  void invalidationDropsWhatBeganEarlier() throws IOException {
    put(KEY, 1_000, "old");
    store.invalidate(KEY, 2_000);
    assertThat(find(KEY)).isNull();
    assertThat(put(KEY, 1_999, "late")).isNull();
    assertThat(find(KEY)).isNull();
    assertThat(put(KEY, 2_000, "new")).isNotNull();
    assertThat(text(find(KEY))).isEqualTo("new");
    assertThat(put(KEY, 1_999, "late")).isNull();
    assertThat(text(find(KEY))).isEqualTo("new");
  }

  @Test
  void invalidationKeepsWhatBeganLater() throws IOException {
    put(KEY, 2_000, "new").attach(SLOT, new byte[] {1});
    store.invalidate(KEY, 1_000);
    assertThat(text(find(KEY))).isEqualTo("new");
    assertThat(find(KEY).code(SLOT)).containsExactly(1);
  }

  @Test
  void earlierInvalidationDoesNotLiftALaterOne() throws IOException {
    store.invalidate(KEY, 2_000);
    store.invalidate(KEY, 1_000);
    assertThat(put(KEY, 1_500, "late")).isNull();
    assertThat(find(KEY)).isNull();
  }

  @Test
  void invalidationAlsoOfWhatIsNotThere() throws IOException {
    store.invalidate(KEY, 2_000);
    assertThat(put(KEY, 1_000, "late")).isNull();
    assertThat(put(KEY, 2_001, "new")).isNotNull();
  }

  /** A time beyond any skew was written by a clock that was wrong: it does not outlive a purge. */
  @Test
  void invalidationDropsWhatAWrongClockDatedAhead() throws IOException {
    long now = time.millis();
    put(KEY, now + 120_000, "ahead");
    store.invalidate(KEY, now + 1);
    assertThat(find(KEY)).isNull();
    assertThat(put(KEY, now + 1, "new")).isNotNull();
    assertThat(text(find(KEY))).isEqualTo("new");
  }

  @Test
  void invalidationByAWrongClockYieldsToTheNextOne() throws IOException {
    long now = time.millis();
    putVariant(ENGLISH, now, "hello");
    putVariant(GERMAN, now + 110_000, "hallo");
    time.advance(2, TimeUnit.MINUTES);
    store.invalidate(KEY, time.millis());
    time.advance(-2, TimeUnit.MINUTES);
    store.invalidate(KEY, now - 10);
    assertThat(store.find(KEY, language("en"))).isNull();
    assertThat(store.find(KEY, language("de"))).isNull();
    assertThat(putVariant(GERMAN, now - 20, "late")).isNull();
    assertThat(putVariant(GERMAN, now, "neu")).isNotNull();
    assertThat(text(store.find(KEY, language("de")))).isEqualTo("neu");
  }

  @Test
  void variantsAreSelectedByTheirText() throws IOException {
    putVariant(ENGLISH, 1_000, "hello");
    putVariant(GERMAN, 1_001, "hallo");
    assertThat(text(store.find(KEY, language("en")))).isEqualTo("hello");
    assertThat(text(store.find(KEY, language("de")))).isEqualTo("hallo");
    assertThat(store.find(KEY, language("fr"))).isNull();
  }

  @Test
  void variantsAreBounded() throws IOException {
    int all = 70;
    for (int i = 0; i < all; i++) {
      putVariant("accept-language: x" + i, 1_000 + i, "text " + i);
    }
    int found = 0;
    for (int i = 0; i < all; i++) {
      StoredEntry entry = store.find(KEY, language("x" + i));
      if (entry != null) {
        found++;
        assertThat(text(entry)).isEqualTo("text " + i);
      } else {
        assertThat(i).as("what was fetched last stays").isLessThan(all - 63);
      }
    }
    assertThat(found).isEqualTo(64);
  }

  @Test
  void variantsAreReplacedOneByOne() throws IOException {
    putVariant(ENGLISH, 1_000, "hello").attach(SLOT, new byte[] {1});
    putVariant(GERMAN, 1_001, "hallo").attach(SLOT, new byte[] {2});
    putVariant(GERMAN, 2_000, "servus");
    assertThat(text(store.find(KEY, language("de")))).isEqualTo("servus");
    assertThat(store.find(KEY, language("de")).code(SLOT)).isNull();
    assertThat(text(store.find(KEY, language("en")))).isEqualTo("hello");
    assertThat(store.find(KEY, language("en")).code(SLOT)).containsExactly(1);
    assertThat(putVariant(GERMAN, 1_500, "late")).isNull();
    putVariant(ENGLISH, 2_000, "hi");
    assertThat(text(store.find(KEY, language("en")))).isEqualTo("hi");
    assertThat(text(store.find(KEY, language("de")))).isEqualTo("servus");
  }

  /** Whether a resource varies, and by what, is also for the newest response to say. */
  @Test
  void lateResponseThatVariesOtherwiseIsDropped() throws IOException {
    put(KEY, 2_000, "new");
    assertThat(putVariant(ENGLISH, 1_000, "late")).isNull();
    assertThat(text(find(KEY))).isEqualTo("new");
    putVariant(ENGLISH, 3_000, "hello");
    assertThat(put(KEY, 2_500, "late")).isNull();
    assertThat(text(store.find(KEY, language("en")))).isEqualTo("hello");
  }

  @Test
  void variantsAreValidatedOneByOne() throws IOException {
    putVariant(ENGLISH, 1_000, "hello");
    StoredEntry german = putVariant(GERMAN, 1_001, "hallo");
    store.withHead(german, TestHeads.validated(german.head(), 3_000));
    assertThat(store.find(KEY, language("de")).head().requestTime()).isEqualTo(3_000);
    assertThat(store.find(KEY, language("en")).head().requestTime()).isEqualTo(1_000);
  }

  @Test
  void invalidationIsForAllVariants() throws IOException {
    putVariant(ENGLISH, 1_000, "hello");
    StoredEntry german = putVariant(GERMAN, 1_001, "hallo");
    store.invalidate(KEY, 2_000);
    assertThat(store.find(KEY, language("en"))).isNull();
    assertThat(store.find(KEY, language("de"))).isNull();
    putVariant(ENGLISH, 2_000, "hi");
    assertThat(store.find(KEY, language("de"))).isNull();
    assertThat(putVariant(GERMAN, 1_500, "late")).isNull();
    assertThat(store.withHead(german, TestHeads.validated(german.head(), 1_900))).isNull();
    assertThat(store.find(KEY, language("de"))).isNull();
  }

  @Test
  void invalidationKeepsTheVariantThatBeganLater() throws IOException {
    putVariant(ENGLISH, 1_000, "hello");
    putVariant(GERMAN, 3_000, "hallo");
    store.invalidate(KEY, 2_000);
    assertThat(store.find(KEY, language("en"))).isNull();
    assertThat(text(store.find(KEY, language("de")))).isEqualTo("hallo");
  }

  /** Bodies say who wrote them; a reader must never see one under another writer's head. */
  @Test
  void readersNeverSeeHalves() throws Exception {
    put(KEY, 1, "1".repeat(70_000));
    AtomicInteger clock = new AtomicInteger(1);
    int rounds = 40;
    Threads.run(
        4,
        index -> {
          for (int i = 0; i < rounds; i++) {
            if (index < 2) {
              int now = clock.incrementAndGet();
              byte[] body = new byte[70_000 + now];
              Arrays.fill(body, (byte) now);
              put(TestHeads.of(KEY, now, body.length), body);
            } else {
              readOnce();
            }
          }
        });
    assertThat(find(KEY).head().requestTime()).isEqualTo(clock.get());
    assertThat(find(KEY).body()).containsOnly(clock.get());
  }

  private void readOnce() throws IOException {
    StoredEntry entry = find(KEY);
    assertThat(entry).isNotNull();
    byte[] body = entry.body();
    byte[] code = entry.code(SLOT);
    byte[] expected = {(byte) entry.head().requestTime()};
    if (body != null && entry.head().requestTime() > 1) {
      assertThat(body).containsOnly(expected[0]);
    }
    if (code != null) {
      assertThat(code).isEqualTo(expected);
    }
    entry.attach(SLOT, expected);
  }
}
