package dev.thermae.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Generation;
import dev.thermae.event.CacheListener;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.testing.TextUnit;
import dev.thermae.testing.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What is answered from memory and what is told, with events and time by hand. */
class FileWatchTest extends WatchFixture {
  @Test
  void unchangedIsAnsweredWithoutTheDisk() throws IOException {
    watching(scripts);
    loader.load(file);
    Files.delete(file); // and nobody tells
    Compiled<TextUnit> again = loader.load(file);
    assertRuns(again, "one");
    assertThat(again.origin()).isEqualTo(Origin.MEMORY);
  }

  @Test
  void trustEndsWhateverTheSystemTells() throws IOException {
    watching(scripts);
    loader.load(file);
    write(file, "two");
    time.advance(5, TimeUnit.SECONDS);
    assertRuns(loader.load(file), "two");
    quiet();
    assertThat(told.changes()).containsExactly("MODIFIED a.txt");
  }

  @Test
  void fromTheSystemsWordOnLoadsRead() throws IOException {
    watching(scripts);
    loader.load(file);
    write(file, "two");
    events.modified(file);
    assertRuns(loader.load(file), "two");
    assertThat(told.changes()).isEmpty();
    quiet();
    assertThat(told.changes()).containsExactly("MODIFIED a.txt");
  }

  @Test
  void aChangeIsA200BeforeAnybodyLoads() throws IOException {
    watching(scripts);
    loader.load(file);
    cache().flush();
    Generation before = entry(file).head().generation();
    write(file, "two");
    events.modified(file);
    quiet();
    assertThat(entry(file).head().generation()).isNotEqualTo(before);
    Files.delete(file); // and nobody tells: the next load needs no disk
    Compiled<TextUnit> cold = loader.load(file);
    assertRuns(cold, "two");
    assertThat(cold.origin()).isEqualTo(Origin.COMPILED);
    assertThat(cold.temperature()).isEqualTo(Temperature.COLD);
  }

  @Test
  void sameBytesAreNoChange() throws IOException {
    watching(scripts);
    loader.load(file);
    Generation before = entry(file).head().generation();
    write(file, "one");
    events.modified(file);
    quiet();
    assertThat(told.changes()).isEmpty();
    assertThat(entry(file).head().generation()).isEqualTo(before);
    assertThat(loader.load(file).origin()).isEqualTo(Origin.MEMORY);
  }

  /** A hash that is compared with the last event's would call the second event no change. */
  @Test
  void whatWasLoadedBetweenTwoEventsIsNotKept() throws IOException {
    watching(Duration.ofDays(1), scripts);
    loader.load(file);
    write(file, "two");
    events.modified(file);
    assertRuns(loader.load(file), "two");
    write(file, "one");
    events.modified(file);
    assertRuns(loader.load(file), "one");
    quiet();
    assertThat(told.changes()).isEmpty();
  }

  @Test
  void deletedAndCreatedIsOneChange() throws IOException {
    watching(scripts);
    loader.load(file);
    Files.delete(file);
    events.deleted(file);
    write(file, "two");
    events.created(file);
    events.modified(file);
    quiet();
    assertThat(told.changes()).containsExactly("MODIFIED a.txt");
  }

  @Test
  void goneAndBack() throws Exception {
    watching(scripts);
    loader.load(file);
    Files.delete(file);
    events.deleted(file);
    assertThatThrownBy(() -> loader.load(file)).isInstanceOf(NoSuchFileException.class);
    quiet();
    assertThat(told.next()).isEqualTo("DELETED a.txt");
    assertThat(entry(file)).isNull();
    write(file, "one");
    events.created(file);
    quiet();
    assertThat(told.next()).isEqualTo("CREATED a.txt");
    assertRuns(loader.load(file), "one");
    quiet();
    assertThat(told.changes()).isEmpty();
  }

  @Test
  void aFolderThatGoesTakesItsFilesAlong() throws IOException {
    Path inner = Files.createDirectory(scripts.resolve("inner"));
    Path beside = Files.createDirectory(scripts.resolve("inner-2"));
    watching(scripts);
    write(inner.resolve("b.txt"), "b");
    write(beside.resolve("c.txt"), "c");
    loader.load(inner.resolve("b.txt"));
    loader.load(beside.resolve("c.txt"));
    Files.move(inner, temporary.resolve("away"));
    events.deleted(inner);
    assertThatThrownBy(() -> loader.load(inner.resolve("b.txt")))
        .isInstanceOf(NoSuchFileException.class);
    quiet();
    assertThat(told.changes()).containsExactly("DELETED b.txt");
  }

