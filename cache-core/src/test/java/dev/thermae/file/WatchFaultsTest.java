package dev.thermae.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.thermae.CodeCache;
import dev.thermae.event.Temperature;
import dev.thermae.policy.CachePolicy;
import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What listeners, threads, other loaders and many files do to a loader that watches. */
class WatchFaultsTest extends WatchFixture {
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
