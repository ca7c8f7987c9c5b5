package dev.thermae.file;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.TextUnit;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real files and the real watcher. Looks are trusted for a day, so that only events help. */
@Tag("once")
class DirectoryWatchTest extends FileFixture {
  private FileLoader<TextUnit> loader;

  private void watch(Path... paths) throws IOException {
    write(file, "one");
    FileLoader.Builder<TextUnit> builder =
        FileLoader.builder(cache(), engine)
            .listener(told)
            .quiet(Duration.ofMillis(20))
            .trust(Duration.ofDays(1));
    for (Path path : paths) {
      builder.watch(path);
    }
    loader = builder.build();
    assertThat(told.stops()).isEmpty();
    assertThat(loader.isWatching()).isTrue();
    assertRuns(loader.load(file), "one");
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("thermae-watch"))
        .count();
  }

  @AfterEach
  void noThreadStays() {
    if (loader != null) {
      loader.close();
    }
    await().until(() -> threads() == 0);
  }

  @Test
  void writtenInPlace() throws Exception {
    watch(scripts);
    write(file, "two");
    assertThat(told.next()).isEqualTo("MODIFIED a.txt");
    assertRuns(loader.load(file), "two");
  }

  @Test
  void writtenBesideAndMovedIntoPlace() throws Exception {
    watch(file);
    for (int i = 0; i < 5; i++) {
      Path beside = scripts.resolve(".a.txt.swp");
      write(beside, "round " + i);
      Files.move(beside, file, REPLACE_EXISTING);
      assertThat(told.next()).isEqualTo("MODIFIED a.txt");
      assertRuns(loader.load(file), "round " + i);
    }
  }

  @Test
  void touchedIsNoChange() throws Exception {
    watch(scripts);
    write(file, "one");
    Path second = scripts.resolve("b.txt");
    write(second, "b");
    assertThat(told.next()).isEqualTo("CREATED b.txt");
  }

  @Test
  void goneAndBack() throws Exception {
    watch(scripts);
    Files.delete(file);
    assertThat(told.next()).isEqualTo("DELETED a.txt");
    write(file, "two");
    assertThat(told.next()).isEqualTo("CREATED a.txt");
    assertRuns(loader.load(file), "two");
  }

  @Test
  void newFoldersAreWatched() throws Exception {
    watch(scripts);
    Path deep = Files.createDirectories(scripts.resolve("x").resolve("y")).resolve("b.txt");
    write(deep, "b");
    assertThat(told.next()).isEqualTo("CREATED b.txt");
    assertRuns(loader.load(deep), "b");
    write(deep, "c");
    assertThat(told.next()).isEqualTo("MODIFIED b.txt");
    assertRuns(loader.load(deep), "c");
  }

  @Test
  void aFolderThatAppearsIsWatched() throws Exception {
    Path later = temporary.toRealPath().resolve("later");
    watch(scripts, later.resolve("deep"));
    Path deep = Files.createDirectories(later.resolve("deep").resolve("x")).resolve("b.txt");
    write(deep, "b");
    assertThat(told.next()).isEqualTo("CREATED b.txt");
    assertRuns(loader.load(deep), "b");
    write(deep, "c");
    assertThat(told.next()).isEqualTo("MODIFIED b.txt");
    assertRuns(loader.load(deep), "c");
  }

  @Test
  void foldersThatMoveTakeTheirFilesAlong() throws Exception {
    Path inner = Files.createDirectory(scripts.resolve("inner"));
    watch(scripts);
    write(inner.resolve("b.txt"), "b");
    assertThat(told.next()).isEqualTo("CREATED b.txt");
    loader.load(inner.resolve("b.txt"));
    Path moved = Files.move(inner, scripts.resolve("moved"));
    assertThat(List.of(told.next(), told.next()))
        .containsExactlyInAnyOrder("DELETED b.txt", "CREATED b.txt");
    assertRuns(loader.load(moved.resolve("b.txt")), "b");
    write(moved.resolve("b.txt"), "c");
    assertThat(told.next()).isEqualTo("MODIFIED b.txt");
  }

  /** Beside a watched file, nothing is looked at, and folders are not walked through. */
  @Test
  void aFileAloneIsWatched() throws Exception {
    watch(file);
    Path deep = Files.createDirectories(scripts.resolve("x").resolve("y")).resolve("b.txt");
    write(deep, "b");
    write(scripts.resolve("c.txt"), "c");
    write(file, "two");
    assertThat(told.next()).isEqualTo("MODIFIED a.txt");
    assertThat(told.changes()).isEmpty();
  }

  /** More events than the JDK keeps for a folder: some are lost, and no change. */
  @Test
  void floodsLoseNoChange() throws Exception {
    watch(scripts);
    for (int i = 0; i < 4_000; i++) {
      Files.writeString(scripts.resolve("flood" + i % 50 + "-" + i), "x");
    }
    write(file, "two");
    await().atMost(60, TimeUnit.SECONDS).until(() -> told.changes().contains("MODIFIED a.txt"));
    assertRuns(loader.load(file), "two");
  }

  /** The JDK keeps 512 events of a folder for who is busy. */
  @Test
  void overflowsAreTold() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    Heard heard = new Heard(goOn);
    try (FileEvents events = DirectoryEvents.open(Roots.of(List.of(scripts)), heard)) {
      write(file, "one");
      assertThat(heard.next()).isEqualTo(file);
      for (int i = 0; i < 4_000; i++) {
        Files.writeString(scripts.resolve("flood" + i), "x");
      }
      goOn.countDown();
      assertThat(heard.lost.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(events).isNotNull();
    }
  }

  /** The library's hashes would hide them, and with them that something else was there between. */
  @Test
  void writesOfTheSameBytesAreEvents() throws Exception {
    write(file, "one");
    Heard heard = new Heard(new CountDownLatch(0));
    try (FileEvents events = DirectoryEvents.open(Roots.of(List.of(scripts)), heard)) {
      write(file, "one");
      assertThat(heard.next()).isEqualTo(file);
      assertThat(events).isNotNull();
    }
  }

  private static final class Heard implements FileEvents.Sink {
    private final BlockingQueue<Path> changed = new LinkedBlockingQueue<>();
    private final CountDownLatch lost = new CountDownLatch(1);
    private final CountDownLatch goOn;

    Heard(CountDownLatch goOn) {
      this.goOn = goOn;
    }

    Path next() throws InterruptedException {
      return changed.poll(30, TimeUnit.SECONDS);
    }

    @Override
    public void changed(Path path, FileEvents.Kind kind) {
      changed.add(path);
      assertThatCode(goOn::await).doesNotThrowAnyException();
    }

    @Override
    public void idle() {}

    @Override
    public void lost() {
      lost.countDown();
    }
  }

  @Test
  void aFolderThatIsDeletedEndsWatching() throws Exception {
    Path other = Files.createDirectory(temporary.resolve("other"));
    watch(scripts, other);
    Files.delete(other);
    assertThat(told.stopped()).isEqualTo(WatchFault.FOLDER_GONE);
    assertThat(loader.isWatching()).isFalse();
    for (String text : List.of("two", "three")) {
      write(file, text);
      assertRuns(loader.load(file), text);
    }
  }

  /** The system watches the old folder wherever it goes, and tells nothing of the new one. */
  @Test
  void aFolderThatIsReplacedIsWatchedAnew() throws Exception {
    watch(scripts);
    Path next = Files.createDirectory(temporary.resolve("next"));
    write(next.resolve("a.txt"), "one");
    Files.move(scripts, temporary.resolve("old"));
    Files.move(next, scripts);
    time.advance(2, TimeUnit.DAYS);
    assertRuns(loader.load(file), "one");
    write(file, "two");
    assertThat(told.next()).isEqualTo("MODIFIED a.txt");
    assertRuns(loader.load(file), "two");
    write(file, "three");
    assertThat(told.next()).isEqualTo("MODIFIED a.txt");
    assertRuns(loader.load(file), "three");
  }

  @Test
  void withoutTheLibraryFilesAreReadEachTime() throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("directory-watcher"))
            .collect(Collectors.joining(File.pathSeparator));
    String folder = temporary.toString();
    try (ChildJvm child =
        ChildJvm.start(WatchProgram.class, classPath, List.of(), List.of(), Map.of(), folder)) {
      assertThat(child.finish()).containsExactly("LIBRARY_MISSING", "one", "two");
    }
  }

  /** Whoever does not watch pays nothing for it. */
  @Test
  void theLibraryIsLoadedOnlyForWatching() throws Exception {
    write(file, "one");
    try (ChildJvm child =
        ChildJvm.start(
            WatchProgram.class,
            List.of("-verbose:class"),
            Map.of(),
            temporary.toString(),
            "unwatched")) {
      assertThat(child.finish()).containsExactly("one", "two");
      assertThat(child.noise())
          .anyMatch(line -> line.contains("dev.thermae.file.FileLoader "))
          .noneMatch(line -> line.contains("io.methvin"))
          .noneMatch(line -> line.contains("dev.thermae.file.FileWatch "));
    }
  }
}
