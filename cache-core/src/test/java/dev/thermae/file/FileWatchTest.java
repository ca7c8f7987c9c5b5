package dev.thermae.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Generation;
import dev.thermae.event.CacheListener;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.policy.CachePolicy;
import dev.thermae.testing.TextUnit;
import dev.thermae.testing.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is answered from memory and what is told, with events and time by hand. */
class FileWatchTest extends FileFixture {
  private static final int SECOND = 1_000;

  private final FakeEvents events = new FakeEvents();
  private final FakeAlarm alarm = new FakeAlarm();
  private FileLoader<TextUnit> loader;

  private FileLoader<TextUnit> watching(Path... paths) throws IOException {
    return watching(Duration.ofSeconds(5), paths);
  }

  private FileLoader<TextUnit> watching(Duration trust, Path... paths) throws IOException {
    write(file, "one");
    FileLoader.Builder<TextUnit> builder =
        FileLoader.builder(cache(), engine).listener(told).trust(trust);
    for (Path path : paths) {
      builder.watch(path);
    }
    loader = builder.build(events, alarm);
    return loader;
  }

  private void quiet() {
    time.advance(SECOND, TimeUnit.MILLISECONDS);
    alarm.ring();
  }

  @AfterEach
  void closeLoader() {
    if (loader != null) {
      loader.close();
    }
    assertThat(events.closed()).isEqualTo(events.opened());
  }

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

  @Test
  void aFolderThatIsNotThereIsTold() throws Exception {
    watching(scripts, temporary.resolve("missing").resolve("a.txt"));
    assertThat(told.stopped()).isEqualTo(WatchFault.FOLDER_GONE);
    assertReadsEachTime();
  }

