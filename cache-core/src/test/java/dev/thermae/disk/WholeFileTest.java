package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.testing.FastFolder;
import dev.thermae.testing.Threads;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are read whole or not at all, and published whole. */
class WholeFileTest {
  private static final int ROUNDS = 3_000;

  @TempDir(factory = FastFolder.class)
  Path folder;

  @Test
  void whatIsNotThereIsNull() throws IOException {
    assertThat(DiskStore.read(folder.resolve("none").toFile(), 1 << 20)).isNull();
    Files.createFile(folder.resolve("empty"));
    assertThat(DiskStore.read(folder.resolve("empty").toFile(), 1 << 20)).isEmpty();
    assertThatThrownBy(() -> DiskStore.read(folder.toFile(), 1 << 20))
        .isInstanceOf(IOException.class);
  }

  /** Its length was cut to an int, which was negative. */
  @Test
  void whatNoArrayHoldsIsCutShort() throws IOException {
    File file = folder.resolve("huge").toFile();
    try (RandomAccessFile made = new RandomAccessFile(file, "rw")) {
      made.setLength(3L << 30);
    }
    assertThat(DiskStore.read(file, 1L << 40)).isEmpty();
  }

  /** Files of many lengths take one name in turn, and sometimes none has it. */
  @Test
  void readerNeverSeesPartOfAFile() throws Exception {
    File file = folder.resolve("file").toFile();
    AtomicBoolean done = new AtomicBoolean();
    Threads.run(
        2,
        index -> {
          if (index == 0) {
            for (int i = 1; i <= ROUNDS; i++) {
              byte[] bytes = new byte[1 + i * 37 % 5_000];
              Arrays.fill(bytes, (byte) bytes.length);
              Publisher.publish(folder.toFile(), file, bytes);
              if (i % 3 == 0) {
                Publisher.delete(file);
              }
            }
            done.set(true);
          } else {
            while (!done.get()) {
              byte[] bytes = DiskStore.read(file, 1 << 20);
              assertThat(bytes == null || bytes.length > 0).isTrue();
              assertThat(bytes == null || bytes[0] == (byte) bytes.length).isTrue();
            }
          }
        });
  }

  @Test
  void missingFoldersAreMadeWhereAFileIsPublished() throws IOException {
    File target = folder.resolve("a/b/file").toFile();
    Publisher.publish(folder.resolve("t").toFile(), target, new byte[] {1});
    assertThat(target).hasBinaryContent(new byte[] {1});
    assertThat(folder.resolve("t")).isEmptyDirectory();
  }

  @Test
  void temporaryIsGoneWhenItsPlaceCannotBeMade() throws IOException {
    Files.createFile(folder.resolve("file"));
    File temporaries = folder.resolve("t").toFile();
    Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere"));
    for (String place : new String[] {"file/b", "file/b/c", "dangling/b"}) {
      File target = folder.resolve(place).toFile();
      assertThatThrownBy(() -> Publisher.publish(temporaries, target, new byte[] {1}))
          .isInstanceOf(IOException.class);
      assertThat(temporaries).isEmptyDirectory();
    }
    Files.createDirectories(folder.resolve("full/x"));
    assertThatThrownBy(
            () -> Publisher.publish(temporaries, folder.resolve("full").toFile(), new byte[1]))
        .isInstanceOf(IOException.class);
    assertThat(temporaries).isEmptyDirectory();
  }
}
