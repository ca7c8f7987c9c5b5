package dev.thermae.disk;

import static dev.thermae.disk.StoredVariant.Body;
import static dev.thermae.disk.StoredVariant.State;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.event.Counters;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.FakeTime;
import dev.thermae.testing.FastFolder;
import dev.thermae.testing.TestHeads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every variant and slot of one entry, verified, with nothing changed. */
class DiskInspectionTest {
  private static final String KEY = "GET \nhttps://example.org/a.js";
  private static final String SLOT = "a slot";

  @TempDir(factory = FastFolder.class)
  Path folder;

  private final FakeTime time = new FakeTime();
  private DiskStore store;
  private DiskInspection disk;

  @BeforeEach
  void open() throws IOException {
    store = DiskStore.open(folder, Seal.checksum(), new Counters(null), time);
    disk = DiskInspection.of(store);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private StoredEntry put(String selecting, long requestTime, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (NewBody body = store.newBody(KEY)) {
      body.write(bytes);
      return store.put(TestHeads.variant(KEY, selecting, requestTime, bytes.length), body);
    }
  }

  private List<StoredVariant> look() throws IOException {
    Map<Path, FileTime> before = files();
    List<StoredVariant> found = disk.variants(KEY);
    assertThat(files()).isEqualTo(before);
    return found;
  }

  private Map<Path, FileTime> files() throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    for (Path file : FolderCheck.files(folder)) {
      times.put(file, Files.getLastModifiedTime(file));
    }
    return times;
  }

