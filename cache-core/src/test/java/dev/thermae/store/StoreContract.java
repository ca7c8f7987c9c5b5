package dev.thermae.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.Shape;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.testing.FakeTime;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.TestHeads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store does; what only orders writers is in {@link StoreOrderContract}. */
public abstract class StoreContract {
  protected static final String KEY = "url \nhttps://example.org/a.js";
  protected static final Fingerprint RHINO = Fingerprint.compute(Map.of("engine", "rhino"));
  private static final Fingerprint GROOVY = Fingerprint.compute(Map.of("engine", "groovy"));

  protected final FakeTime time = new FakeTime();
  protected final RecordingListener seen = new RecordingListener();
  protected final Counters counters = new Counters(seen);
  protected Store store;
  private long puts;
  private int expectedRejections;

  /** Opens an empty store. */
  protected abstract Store open(Counters counting, TimeSource clock) throws IOException;

  /** Looks into a store after a test, before it is closed. */
  protected abstract void checkAfterwards(Store used) throws IOException;

  @BeforeEach
  void open() throws IOException {
    store = open(counters, time);
  }

  @AfterEach
  void checkAndClose() throws IOException {
    checkAfterwards(store);
    store.close();
    assertThat(seen.faults()).isEmpty();
    assertThat(seen.rejections()).hasSize(expectedRejections);
    assertThat(counters.snapshot().stored()).isEqualTo(puts).isEqualTo(seen.count("stored"));
    assertThat(counters.snapshot().faults()).isZero();
    assertThat(counters.snapshot().rejected()).isEqualTo(expectedRejections);
  }

  /** Says how many refused files a test has planted. */
  protected void expectRejections(int count) {
    expectedRejections = count;
  }

  /** Puts a body and counts it where it was taken. */
  protected StoredEntry put(EntryHead head, byte[] bytes) throws IOException {
    try (NewBody body = store.newBody(head.key())) {
      body.write(bytes);
      StoredEntry entry = store.put(head, body);
      if (entry != null) {
        synchronized (this) {
          puts++;
        }
      }
      return entry;
    }
  }

  protected StoredEntry put(String key, long requestTime, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return put(TestHeads.of(key, requestTime, bytes.length), bytes);
  }

  protected StoredEntry find(String key) {
    return store.find(key, null);
  }

  protected static final String SLOT =
      StoredEntry.slot(RHINO, Shape.SCRIPT, StandardCharsets.UTF_8);

  protected static String text(StoredEntry entry) {
    return new String(entry.body(), StandardCharsets.UTF_8);
  }

  @Test
  void emptyStoreFindsNothing() {
    assertThat(find(KEY)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 200 * 1024})
  void bodyComesBackIntact(int length) throws IOException {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    EntryHead head = TestHeads.of(KEY, 1_000, length);
    assertThat(put(head, bytes).body()).isEqualTo(bytes);
    assertThat(find(KEY).body()).isEqualTo(bytes);
  }

  @Test
  void bodyWrittenInUnevenPiecesIsOneBody() throws IOException {
    byte[] bytes = new byte[150_000];
    new Random(1).nextBytes(bytes);
    try (NewBody body = store.newBody(KEY)) {
      int at = 0;
      for (int piece = 1; at < bytes.length; piece = piece * 3 % 70_001 + 1) {
        int count = Math.min(piece, bytes.length - at);
        body.write(bytes, at, count);
        at += count;
        if (at < bytes.length) {
          body.write(bytes[at++]);
        }
      }
      assertThat(body.length()).isEqualTo(bytes.length);
      store.put(TestHeads.of(KEY, 1_000, bytes.length), body);
      puts++;
    }
    assertThat(find(KEY).body()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 200 * 1024})
  void bodyIsReadPieceByPieceFromAnywhere(int length) throws IOException {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    put(TestHeads.of(KEY, 1_000, length), bytes);
    try (BodyReader reader = find(KEY).reader()) {
      assertThat(reader.length()).isEqualTo(length);
      for (int from : new int[] {0, length - 1, length / 2, 65_536, 1}) {
        if (from >= 0 && from < length) {
          assertThat(rest(reader, from)).isEqualTo(Arrays.copyOfRange(bytes, from, length));
        }
      }
      put(TestHeads.of(KEY, 2_000, 3), new byte[3]);
      assertThat(rest(reader, 0)).as("after it was replaced").isEqualTo(bytes);
    }
  }