  @Test
  void newFilesAreToldWhereTheyWereAskedFor() throws IOException {
    Path other = Files.createDirectory(temporary.resolve("other"));
    watching(scripts, other.resolve("named.txt"));
    for (String name : new String[] {"named.txt", "unnamed.txt"}) {
      write(other.resolve(name), "x");
      events.created(other.resolve(name).toRealPath());
    }
    write(scripts.resolve("new.txt"), "x");
    events.created(scripts.resolve("new.txt"));
    quiet();
    assertThat(told.changes()).containsExactlyInAnyOrder("CREATED named.txt", "CREATED new.txt");
  }

  @Test
  void lostEventsMeanThatAllIsLookedAt() throws IOException {
    watching(Duration.ofDays(1), scripts);
    Path second = scripts.resolve("b.txt");
    write(second, "b");
    loader.load(file);
    loader.load(second);
    write(file, "two");
    events.lost();
    assertRuns(loader.load(file), "two");
    quiet();
    quiet();
    assertThat(events.opened()).isEqualTo(2);
    assertThat(told.changes()).containsExactly("MODIFIED a.txt");
    Files.delete(second); // and nobody tells
    assertRuns(loader.load(second), "b");
  }

  @Test
  void linksBelowTheFolderAreReadEachTime() throws IOException {
    Path outside = temporary.resolve("outside.txt");
    write(outside, "one");
    Path link = Files.createSymbolicLink(scripts.resolve("link.txt"), outside);
    watching(scripts);
    assertRuns(loader.load(link), "one");
    write(outside, "two");
    assertRuns(loader.load(link), "two");
  }

  @Test
  void aFileThatBecomesALinkIsReadEachTime() throws IOException {
    Path outside = temporary.resolve("outside.txt");
    watching(Duration.ofDays(1), scripts);
    loader.load(file);
    write(outside, "two");
    Files.delete(file);
    Files.createSymbolicLink(file, outside);
    events.created(file);
    quiet();
    assertRuns(loader.load(file), "two");
    write(outside, "three");
    assertRuns(loader.load(file), "three");
  }

  @Test
  void aFolderMayBeNamedThroughALink() throws IOException {
    Path link = Files.createSymbolicLink(temporary.toRealPath().resolve("current"), scripts);
    watching(link);
    Path given = link.resolve("a.txt");
    loader.load(given);
    Files.delete(file); // and nobody tells
    assertRuns(loader.load(given), "one");
  }

  @Test
  void aLinkThatLeadsElsewhereStartsAnew() throws IOException {
    Path next = Files.createDirectory(temporary.resolve("next")).toRealPath();
    Path link = Files.createSymbolicLink(temporary.toRealPath().resolve("current"), scripts);
    watching(link);
    Path given = link.resolve("a.txt");
    loader.load(given);
    write(next.resolve("a.txt"), "two");
    Files.delete(link);
    Files.createSymbolicLink(link, next);
    time.advance(5, TimeUnit.SECONDS);
    assertRuns(loader.load(given), "two");
    quiet();
    assertThat(events.opened()).isEqualTo(2);
    write(next.resolve("a.txt"), "three");
    events.modified(next.resolve("a.txt"));
    assertRuns(loader.load(given), "three");
  }

  @Test
  void filesThatAreNotWatchedAreReadEachTime() throws IOException {
    Path outside = temporary.resolve("outside.txt");
    write(outside, "one");
    watching(file);
    loader.load(outside);
    write(outside, "two");
    assertRuns(loader.load(outside), "two");
  }

  @Test
  void aWatcherThatDoesNotStartIsToldOnce() throws Exception {
    events.failing(new IOException("User limit of inotify watches reached"));
    watching(scripts);
    assertThat(told.stopped()).isEqualTo(WatchFault.LIMIT);
    assertReadsEachTime();
    assertThat(seen.warnings()).hasSize(1);
    assertThat(seen.faults()).hasSize(1).first().isInstanceOf(WatchStoppedException.class);
  }