  private void assertReadsEachTime() throws IOException {
    for (String text : new String[] {"two", "three", "four"}) {
      write(file, text);
      assertRuns(loader.load(file), text);
    }
    assertThat(loader.isWatching()).isFalse();
    assertThat(alarm.isClosed()).isTrue();
    assertThat(told.changes()).isEmpty();
    assertThat(told.stops()).isEmpty();
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

  /** Another loader's code hangs on the entry that this one does not want. */
  @Test
  void whatAnotherLoaderStoredIsLeftWhileItHoldsTheSame() throws IOException {
    write(file, "one");
    loadAnew(CachePolicy.eager());
    try (CodeCache memory = open(CachePolicy.isolateOnly())) {
      loader = FileLoader.builder(memory, engine).watch(scripts).build(events, alarm);
      loader.load(file);
      events.modified(file);
      quiet();
      assertThat(loadAnew(CachePolicy.eager()).temperature()).isEqualTo(Temperature.HOT);
      write(file, "two");
      events.modified(file);
      quiet();
      assertThat(entry(file)).isNull();
    }
  }

  @Test
  void aFolderInPlaceOfAFileClearsItsCode() throws IOException {
    watching(scripts);
    loader.load(file);
    Files.delete(file);
    Files.createDirectory(file);
    events.created(file);
    quiet();
    assertThat(told.changes()).containsExactly("DELETED a.txt");
    assertThat(cache().store().find("file \n" + file.toUri().toString().replaceAll("/$", ""), null))
        .isNull();
  }

  /** What listeners throw need not be what the compiler lets them. */
  @Test
  void errorsOfAListenerDelayNobody() throws IOException {
    Path second = scripts.resolve("b.txt");
    write(file, "one");
    write(second, "one");
    List<Path> heard = new ArrayList<>();
    FileListener bad =
        (path, change) -> {
          heard.add(path);
          throw new AssertionError("planted");
        };
    loader = FileLoader.builder(cache(), engine).watch(scripts).listener(bad).build(events, alarm);
    for (Path each : List.of(file, second)) {
      loader.load(each);
      write(each, "two");
      events.modified(each);
    }
    assertThatCode(this::quiet).doesNotThrowAnyException();
    assertThat(heard).containsExactly(file, second);
    assertThat(seen.faults()).hasSize(2);
  }

  @Test
  void listenersMayLoadAndClose() throws IOException {
    write(file, "one");
    AtomicReference<FileLoader<TextUnit>> mine = new AtomicReference<>();
    FileListener calling =
        (path, change) ->
            assertThatCode(
                    () -> {
                      assertRuns(mine.get().load(path), "two");
                      mine.get().close();
                      assertRuns(mine.get().load(path), "two");
                    })
                .doesNotThrowAnyException();
    loader =
        FileLoader.builder(cache(), engine).watch(scripts).listener(calling).build(events, alarm);
    mine.set(loader);
    loader.load(file);
    write(file, "two");
    events.modified(file);
    quiet();
    assertThat(seen.faults()).isEmpty();
    assertThat(loader.isWatching()).isFalse();
  }

  /** A loss that is told while everything is registered must not register it beside that. */
  @Test
  void registeringIsDoneOnceAtATime() throws Exception {
    AtomicReference<Thread> ringing = new AtomicReference<>();
    FileEvents.Opener losing =
        (roots, sink) -> {
          FileEvents opened = events.open(roots, sink);
          if (ringing.get() == null) {
            sink.lost();
            Thread ring = new Thread(alarm::ring);
            ringing.set(ring);
            ring.start();
            await().until(() -> ring.getState() == Thread.State.BLOCKED || !ring.isAlive());
          }
          return opened;
        };
    write(file, "one");
    loader = FileLoader.builder(cache(), engine).watch(scripts).build(losing, alarm);
    ringing.get().join();
    assertThat(events.opened()).isEqualTo(2);
    assertThat(events.closed()).isEqualTo(1);
    loader.load(file);
    Files.delete(file); // and nobody tells
    assertRuns(loader.load(file), "one");
  }

  /** A container may have no thread left, which the JVM tells as an error. */
  @Test
  void anAlarmWithoutAThreadEndsWatching() throws Exception {
    Alarm threadless =
        new Alarm() {
          @Override
          public void after(long nanos, Runnable task) {
            throw new OutOfMemoryError("unable to create native thread");
          }

          @Override
          public void close() {
            alarm.close();
          }
        };
    write(file, "one");
    loader =
        FileLoader.builder(cache(), engine).watch(scripts).listener(told).build(events, threadless);
    loader.load(file);
    write(file, "two");
    events.modified(file);
    assertThat(told.stopped()).isEqualTo(WatchFault.FAILED);
    assertReadsEachTime();
  }

  @Test
  void sourcesInMemoryAreBounded() throws IOException {
    watching(Duration.ofDays(1), scripts);
    Path large = scripts.resolve("large.txt");
    for (int i = 0; i < 70; i++) {
      Files.writeString(large, ("large " + i).concat("x".repeat(1 << 20)));
      Path each = Files.copy(large, scripts.resolve(i + ".txt"));
      loader.load(each);
    }
    int inMemory = 0;
    for (int i = 0; i < 70; i++) {
      Path each = scripts.resolve(i + ".txt");
      Files.delete(each); // and nobody tells
      try {
        loader.load(each);
        inMemory++;
      } catch (NoSuchFileException e) {
        assertThat(e).hasMessageContaining(each.toString());
      }
    }
    assertThat(inMemory).isBetween(1, 64);
  }

  /** What is not in memory any more is known all the same. */
  @Test
  void changesOfFilesThatAreNotInMemoryAreTold() throws IOException {
    Files.writeString(file, "x".repeat(65 << 20));
    try (FileLoader<TextUnit> large =
        FileLoader.builder(cache(), engine)
            .maximumBytes(66 << 20)
            .watch(scripts)
            .listener(told)
            .build(events, alarm)) {
      large.load(file);
      Files.setLastModifiedTime(file, FileTime.fromMillis(1));
      events.modified(file);
      quiet();
      assertThat(told.changes()).isEmpty();
      write(file, "two");
      events.modified(file);
      quiet();
      assertThat(told.changes()).containsExactly("MODIFIED a.txt");
    }
  }

  @Test
  void aNewFileThatIsLoadedAtOnceIsTold() throws IOException {
    watching(scripts);
    Path next = scripts.resolve("b.txt");
    write(next, "b");
    events.created(next);
    loader.load(next);
    quiet();
    assertThat(told.changes()).containsExactly("CREATED b.txt");
    quiet();
    assertThat(told.changes()).hasSize(1);
  }

  @Test
  void filesThatAreGoneAreForgotten() throws IOException {
    watching(scripts);
    for (int i = 0; i < 10; i++) {
      Path each = scripts.resolve(i + ".txt");
      write(each, "b");
      loader.load(each);
      Files.delete(each);
      events.deleted(each);
    }
    quiet();
    assertThat(told.changes()).hasSize(10);
    assertThat(loader.watchedFiles()).isZero();
  }
}