  /** All that can be read from {@code position}. */
  protected static byte[] rest(BodyReader reader, long position) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (long at = position; at < reader.length(); ) {
      ByteBuffer piece = reader.at(at);
      assertThat(piece.remaining()).isBetween(1, BodyReader.PIECE);
      at += piece.remaining();
      byte[] bytes = new byte[piece.remaining()];
      piece.get(bytes);
      all.write(bytes);
    }
    return all.toByteArray();
  }

  @Test
  void headComesBackWhole() throws IOException {
    EntryHead head = TestHeads.of(KEY, 1_000, 4);
    put(head, "body".getBytes(StandardCharsets.UTF_8));
    assertThat(find(KEY).head()).usingRecursiveComparison().isEqualTo(head);
  }

  @Test
  void bodyThatIsNotPutLeavesNothing() throws IOException {
    try (NewBody body = store.newBody(KEY)) {
      body.write(new byte[100_000]);
    }
    assertThat(find(KEY)).isNull();
  }

  @Test
  void lengthOfHeadAndBodyMustAgree() throws IOException {
    try (NewBody body = store.newBody(KEY)) {
      body.write(1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.put(TestHeads.of(KEY, 1_000, 2), body));
    }
    assertThat(find(KEY)).isNull();
  }

  @Test
  void keysAreComparedWhole() throws IOException {
    put(KEY, 1_000, "one");
    put(KEY + "?", 1_000, "two");
    assertThat(text(find(KEY))).isEqualTo("one");
    assertThat(text(find(KEY + "?"))).isEqualTo("two");
    assertThat(find("other" + KEY)).isNull();
  }

  @Test
  void slotCountsMarksUntilItHoldsCode() throws IOException {
    StoredEntry entry = put(KEY, 1_000, "body");
    assertThat(entry.seen(SLOT).count()).isZero();
    assertThat(entry.code(SLOT)).isNull();
    long before = time.millis() - 5_000;
    entry.mark(SLOT, false);
    entry.mark(SLOT, false);
    Seen marked = find(KEY).seen(SLOT);
    assertThat(marked.count()).isEqualTo(2);
    assertThat(marked.last()).isBetween(before, time.millis());
    entry.attach(SLOT, new byte[] {1, 2, 3});
    assertThat(find(KEY).code(SLOT)).containsExactly(1, 2, 3);
    entry.attach(SLOT, new byte[] {4});
    assertThat(find(KEY).code(SLOT)).containsExactly(4);
  }

  @Test
  void marksStartAnewWhenTheyAreTold() throws IOException {
    StoredEntry entry = put(KEY, 1_000, "body");
    entry.mark(SLOT, false);
    entry.mark(SLOT, false);
    entry.mark(SLOT, true);
    assertThat(find(KEY).seen(SLOT).count()).isEqualTo(1);
    entry.mark(SLOT, false);
    assertThat(find(KEY).seen(SLOT).count()).isEqualTo(2);
  }

  @Test
  void entriesHoldTheirVeryBytes() throws IOException {
    byte[] bytes = new byte[70_000];
    new Random(2).nextBytes(bytes);
    StoredEntry entry = put(TestHeads.of(KEY, 1_000, bytes.length), bytes);
    assertThat(entry.holds(bytes.clone())).isTrue();
    assertThat(entry.holds(Arrays.copyOf(bytes, 69_999))).isFalse();
    for (int at : new int[] {0, 511, 512, 65_536, 69_999}) {
      byte[] other = bytes.clone();
      other[at] ^= 1;
      assertThat(entry.holds(other)).as("byte %d", at).isFalse();
    }
  }

  @Test
  void slotsDifferByFingerprintShapeAndCharset() throws IOException {
    StoredEntry entry = put(KEY, 1_000, "body");
    entry.mark(SLOT, false);
    entry.attach(SLOT, new byte[] {1});
    String[] others = {
      StoredEntry.slot(GROOVY, Shape.SCRIPT, StandardCharsets.UTF_8),
      StoredEntry.slot(RHINO, Shape.SCRIPT.startingAt(2), StandardCharsets.UTF_8),
      StoredEntry.slot(RHINO, Shape.SCRIPT.named("a"), StandardCharsets.UTF_8),
      StoredEntry.slot(RHINO, Shape.SCRIPT, StandardCharsets.ISO_8859_1)
    };
    for (String other : others) {
      assertThat(entry.code(other)).isNull();
      assertThat(entry.seen(other).count()).isZero();
    }
  }

  @Test
  void newGenerationLeavesMarksAndCodeBehind() throws IOException {
    StoredEntry old = put(KEY, 1_000, "old");
    old.mark(SLOT, false);
    old.attach(SLOT, new byte[] {1});
    put(KEY, 2_000, "new");
    assertThat(text(find(KEY))).isEqualTo("new");
    assertThat(find(KEY).code(SLOT)).isNull();
    assertThat(find(KEY).seen(SLOT).count()).isZero();
  }

  @Test
  void attachingToAnOldGenerationReachesNobody() throws IOException {
    StoredEntry late = put(KEY, 1_000, "old");
    put(KEY, 2_000, "new");
    late.attach(SLOT, new byte[] {1});
    late.mark(SLOT, false);
    assertThat(find(KEY).code(SLOT)).isNull();
    assertThat(find(KEY).seen(SLOT).count()).isZero();
  }

  @Test
  void newHeadKeepsBodyAndSlots() throws IOException {
    StoredEntry entry = put(KEY, 1_000, "body");
    entry.mark(SLOT, false);
    EntryHead validated = TestHeads.validated(entry.head(), 2_000);
    assertThat(store.withHead(entry, validated)).isNotNull();
    StoredEntry now = find(KEY);
    assertThat(now.head()).usingRecursiveComparison().isEqualTo(validated);
    assertThat(now.head().generation()).isEqualTo(entry.head().generation());
    assertThat(text(now)).isEqualTo("body");
    assertThat(now.seen(SLOT).count()).isEqualTo(1);
    entry.attach(SLOT, new byte[] {1});
    assertThat(now.code(SLOT)).containsExactly(1);
  }

  @Test
  void newHeadMustKeepItsGeneration() throws IOException {
    StoredEntry entry = put(KEY, 1_000, "body");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.withHead(entry, TestHeads.of(KEY, 2_000, 4)));
  }

  @Test
  void recordedFingerprintIsFoundByItsSurroundings() throws IOException {
    assertThat(store.fingerprint("rhino 1")).isNull();
    store.record("rhino 1", "rhino", RHINO);
    store.record("groovy 1", "groovy", GROOVY);
    assertThat(store.fingerprint("rhino 1")).isEqualTo(RHINO);
    assertThat(store.fingerprint("rhino 1").parts()).isEqualTo(RHINO.parts());
    store.record("rhino 1", "rhino", GROOVY);
    assertThat(store.fingerprint("rhino 1")).isEqualTo(GROOVY);
    assertThat(store.fingerprint("rhino 2")).isNull();
  }

  @Test
  void generationsAreNeverTheSame() {
    assertThat(Generation.random()).isNotEqualTo(Generation.random());
  }
}