  @Test
  void aWatcherThatDoesNotStartAgainIsToldOnce() throws Exception {
    watching(scripts);
    loader.load(file);
    events.failing(new IOException("something else"));
    events.lost();
    quiet();
    events.lost();
    quiet();
    assertThat(told.stopped()).isEqualTo(WatchFault.FAILED);
    assertReadsEachTime();
    assertThat(seen.warnings()).hasSize(1);
  }

  /** As other watchers do; whoever mistyped a path is told. */
  @Test
  void whatIsNotThereYetIsToldAndWaitedFor() throws Exception {
    Path missing = scripts.resolveSibling("missing");
    Path deep = missing.resolve("inner").resolve("b.txt");
    watching(Duration.ofDays(1), scripts, missing, deep);
    assertThat(loader.isWatching()).isTrue();
    assertThat(seen.faults()).isEmpty();
    assertThat(seen.warnings())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .contains("nothing is at " + missing + " yet", "in " + missing.getParent()),
            line -> assertThat(line).contains("nothing is at " + deep + " yet"));
    Files.createDirectories(deep.getParent());
    write(deep, "one");
    assertRuns(loader.load(deep), "one");
    write(deep, "two");
    assertRuns(loader.load(deep), "two"); // nobody tells of it yet
    events.created(missing);
    quiet();
    quiet();
    assertThat(told.changes()).containsExactly("CREATED b.txt");
    assertThat(events.opened()).isEqualTo(2);
    loader.load(deep);
    write(deep, "three");
    assertRuns(loader.load(deep), "two"); // from memory
    events.modified(deep);
    quiet();
    assertThat(told.changes()).containsExactly("CREATED b.txt", "MODIFIED b.txt");
    assertRuns(loader.load(deep), "three");
  }

  /** What is waited for may be gone again before anybody looks. */
  @Test
  void aFolderThatComesAndGoesIsStillWaitedFor() throws Exception {
    Path deep = scripts.resolveSibling("missing").resolve("b.txt");
    watching(deep);
    events.created(deep.getParent());
    quiet();
    assertThat(loader.isWatching()).isTrue();
    Files.createDirectory(deep.getParent());
    events.created(deep.getParent());
    quiet();
    write(deep, "one");
    events.created(deep);
    quiet();
    assertThat(told.changes()).containsExactly("CREATED b.txt");
  }

  @Test
  void closedLoadersReadEachTime() throws IOException {
    watching(scripts);
    loader.load(file);
    loader.close();
    loader.close();
    assertReadsEachTime();
  }

  @Test
  void listenersThatThrowAreCounted() throws IOException {
    write(file, "one");
    FileListener bad =
        (path, change) -> {
          throw new IllegalStateException("planted");
        };
    loader = FileLoader.builder(cache(), engine).watch(scripts).listener(bad).build(events, alarm);
    loader.load(file);
    write(file, "two");
    events.modified(file);
    quiet();
    assertThat(seen.faults()).hasSize(1);
    assertRuns(loader.load(file), "two");
  }

  /** The entry is stored when the bytes have been read, and before they count. */
  @Test
  void anEventWhileAFileIsReadCounts() throws IOException {
    AtomicBoolean isFirst = new AtomicBoolean(true);
    CacheListener meddler =
        new CacheListener() {
          @Override
          public void onStored(String key, long bytes) {
            if (isFirst.getAndSet(false)) {
              assertThatCode(() -> write(file, "two")).doesNotThrowAnyException();
              events.modified(file);
            }
          }
        };
    write(file, "one");
    try (CodeCache cache =
        CodeCache.builder().directory(temporary.resolve("other")).listener(meddler).build()) {
      loader = FileLoader.builder(cache, engine).watch(scripts).build(events, alarm);
      assertRuns(loader.load(file), "one");
      assertRuns(loader.load(file), "two");
    }
  }

  /** Each write is followed by its event; who loads after that must not get what was before. */
  @Test
  void noLoadBeginsAfterAnEventAndSeesWhatWasBefore() throws Exception {
    watching(Duration.ofDays(1), scripts);
    Path temp = temporary.resolve("next");
    Threads.run(
        3,
        index -> {
          for (int i = 0; i < 300; i++) {
            if (index == 0) {
              write(temp, "round " + i);
              Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
              events.created(file);
              assertRuns(loader.load(file), "round " + i);
            } else {
              loader.load(file);
              alarm.ring();
            }
          }
        });
    quiet();
    assertRuns(loader.load(file), "round 299");
  }
}