  private Path fileThatEnds(String end) throws IOException {
    return FolderCheck.entryFiles(folder).stream()
        .filter(file -> file.toString().endsWith(end))
        .findFirst()
        .orElseThrow();
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void nothing() throws IOException {
    assertThat(look()).isEmpty();
    assertThat(Path.of(disk.place(KEY)).startsWith(folder.resolve("v1/entries"))).isTrue();
    assertThat(DiskInspection.isThere(folder)).isTrue();
    assertThat(DiskInspection.isThere(folder.resolve("elsewhere"))).isFalse();
    assertThat(folder.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void everyVariantWithTheFirstBeforeOthers() throws IOException {
    put("accept: a\n", 1_000, "one");
    put("accept: b\n", 1_001, "two");
    List<StoredVariant> found = look();
    assertThat(found).extracting(StoredVariant::state).containsOnly(State.USABLE);
    assertThat(found).extracting(StoredVariant::body).containsOnly(Body.VERIFIED);
    assertThat(found)
        .extracting(variant -> variant.entry().head().selecting())
        .containsExactly("accept: a\n", "accept: b\n");
    assertThat(found.get(0).file())
        .endsWith(".h")
        .isEqualTo(Path.of(disk.place(KEY) + ".h").getFileName().toString());
    assertThat(found.get(1).stored()).isPositive();
  }

  @Test
  void whatNoLookUpSelectsIsToldApart() throws IOException {
    put("accept: a\n", 1_000, "one");
    put("accept: b\n", 1_001, "two");
    store.invalidate(KEY, 2_000);
    assertThat(look())
        .extracting(StoredVariant::state)
        .containsExactly(State.TOMBSTONE, State.INVALIDATED);
    put("accept: b\n", 3_000, "three");
    assertThat(look())
        .extracting(StoredVariant::state)
        .containsExactly(State.TOMBSTONE, State.USABLE);
    put("cookie\n", 4_000, "varies anew");
    assertThat(look())
        .extracting(StoredVariant::state)
        .containsExactly(State.USABLE, State.UNREACHABLE);
    StoredEntry found =
        store.find(KEY, stored -> stored.startsWith("accept") ? "accept: b\n" : "cookie: x\n");
    assertThat(found).isNull();
  }

  @Test
  void aRefusedHeadHidesTheOthers() throws IOException {
    put("accept: a\n", 1_000, "one");
    put("accept: b\n", 1_001, "two");
    flip(Path.of(disk.place(KEY) + ".h"), 100);
    List<StoredVariant> found = look();
    assertThat(found)
        .extracting(StoredVariant::state)
        .containsExactly(State.REFUSED, State.UNREACHABLE);
    assertThat(found.get(0).rejection()).isEqualTo(Rejection.SEAL);
    assertThat(found.get(0).entry()).isNull();
  }

  @Test
  void bodies() throws IOException {
    put("", 1_000, "the body");
    Path body = fileThatEnds(".b");
    flip(body, 3);
    assertThat(look().get(0).body()).isEqualTo(Body.DAMAGED);
    Files.write(body, new byte[3]);
    assertThat(look().get(0).body()).isEqualTo(Body.DAMAGED);
    Files.delete(body);
    assertThat(look().get(0).body()).isEqualTo(Body.MISSING);
    assertThat(look().get(0).stored()).isZero();
  }

  @Test
  void slots() throws IOException {
    StoredEntry entry = put("", 1_000, "the body");
    entry.mark(SLOT, true);
    entry.mark(SLOT, false);
    StoredSlot marked = slot();
    assertThat(marked.id()).isEqualTo(DiskInspection.slotId(SLOT));
    assertThat(marked.seen()).isEqualTo(entry.seen(SLOT));
    assertThat(marked.seen().count()).isEqualTo(2);
    assertThat(marked.claim()).isNull();

    EntryHead head = entry.head();
    Source source = Source.verified("a.js", new byte[0], StandardCharsets.UTF_8, head.sourceHash());
    Fingerprint fingerprint = Fingerprint.compute(Map.of("engine", "text"));
    CodeKey key = new CodeKey("", source, Shape.SCRIPT, fingerprint);
    byte[] payload = new byte[77];
    entry.attach(SLOT, key.seal(store.seal(), head.keyHash(), head.generation(), payload));
    StoredSlot attached = slot();
    assertThat(attached.claim().rejection()).isNull();
    assertThat(attached.claim().fingerprint()).isEqualTo(fingerprint);
    assertThat(attached.claim().payload()).isEqualTo(77);
    assertThat(attached.claim().shape()).isEqualTo(Shape.SCRIPT.text());
    assertThat(attached.codeBytes()).isEqualTo(entry.code(SLOT).length);
    assertThat(attached.seen().count()).isEqualTo(2);

    flip(fileThatEnds(".c"), 150);
    assertThat(slot().claim().rejection()).isEqualTo(Rejection.SEAL);
    assertThat(slot().claim().fingerprint()).isEqualTo(Fingerprint.NONE);
  }

  private StoredSlot slot() throws IOException {
    List<StoredSlot> slots = look().get(0).slots();
    assertThat(slots).hasSize(1);
    return slots.get(0);
  }

  @Test
  void slotsOfAnotherGenerationAreNotOurs() throws IOException {
    put("accept: a\n", 1_000, "one").mark(SLOT, true);
    put("accept: b\n", 1_001, "two");
    assertThat(look()).extracting(variant -> variant.slots().size()).containsExactly(1, 0);
  }

  @Test
  void fingerprints() throws IOException {
    assertThat(disk.fingerprints()).isEmpty();
    Fingerprint one = Fingerprint.compute(Map.of("engine", "text", "format", "1"));
    store.record("text\nhere", "text", one);
    store.record("text\nthere", "text", Fingerprint.compute(Map.of("engine", "text")));
    assertThat(disk.fingerprints())
        .hasSize(2)
        .contains(new RecordedFingerprint("text", one))
        .filteredOn(record -> record.fingerprint().equals(one))
        .allMatch(record -> record.fingerprint().parts().equals(one.parts()));
    for (Path file : FolderCheck.files(folder.resolve("v1/fingerprints"))) {
      flip(file, 40);
    }
    assertThat(disk.fingerprints()).isEmpty();
  }

  /** As a look-up decides: a clock that was wrong makes nothing valid. */
  @Test
  void aVariantOfAWrongClockDoesNotOutliveAnInvalidation() throws IOException {
    put("accept: a", 1_000, "a");
    put("accept: b", time.millis() + 3_600_000, "b");
    store.invalidate(KEY, time.millis());
    assertThat(store.find(KEY, stored -> "accept: b")).isNull();
    assertThat(look())
        .extracting(StoredVariant::state)
        .containsExactly(State.TOMBSTONE, State.INVALIDATED);
  }
}
