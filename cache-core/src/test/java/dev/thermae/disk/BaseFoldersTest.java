package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Seal;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.event.Counters;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.FakeTime;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.TestHeads;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in bases is found, hidden, and copied up before it changes; bases never change. */
class BaseFoldersTest {
  private static final String KEY = "url \nhttps://example.org/a.js";
  private static final String SLOT = "slot";

  @TempDir Path home;
  private final RecordingListener seen = new RecordingListener();
  private final FakeTime time = new FakeTime();
  private final Counters counters = new Counters(seen);
  private Path folder;
  private Path base;
  private List<String> before;

  @BeforeEach
  void fill() throws IOException {
    folder = home.resolve("cache");
    base = home.resolve("base");
    try (DiskStore store = DiskStore.open(base, Seal.checksum(), counters, time)) {
      put(store, KEY, "", 1_000, "of the base").attach(SLOT, new byte[] {1});
    }
    BaseFolder.finish(base);
    before = state();
  }

  /** Names, lengths and times of all that is in the base. */
  private List<String> state() throws IOException {
    try (var all = Files.walk(base)) {
      return all.map(
              path -> path + " " + path.toFile().length() + " " + path.toFile().lastModified())
          .sorted()
          .toList();
    }
  }

  @AfterEach
  void basesAreAsTheyWere() throws IOException {
    assertThat(state()).isEqualTo(before);
    assertThat(seen.faults()).isEmpty();
    FolderCheck.noTemporaries(folder);
    FolderCheck.everyHeadHasItsBody(folder);
    try (var all = Files.walk(home)) {
      for (Path path : all.filter(Files::isDirectory).toList()) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      }
    }
  }

  private StoredEntry put(
      DiskStore store, String key, String selecting, long requested, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (NewBody body = store.newBody(key)) {
      body.write(bytes);
      EntryHead head = TestHeads.variant(key, selecting, requested, bytes.length);
      return store.put(head, body);
    }
  }

  private DiskStore open() throws IOException {
    return open(List.of(base));
  }

  private DiskStore open(List<Path> bases) throws IOException {
    return DiskStore.open(
        folder, Seal.checksum(), counters, time, DiskOptions.DEFAULTS.bases(bases));
  }

  private static String text(StoredEntry entry) {
    byte[] body = entry == null ? null : entry.body();
    return body == null ? null : new String(body, StandardCharsets.UTF_8);
  }

  @Test
  void anEntryOfABaseIsFoundAndNothingIsWritten() throws IOException {
    try (DiskStore store = open()) {
      StoredEntry found = store.find(KEY, null);
      assertThat(text(found)).isEqualTo("of the base");
      assertThat(found.code(SLOT)).containsExactly(1);
      assertThat(FolderCheck.files(folder)).isEmpty();
    }
  }

  @Test
  void whatIsStoredAboveHidesIt() throws IOException {
    try (DiskStore store = open()) {
      put(store, KEY, "", 2_000, "above");
      StoredEntry found = store.find(KEY, null);
      assertThat(text(found)).isEqualTo("above");
      assertThat(found.code(SLOT)).as("another generation").isNull();
    }
  }

  @Test
  void attachingCopiesItUp() throws IOException {
    try (DiskStore store = open()) {
      store.find(KEY, null).attach("other", new byte[] {2});
      StoredEntry found = store.find(KEY, null);
      assertThat(((DiskEntry) found).headFile().toPath()).startsWith(folder);
      assertThat(text(found)).isEqualTo("of the base");
      assertThat(found.code("other")).containsExactly(2);
      assertThat(found.code(SLOT)).as("stays in the base").containsExactly(1);
      store.find(KEY, null).attach(SLOT, new byte[] {3});
      assertThat(store.find(KEY, null).code(SLOT)).containsExactly(3);
    }
  }

  @Test
  void twoWhoHeldItBothCopyItUp() throws IOException {
    try (DiskStore store = open()) {
      StoredEntry one = store.find(KEY, null);
      StoredEntry other = store.find(KEY, null);
      one.attach("one", new byte[] {1});
      other.attach("other", new byte[] {2});
      other.mark("marked", true);
      StoredEntry found = store.find(KEY, null);
      assertThat(text(found)).isEqualTo("of the base");
      assertThat(found.code("one")).containsExactly(1);
      assertThat(found.code("other")).containsExactly(2);
      assertThat(found.seen("marked").count()).isEqualTo(1);
    }
  }

  @Test
  void validationCopiesItUpAndKeepsItsCode() throws IOException {
    try (DiskStore store = open()) {
      StoredEntry old = store.find(KEY, null);
      StoredEntry fresh = store.withHead(old, TestHeads.validated(old.head(), 5_000));
      assertThat(fresh.head().generation()).isEqualTo(old.head().generation());
      assertThat(fresh.code(SLOT)).containsExactly(1);
      StoredEntry found = store.find(KEY, null);
      assertThat(found.head().requestTime()).isEqualTo(5_000);
      assertThat(text(found)).isEqualTo("of the base");
      assertThat(found.code(SLOT)).containsExactly(1);
    }
  }

  @Test
  void invalidationHidesItForGood() throws IOException {
    try (DiskStore store = open()) {
      StoredEntry held = store.find(KEY, null);
      store.invalidate(KEY, 2_000);
      assertThat(store.find(KEY, null)).isNull();
      held.attach(SLOT, new byte[] {9});
      held.mark(SLOT, true);
      assertThat(store.withHead(held, TestHeads.validated(held.head(), 1_500))).isNull();
      assertThat(store.find(KEY, null)).isNull();
    }
    try (DiskStore store = open()) {
      assertThat(store.find(KEY, null)).isNull();
    }
  }

  @Test
  void anInvalidationBeforeItDoesNotHideIt() throws IOException {
    try (DiskStore store = open()) {
      store.invalidate(KEY, 500);
      assertThat(text(store.find(KEY, null))).isEqualTo("of the base");
    }
  }

  @Test
  void aDamagedHeadAboveHidesIt() throws IOException {
    try (DiskStore store = open()) {
      File head = store.name(KEY).head();
      Publisher.publish(store.temporaries(), head, new byte[40]);
      assertThat(store.find(KEY, null)).isNull();
      Files.delete(head.toPath());
    }
    assertThat(seen.rejections()).hasSize(1);
  }

  @Test
  void variantsOfBothAreFound() throws IOException {
    String key = KEY + "?vary";
    Path second = home.resolve("second");
    try (DiskStore store = DiskStore.open(second, Seal.checksum(), counters, time)) {
      put(store, key, "accept: a", 1_000, "a of the base");
      put(store, key, "accept: b", 1_000, "b of the base");
    }
    BaseFolder.finish(second);
    try (DiskStore store = open(List.of(base, second))) {
      put(store, key, "accept: a", 2_000, "a above");
      assertThat(text(store.find(key, stored -> "accept: a"))).isEqualTo("a above");
      assertThat(text(store.find(key, stored -> "accept: b"))).isEqualTo("b of the base");
      assertThat(store.find(key, stored -> "accept: c")).isNull();
      assertThat(store.find(key, null)).isNull();
      store.find(key, stored -> "accept: b").attach(SLOT, new byte[] {4});
      assertThat(store.find(key, stored -> "accept: b").code(SLOT)).containsExactly(4);
      assertThat(text(store.find(key, stored -> "accept: a"))).isEqualTo("a above");
      put(store, key, "language: x", 3_000, "varies anew");
      assertThat(
              store.find(key, stored -> stored.startsWith("accept") ? "accept: b" : "language: y"))
          .isNull();
    }
  }

  @Test
  void theFirstOfSeveralBasesCounts() throws IOException {
    Path second = home.resolve("second");
    try (DiskStore store = DiskStore.open(second, Seal.checksum(), counters, time)) {
      put(store, KEY, "", 3_000, "of the second");
      put(store, KEY + "?b", "", 3_000, "only there");
    }
    BaseFolder.finish(second);
    try (DiskStore store = open(List.of(base, second))) {
      assertThat(text(store.find(KEY, null))).isEqualTo("of the base");
      assertThat(text(store.find(KEY + "?b", null))).isEqualTo("only there");
      assertThat(DiskInspection.of(store).variants(KEY)).hasSize(2);
    }
  }

  @Test
  void whatIsNoBaseIsLeftOutAndSaidSo() throws IOException {
    Path loose = Files.createDirectories(home.resolve("loose/v1")).getParent();
    Files.setPosixFilePermissions(loose, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path missing = home.resolve("missing");
    Path empty = Files.createDirectory(home.resolve("empty"));
    Path link = Files.createDirectory(home.resolve("link"));
    Files.createSymbolicLink(link.resolve("v1"), base.resolve("v1"));
    try (DiskStore store = open(List.of(loose, missing, link, empty, base))) {
      assertThat(text(store.find(KEY, null))).isEqualTo("of the base");
    }
    assertThat(seen.warnings()).hasSize(4);
    assertThat(seen.warnings().get(0)).contains(loose.toString(), "writable by others");
    assertThat(seen.warnings().get(1)).contains(missing.toString(), "does not exist");
    assertThat(seen.warnings().get(2)).contains(link.toString(), "symbolic link");
    assertThat(seen.warnings().get(3)).contains(empty.toString(), "holds nothing");
  }

  @Test
  void aBaseOfAStrangerIsLeftOut() throws IOException {
    assumeTrue((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0);
    Files.setAttribute(base, "unix:uid", 12_345, LinkOption.NOFOLLOW_LINKS);
    try (DiskStore store = open()) {
      assertThat(store.find(KEY, null)).isNull();
    }
    assertThat(seen.warnings()).hasSize(1);
    assertThat(seen.warnings().get(0)).contains("belongs to user 12345");
    Files.setAttribute(base, "unix:uid", 0, LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void theEnvironmentNamesBasesWhereNoneAreSet() {
    DiskOptions options = DiskOptions.DEFAULTS.bases(List.of(base));
    String list = File.pathSeparator + "/a" + File.pathSeparator + "/b" + File.pathSeparator;
    Path folder = Path.of("/cache");
    assertThat(BaseFolder.below(folder, options, list).bases())
        .as("the variable is for who names none")
        .isEqualTo(options.bases());
    assertThat(BaseFolder.below(folder, null, list).bases()).isEqualTo(BaseFolder.named(list));
    assertThat(BaseFolder.below(Path.of("/a"), null, "/a").bases()).isEmpty();
    assertThat(BaseFolder.below(folder, null, "/a").bases()).containsExactly(Path.of("/a"));
  }

  @Test
  void aFolderWithoutEntriesIsNoBase() {
    assertThatThrownBy(() -> BaseFolder.finish(home.resolve("nothing")))
        .isInstanceOf(FolderRefusedException.class)
        .hasMessageContaining("holds nothing");
  }

  /** Whoever waited for another one's compile held the base's entry, and looked nowhere else. */
  @Test
  void whatOthersAttachedSinceIsFoundThroughAHeldEntry() throws IOException {
    try (DiskStore store = open();
        DiskStore other = open()) {
      StoredEntry held = store.find(KEY, null);
      other.find(KEY, null).attach("other", new byte[] {2});
      assertThat(held.code("other")).containsExactly(2);
      assertThat(held.code(SLOT)).containsExactly(1);
    }
  }

  /** The sweep forgot invalidations after a day, and what they hid came back. */
  @Test
  void anInvalidationHidesItHoweverLongAgo() throws IOException {
    try (DiskStore store = open()) {
      store.invalidate(KEY, time.millis());
      time.advance(40, TimeUnit.DAYS);
      store.gc();
      assertThat(store.find(KEY, null)).isNull();
    }
  }

  /** What was stored since the invalidation is evicted; what the invalidation hid stays hidden. */
  @Test
  void evictionDoesNotForgetAnInvalidation() throws IOException {
    try (DiskStore store = open()) {
      store.invalidate(KEY, time.millis());
      put(store, KEY, "", time.millis(), "above").attach(SLOT, new byte[] {3});
      put(store, KEY + "?4", "", time.millis(), "not in the base");
      time.advance(1, TimeUnit.DAYS);
      EntryRemoval removal =
          new EntryRemoval(store, store.room().blocks(), store.room().ledger(), time);
      File temporaries = store.temporaries();
      assertThat(temporaries.delete() && temporaries.createNewFile()).isTrue();
      assertThat(removal.evict(store.name(KEY), Long.MAX_VALUE)).as("no disk").isZero();
      assertThat(text(store.find(KEY, null))).isEqualTo("above");
      assertThat(seen.faults()).hasSize(1);
      seen.clear();
      assertThat(temporaries.delete()).isTrue();
      for (String key : List.of(KEY, KEY + "?4")) {
        assertThat(removal.evict(store.name(key), Long.MAX_VALUE)).isPositive();
        assertThat(store.find(key, null)).isNull();
      }
      assertThat(FolderCheck.entryFiles(folder)).containsExactly(store.name(KEY).head().toPath());
      assertThat(removal.evict(store.name(KEY), Long.MAX_VALUE)).isZero();
    }
  }

  /** The record lies in the base, so none is made above. */
  @Test
  void codeAboveOfABuildThatABaseRecordsStays() throws IOException {
    Path second = home.resolve("second");
    Fingerprint fingerprint = Fingerprint.compute(Map.of("engine", "text"));
    try (DiskStore store = DiskStore.open(second, Seal.checksum(), counters, time)) {
      store.record("surroundings", "text", fingerprint);
    }
    BaseFolder.finish(second);
    try (DiskStore store = open(List.of(base, second))) {
      assertThat(store.fingerprint("surroundings")).isEqualTo(fingerprint);
      Source source = Source.of("a", "above");
      StoredEntry entry = put(store, KEY + "?3", "", time.millis(), "above");
      EntryHead head = entry.head();
      CodeKey key = new CodeKey("", source, Shape.SCRIPT, fingerprint);
      entry.attach(SLOT, key.seal(store.seal(), head.keyHash(), head.generation(), new byte[] {5}));
      time.advance(40, TimeUnit.DAYS);
      store.gc();
      assertThat(store.find(KEY + "?3", null).code(SLOT)).isNotNull();
    }
  }

  @Test
  void whatWasReplacedDoesNotComeBackFromABaseWhenItIsEvicted() throws IOException {
    try (DiskStore store = open()) {
      put(store, KEY, "", 2_000, "newer");
      evict(store);
      assertThat(store.find(KEY, null)).isNull();
      evict(store);
      assertThat(store.find(KEY, null)).isNull();
      put(store, KEY, "", 3_000, "newest");
      assertThat(store.find(KEY, null)).isNotNull();
    }
  }

  @Test
  void copyOfABaseIsEvicted() throws IOException {
    try (DiskStore store = open()) {
      store.find(KEY, null).mark(SLOT, false);
      assertThat(FolderCheck.entryFiles(folder)).hasSize(3);
      evict(store);
      assertThat(FolderCheck.entryFiles(folder)).isEmpty();
      assertThat(store.find(KEY, null)).isNotNull();
    }
  }

  @Test
  void tombstoneThatHidesNothingIsEvicted() throws IOException {
    try (DiskStore store = open()) {
      store.invalidate(KEY + "?", time.millis());
      store.invalidate(KEY, time.millis());
      time.advance(1, TimeUnit.HOURS);
      evict(store, KEY + "?");
      evict(store, KEY);
      assertThat(FolderCheck.entryFiles(folder)).hasSize(1);
      assertThat(store.find(KEY, null)).isNull();
    }
  }

  private void evict(DiskStore store) throws IOException {
    evict(store, KEY);
  }

  private void evict(DiskStore store, String key) throws IOException {
    Room room = store.room();
    new EntryRemoval(store, room.blocks(), room.ledger(), time)
        .evict(store.name(key), Long.MAX_VALUE);
  }
}
