package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.code.Shape;
import dev.thermae.code.SigningKeys;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code gc} takes away, and what it leaves. */
class SweepTest {
  private static final String KEY = "url \nhttps://example.org/a";

  @TempDir(factory = FastFolder.class)
  Path folder;

  private final FakeTime time = new FakeTime();
  private final Counters counters = new Counters(null);
  private DiskStore store;

  @BeforeEach
  void open() throws IOException {
    DiskOptions options = DiskOptions.DEFAULTS.fingerprints(2, 30);
    store = DiskStore.open(folder, Seal.checksum(), counters, time, options);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    assertThat(counters.snapshot().faults()).isZero();
    FolderCheck.everyHeadHasItsBody(folder);
  }

  private StoredEntry put(String key, String selecting, long requested) throws IOException {
    try (NewBody body = store.newBody(key)) {
      body.write(new byte[5_000]);
      return store.put(TestHeads.variant(key, selecting, requested, 5_000), body);
    }
  }

  private List<String> names() throws IOException {
    return FolderCheck.entryFiles(folder).stream()
        .map(file -> file.getFileName().toString().replaceFirst("^[0-9a-f]{32}", ""))
        .toList();
  }

  @Test
  void whatIsReferredToStays() throws IOException {
    StoredEntry entry = put(KEY, "", 1_000);
    entry.mark("slot", true);
    entry.attach("slot", new byte[] {1});
    put(KEY + "2", "a: 1", 1_000);
    put(KEY + "2", "a: 2", 1_000);
    List<String> before = names();
    time.advance(20, TimeUnit.DAYS);
    GcResult result = store.gc();
    assertThat(names()).isEqualTo(before).hasSize(8);
    assertThat(result.entries()).isEqualTo(2);
    assertThat(result.bytesFreed()).isZero();
    assertThat(store.find(KEY, null).code("slot")).containsExactly(1);
  }

  @Test
  void youngFilesMayBeOnTheirWay() throws IOException {
    strew();
    List<String> before = names();
    store.gc();
    assertThat(names()).isEqualTo(before);
    assertThat(FolderCheck.files(folder.resolve("v1/temporary"))).hasSize(1);
    store.purgeAll();
  }

  /** What crashes leave: bodies and slots without heads, heads without bodies, temporary files. */
  @Test
  void whatNobodyRefersToGoes() throws IOException {
    strew();
    time.advance(11, TimeUnit.MINUTES);
    GcResult result = store.gc();
    assertThat(names()).hasSize(2);
    assertThat(FolderCheck.files(folder.resolve("v1/temporary"))).isEmpty();
    assertThat(result.filesSwept()).isPositive();
    assertThat(result.bytesFreed()).isGreaterThan(5 * 4096);
    assertThat(store.find(KEY, null).body()).hasSize(5_000);
  }

  private void strew() throws IOException {
    put(KEY, "", 1_000);
    EntryName name = store.name(KEY);
    String old = name.text() + ".00000000000000010000000000000001";
    Path place = name.folder().toPath();
    Files.write(place.resolve(old + ".b"), new byte[5_000]);
    Files.write(place.resolve(old + ".0000000000000001.c"), new byte[10]);
    Files.write(place.resolve(old + ".0000000000000001.s"), new byte[1]);
    put(KEY + "bodiless", "", 1_000);
    EntryName bodiless = store.name(KEY + "bodiless");
    for (EntryFiles.Item item : EntryFiles.of(bodiless).files()) {
      if (item.isBody()) {
        Files.delete(bodiless.folder().toPath().resolve(item.name()));
      }
    }
    put(KEY + "headless", "", 1_000);
    Files.delete(store.name(KEY + "headless").head().toPath());
    Files.write(folder.resolve("v1/temporary/x.t"), new byte[5_000]);
  }

  @Test
  void variantsOfFormerKindsAndInvalidatedOnesGo() throws IOException {
    put(KEY, "a: 1", 1_000);
    put(KEY, "a: 2", 1_000);
    put(KEY, "b: 1", 2_000);
    put(KEY + "2", "a: 1", 1_000);
    put(KEY + "2", "a: 2", 1_000);
    store.invalidate(KEY + "2", 5_000);
    put(KEY + "2", "a: 1", 6_000);
    time.advance(11, TimeUnit.MINUTES);
    store.gc();
    assertThat(names()).filteredOn(name -> name.startsWith(".h.")).isEmpty();
    assertThat(store.find(KEY, stored -> "b: 1")).isNotNull();
    assertThat(store.find(KEY + "2", stored -> "a: 1")).isNotNull();
  }

  @Test
  void tombstonesOutliveWhatTheyKeepOut() throws IOException {
    put(KEY, "", time.millis() - 1);
    store.invalidate(KEY, time.millis());
    time.advance(1, TimeUnit.HOURS);
    store.gc();
    assertThat(names()).containsExactly(".h");
    time.advance(2, TimeUnit.DAYS);
    store.gc();
    assertThat(names()).isEmpty();
    assertThat(FolderCheck.files(folder.resolve("v1/entries"))).isEmpty();
  }

