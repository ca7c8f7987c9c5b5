package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.Store;
import dev.thermae.store.StoreOrderContract;
import dev.thermae.testing.FastFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskStoreTest extends StoreOrderContract {
  @TempDir(factory = FastFolder.class)
  Path folder;

  Seal seal() {
    return Seal.checksum();
  }

  @Override
  protected Store open(Counters counting, TimeSource clock) throws IOException {
    return DiskStore.open(folder, seal(), counting, clock);
  }

  @Override
  protected void checkAfterwards(Store used) throws IOException {
    FolderCheck.noTemporaries(folder);
    FolderCheck.everyHeadHasItsBody(folder, seal());
    FolderCheck.onlyLocksAreOpen(folder);
  }

  @Test
  void anotherStoreOverTheFolderFindsIt() throws IOException {
    put(KEY, 1_000, "body").attach(SLOT, new byte[] {1});
    try (Store other = open(counters, time)) {
      store = other;
      assertThat(text(find(KEY))).isEqualTo("body");
      assertThat(find(KEY).code(SLOT)).containsExactly(1);
    }
  }

  @Test
  void replacedFilesAreGone() throws IOException {
    put(KEY, 1_000, "old").attach(SLOT, new byte[] {1});
    find(KEY).mark(SLOT, false);
    put(KEY, 2_000, "new");
    assertThat(FolderCheck.entryFiles(folder)).hasSize(2);
    store.invalidate(KEY, 3_000);
    assertThat(FolderCheck.entryFiles(folder)).hasSize(1);
  }

  @Test
  void bodyReplacedUnderAReaderIsAQuietMiss() throws IOException {
    var old = put(KEY, 1_000, "old");
    put(KEY, 2_000, "new");
    assertThat(old.body()).isNull();
    assertThat(old.code(SLOT)).isNull();
  }

  @Test
  void foldersThatVanishAreMadeAgain() throws IOException {
    put(KEY, 1_000, "old");
    FolderCheck.delete(folder.resolve("v1/entries"));
    FolderCheck.delete(folder.resolve("v1/temporary"));
    assertThat(find(KEY)).isNull();
    put(KEY, 2_000, "new");
    assertThat(text(find(KEY))).isEqualTo("new");
  }

  /** The name of a file proves nothing: what lies there must say the very key itself. */
  @Test
  void filesUnderAnotherKeysNameAreRefused() throws IOException {
    put(KEY, 1_000, "body");
    String other = KEY + "?";
    EntryName name = EntryName.of(folder.resolve("v1/entries").toFile(), other);
    Files.createDirectories(name.folder().toPath());
    for (Path file : FolderCheck.entryFiles(folder)) {
      String suffix = file.getFileName().toString().substring(32);
      Files.copy(file, name.folder().toPath().resolve(name.text() + suffix));
    }
    assertThat(find(other)).isNull();
    assertThat(seen.rejections()).containsExactly(Rejection.KEY);
    expectRejections(1);
    assertThat(text(find(KEY))).isEqualTo("body");
  }
}
