package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.code.Seal;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.DiskSurvey;
import dev.thermae.disk.DiskVerification;
import dev.thermae.disk.FolderCheck;
import dev.thermae.disk.FolderRefusedException;
import dev.thermae.disk.KeyFolder;
import dev.thermae.event.Counters;
import dev.thermae.event.Temperature;
import dev.thermae.event.TimeSource;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.MemoryStore;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.TextEngine;
import dev.thermae.testing.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of an installation: made, rotated, withdrawn, and refused where they are no secrets. */
class KeyFolderTest {
  private static final int STRANGER = 12_345;

  @TempDir Path home;
  private final RecordingListener seen = new RecordingListener();
  private final TextEngine engine = new TextEngine();
  private Path keys;
  private Path folder;

  @BeforeEach
  void onlyWherePermissionsCount() {
    assumeTrue(home.getFileSystem().supportedFileAttributeViews().contains("unix"));
    keys = home.resolve("keys");
    folder = home.resolve("cache");
  }

  private Temperature load(String namespace) {
    try (CodeCache cache =
        CodeCache.builder()
            .directory(folder)
            .namespace(namespace)
            .signed(keys)
            .policy(CachePolicy.eager())
            .listener(seen)
            .build()) {
      assertThat(cache.store()).isInstanceOf(DiskStore.class);
      return cache.compile(engine, Source.of("a.txt", "text")).temperature();
    }
  }

  private void assertOff(String... words) {
    seen.clear();
    try (CodeCache cache =
        CodeCache.builder().directory(folder).signed(keys).listener(seen).build()) {
      assertThat(cache.store()).isInstanceOf(MemoryStore.class);
    }
    assertThat(seen.warnings()).hasSize(1);
    assertThat(seen.warnings().get(0)).startsWith("No disk tier: ").contains(words);
  }

  @Test
  void aKeyIsMadeForUsAlone() throws IOException {
    assertThat(KeyFolder.rotate(keys)).isEqualTo(1);
    Path file = keys.resolve("1.key");
    assertThat(file).hasSize(32);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
        .isEqualTo("rwx------");
    assertThat(load("")).isEqualTo(Temperature.COLD);
    assertThat(load("")).isEqualTo(Temperature.HOT);
  }

  @Test
  void rotationKeepsWhatIsThereAndWithdrawalDoesNot() throws IOException {
    KeyFolder.rotate(keys);
    assertThat(load("")).isEqualTo(Temperature.COLD);
    assertThat(KeyFolder.rotate(keys)).isEqualTo(2);
    assertThat(load("")).as("sealed with the old key").isEqualTo(Temperature.HOT);
    Files.delete(keys.resolve("1.key"));
    assertThat(load("")).isNotEqualTo(Temperature.HOT);
    assertThat(load("")).isEqualTo(Temperature.HOT);
  }

  /** Each has its own record of the engine's fingerprint; one was overwritten by the other. */
  @Test
  void namespacesHaveRecordsOfTheirOwn() throws IOException {
    KeyFolder.rotate(keys);
    for (String namespace : new String[] {"one", "two"}) {
      assertThat(load(namespace)).isEqualTo(Temperature.COLD);
    }
    for (String namespace : new String[] {"one", "two", "one"}) {
      assertThat(load(namespace)).isEqualTo(Temperature.HOT);
    }
    assertThat(FolderCheck.files(folder.resolve("v1/fingerprints"))).hasSize(2);
    assertThat(seen.rejections()).isEmpty();
  }

  @Test
  void withoutAKeyThereIsNoDiskTier() throws IOException {
    assertOff("is missing", "KeyFolder.rotate");
    Files.createDirectory(keys);
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwx------"));
    assertOff("holds no key");
    Files.write(keys.resolve("1.key"), new byte[5]);
    Files.setPosixFilePermissions(
        keys.resolve("1.key"), PosixFilePermissions.fromString("rw-------"));
    assertOff("5 bytes");
  }

  @Test
  void keysThatOthersMayReadAreRefused() throws IOException {
    KeyFolder.rotate(keys);
    for (String mode : new String[] {"rw----r--", "rw--w----", "rw-----w-"}) {
      Files.setPosixFilePermissions(keys.resolve("1.key"), PosixFilePermissions.fromString(mode));
      assertOff("is open to others", "make another key");
    }
  }

  /** As services share them: root's, and their group's. Root was the only one it was no key for. */
  @Test
  void aKeyOfRootsMayBeReadByItsGroup() throws IOException {
    assumeTrue((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0);
    KeyFolder.rotate(keys);
    Path file = keys.resolve("1.key");
    Files.setAttribute(file, "unix:gid", STRANGER);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(load("")).isEqualTo(Temperature.COLD);
    assertThat(load("")).isEqualTo(Temperature.HOT);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
    assertOff("is open to others");
  }

  @Test
  void keysThatOthersMayReplaceAreRefused() throws IOException {
    KeyFolder.rotate(keys);
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertOff("writable by others");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwx------"));
    assumeTrue((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0);
    Path file = keys.resolve("1.key");
    Files.setAttribute(file, "unix:uid", STRANGER, LinkOption.NOFOLLOW_LINKS);
    assertOff("belongs to user " + STRANGER);
  }

  /** As containers mount them: links within a folder of root's. */
  @Test
  void keysBehindLinksOfOursAreRead() throws IOException {
    Path real = home.resolve("mounted");
    KeyFolder.rotate(real);
    Files.createDirectory(keys);
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwx------"));
    Files.createSymbolicLink(keys.resolve("3.key"), real.resolve("1.key"));
    assertThat(load("")).isEqualTo(Temperature.COLD);
    assertThat(load("")).isEqualTo(Temperature.HOT);
  }

  @Test
  void keysAreKeptOutsideTheCache() throws IOException {
    keys = folder.resolve("keys");
    KeyFolder.rotate(keys);
    assertOff("lies in the cache folder");
    assertThatThrownBy(() -> KeyFolder.read(home.resolve("none")))
        .isInstanceOf(FolderRefusedException.class);
  }

  /** As when all replicas of a service find no key at their first start. */
  @Test
  void rotationsAtOnceMakeDifferentKeys() throws Exception {
    Set<Integer> ids = ConcurrentHashMap.newKeySet();
    int each = 40;
    Threads.run(
        3,
        index -> {
          for (int i = 0; i < each; i++) {
            int id = KeyFolder.rotate(keys);
            byte[] mine = Files.readAllBytes(keys.resolve(id + ".key"));
            assertThat(mine).hasSize(32);
            assertThat(ids.add(id)).as("key %s is ours alone", id).isTrue();
          }
        });
    assertThat(ids).hasSize(3 * each);
    assertThat(FolderCheck.files(keys)).hasSize(3 * each);
  }

  /** Records are named with the key that sealed them, and were looked for by the newest one. */
  @Test
  void recordsOfOlderKeysAreWhole() throws IOException {
    KeyFolder.rotate(keys);
    load("");
    KeyFolder.rotate(keys);
    Seal seal = Seal.signed(KeyFolder.read(keys), "");
    try (DiskStore store = DiskStore.open(folder, seal, new Counters(seen), TimeSource.SYSTEM)) {
      DiskVerification verification = DiskVerification.of(store, System.currentTimeMillis());
      assertThat(verification.checkOthers(DiskSurvey.of(store).others())).isEmpty();
    }
  }
}