  @Test
  void purgeLeavesNothing() throws IOException {
    for (int i = 0; i < 20; i++) {
      put(KEY + i, "", 1_000).attach("slot", new byte[] {1});
    }
    store.record("here", "text", Fingerprint.compute(Map.of("engine", "text")));
    GcResult result = store.purgeAll();
    assertThat(result.entriesEvicted()).isEqualTo(20);
    assertThat(result.entries()).isZero();
    assertThat(FolderCheck.entryFiles(folder)).isEmpty();
    assertThat(FolderCheck.files(folder.resolve("v1/fingerprints"))).isEmpty();
    put(KEY, "", 2_000);
    assertThat(store.find(KEY, null).body()).hasSize(5_000);
  }

  /** A rollback finds its code, and a build that nobody runs any more does not keep its own. */
  @Test
  void codeOfDeadBuildsGoes() throws IOException {
    StoredEntry entry = put(KEY, "", 1_000);
    for (int build = 0; build < 4; build++) {
      attach(entry, build);
      Fingerprint fingerprint = fingerprint(build);
      store.record("text\n" + build, "text", fingerprint);
      time.advance(20, TimeUnit.DAYS);
      for (Path record : FolderCheck.files(folder.resolve("v1/fingerprints"))) {
        FileTime then = Files.getLastModifiedTime(record);
        Files.setLastModifiedTime(
            record, FileTime.fromMillis(then.toMillis() - TimeUnit.DAYS.toMillis(20)));
      }
      time.advance(-20, TimeUnit.DAYS);
    }
    GcResult result = store.gc();
    assertThat(result.slotsRemoved()).isEqualTo(2);
    assertThat(result.fingerprintsRemoved()).isEqualTo(2);
    assertThat(store.fingerprint("text\n0")).isNull();
    assertThat(store.fingerprint("text\n3")).isEqualTo(fingerprint(3));
    assertThat(entry.code("slot 1")).isNull();
    assertThat(entry.code("slot 2")).isNotNull();
    assertThat(entry.code("slot 3")).isNotNull();
    assertThat(counters.snapshot().rejected(Rejection.SEAL)).isZero();
  }

  private static Fingerprint fingerprint(int build) {
    return Fingerprint.compute(Map.of("engine", "text", "build", Integer.toString(build)));
  }

  private void attach(StoredEntry entry, int build) throws IOException {
    EntryHead head = entry.head();
    Source source = Source.verified("a.js", new byte[0], StandardCharsets.UTF_8, head.sourceHash());
    CodeKey key = new CodeKey("", source, Shape.SCRIPT, fingerprint(build));
    entry.attach(
        "slot " + build, key.seal(store.seal(), head.keyHash(), head.generation(), new byte[9]));
  }

  /** What is sealed with another key is somebody else's, and not damage. */
  @Test
  void whatOthersSealedIsTheirs() throws IOException {
    byte[] secret = "a secret of enough bytes".getBytes(StandardCharsets.UTF_8);
    Seal seal = Seal.signed(SigningKeys.of(3, secret), "tenant");
    try (DiskStore other = DiskStore.open(folder, seal, counters, time)) {
      other.record("here", "text", fingerprint(1));
      try (NewBody body = other.newBody(KEY)) {
        body.write(1);
        other.put(TestHeads.of(KEY, 1_000, 1), body);
      }
      attach(other.find(KEY, null), 1);
      time.advance(20, TimeUnit.DAYS);
      assertThat(store.gc().filesSwept()).isZero();
      assertThat(other.find(KEY, null).body()).hasSize(1);
      assertThat(other.find(KEY, null).code("slot 1")).isNotNull();
      assertThat(other.fingerprint("here")).isEqualTo(fingerprint(1));
    }
    store.purgeAll();
  }

  @Test
  void lookUpsAreRememberedByTheTimesOfHeads() throws IOException {
    put(KEY, "", 1_000);
    store.record("here", "text", fingerprint(1));
    store.close();
    Path head = store.name(KEY).head().toPath();
    Path record = FolderCheck.files(folder.resolve("v1/fingerprints")).get(0);
    FileTime old = FileTime.fromMillis(time.millis() - TimeUnit.DAYS.toMillis(9));
    Files.setLastModifiedTime(head, old);
    Files.setLastModifiedTime(record, old);
    open();
    store.find(KEY, null);
    store.fingerprint("here");
    assertThat(Files.getLastModifiedTime(head)).as("not on the way of a hit").isEqualTo(old);
    assertThat(Files.getLastModifiedTime(record)).as("not on the way of a hit").isEqualTo(old);
    store.close();
    assertThat(Files.getLastModifiedTime(head)).isGreaterThan(old);
    assertThat(Files.getLastModifiedTime(record)).isGreaterThan(old);
  }

  /** Whoever opens it for reading waits for a writer for ever. */
  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeIsNotOpened() throws Exception {
    StoredEntry entry = put(KEY, "", 1_000);
    Path pipe = store.name(KEY).slot(entry.head().generation(), "slot", ".c").toPath();
    Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertThat(made.waitFor()).isZero();
    assertThat(store.gc().entries()).isEqualTo(1);
    assertThat(store.find(KEY, null)).isNotNull();
  }

  @Test
  void lookUpsOfOtherVariantsAreRememberedToo() throws IOException {
    put(KEY, "a: 1", 1_000);
    put(KEY, "a: 2", 1_000);
    Path head = store.name(KEY).head().toPath();
    FileTime old = FileTime.fromMillis(time.millis() - TimeUnit.DAYS.toMillis(9));
    Files.setLastModifiedTime(head, old);
    assertThat(store.find(KEY, stored -> "a: 2")).isNotNull();
    store.close();
    assertThat(Files.getLastModifiedTime(head)).isGreaterThan(old);
  }
}
