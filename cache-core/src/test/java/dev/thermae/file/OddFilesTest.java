package dev.thermae.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.event.Temperature;
import dev.thermae.event.TimeSource;
import dev.thermae.policy.CachePolicy;
import dev.thermae.testing.TextUnit;
import dev.thermae.testing.Threads;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Files that are written to while they are read, and those with odd names and kinds. */
class OddFilesTest extends FileFixture {
  private static final int LARGE = 1 << 20;

  /** A clock that ticks rarely: all writes of a test have the same time. */
  @Test
  void partsOfSeveralWritesAreNoContent() throws Exception {
    Files.write(file, new byte[LARGE]);
    SourceFiles files = new SourceFiles(StandardCharsets.ISO_8859_1, LARGE, TimeSource.SYSTEM);
    AtomicBoolean isRead = new AtomicBoolean();
    Threads.run(
        2,
        index -> {
          if (index == 0) {
            count(isRead);
            return;
          }
          try {
            for (int i = 0; i < 300; i++) {
              readWhole(files);
            }
          } finally {
            isRead.set(true);
          }
        });
  }

  /** At every moment, the end of the file is at most one round behind its beginning. */
  private void count(AtomicBoolean isRead) throws IOException {
    FileTime always = FileTime.from(Instant.now().plusSeconds(60));
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      for (long round = 1; !isRead.get(); round++) {
        for (long at : new long[] {0, LARGE - Long.BYTES}) {
          out.seek(at);
          out.writeLong(round);
          Files.setLastModifiedTime(file, always);
        }
        LockSupport.parkNanos(20_000);
      }
    }
  }

  private void readWhole(SourceFiles files) throws IOException {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(files.read(file).bytes());
      assertThat(bytes.getLong(0) - bytes.getLong(LARGE - Long.BYTES)).isBetween(0L, 1L);
    } catch (FileSystemException e) {
      assertThat(e).hasMessageContaining("changes while it is read");
    }
  }

  @Test
  void anEmptyFileIsAScript() throws IOException {
    Files.createFile(file);
    assertThat(loadAnew(CachePolicy.eager()).code().run()).isEqualTo(TextUnit.run(""));
    assertThat(loadAnew(CachePolicy.eager()).temperature()).isEqualTo(Temperature.HOT);
  }

  @Test
  void oddNamesAreNames() throws IOException {
    for (String name :
        new String[] {"a b#?%25\n\u00e4\ud83d\ude00", "x".repeat(255), "file:", " ", "\\"}) {
      file = scripts.resolve(name);
      write(file, "one");
      loadAnew(CachePolicy.eager());
      Compiled<TextUnit> hot = loadAnew(CachePolicy.eager());
      assertThat(hot.temperature()).isEqualTo(Temperature.HOT);
      assertRuns(hot, "one");
    }
  }

  @Test
  void aPathThatIsNotTheShortestIsTheSame() throws IOException {
    write(file, "one");
    loadAnew(CachePolicy.eager());
    file = scripts.resolve("..").resolve(scripts.getFileName()).resolve(".").resolve("a.txt");
    assertThat(loadAnew(CachePolicy.eager()).temperature()).isEqualTo(Temperature.HOT);
  }

  @Test
  void linksInACircleAreAFault() throws IOException {
    Files.createSymbolicLink(file, scripts.resolve("b.txt"));
    Files.createSymbolicLink(scripts.resolve("b.txt"), file);
    assertThatThrownBy(() -> loadAnew(CachePolicy.eager())).isInstanceOf(FileSystemException.class);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void pipesAndDevicesAreNotWaitedFor() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    for (Path special : new Path[] {file, Path.of("/dev/zero")}) {
      file = special;
      assertThatThrownBy(() -> loadAnew(CachePolicy.eager()))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("is no regular file");
    }
  }

  @Test
  void interruptedThreadsLoad() throws IOException {
    write(file, "one");
    Thread.currentThread().interrupt();
    try {
      assertRuns(loadAnew(CachePolicy.eager()), "one");
      assertRuns(loadAnew(CachePolicy.eager()), "one");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aClosedCacheCompiles() throws IOException {
    write(file, "one");
    CodeCache closed = open(CachePolicy.eager());
    FileLoader<TextUnit> loader = FileLoader.of(closed, engine);
    closed.close();
    assertRuns(loader.load(file), "one");
    write(file, "two");
    assertRuns(loader.load(file), "two");
  }

  @Test
  void manyCachesReadWhatOneReplaces() throws Exception {
    write(file, "one");
    Threads.run(
        4,
        index -> {
          try (CodeCache mine = open(CachePolicy.eager())) {
            FileLoader<TextUnit> loader = FileLoader.of(mine, engine);
            for (int i = 0; i < 100; i++) {
              if (index == 0) {
                Path next = temporary.resolve("next");
                write(next, "round " + i);
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
                assertRuns(loader.load(file), "round " + i);
              } else {
                loader.load(file);
              }
            }
          }
        });
  }
}
