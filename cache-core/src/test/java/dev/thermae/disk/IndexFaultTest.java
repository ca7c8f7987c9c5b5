package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.NewBody;
import dev.thermae.store.NoRoomException;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.TestHeads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Owners of the index that fail, are told nothing, or go too early. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("once")
class IndexFaultTest {
  private static final long LIMIT = 2 << 20;

  @TempDir Path folder;
  private final Counters counters = new Counters(null);
  private final FaultyTime time = new FaultyTime();

  /** A clock that fails the thread that looks after the folder, once. */
  private static final class FaultyTime extends TimeSource {
    private volatile Throwable fault;

    @Override
    public long millis() {
      Throwable now = fault;
      if (now != null && Thread.currentThread().getName().equals("thermae-disk")) {
        fault = null;
        FaultyTime.<RuntimeException>raise(now);
      }
      return super.millis();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void raise(Throwable now) throws E {
      throw (E) now;
    }
  }

  private DiskStore store(TimeSource clock) throws IOException {
    DiskOptions options = DiskOptions.DEFAULTS.maximumBytes(LIMIT);
    return DiskStore.open(folder, Seal.checksum(), counters, clock, options);
  }

  private DiskStore store() throws IOException {
    return DiskStore.open(folder, Seal.checksum(), counters, TimeSource.SYSTEM);
  }

  private static void put(DiskStore store, int number) throws IOException {
    try (NewBody body = store.newBody("url " + number)) {
      body.write(new byte[100]);
      assertThat(store.put(TestHeads.of("url " + number, 1_000, 100), body)).isNotNull();
    }
  }

  private static DiskUsage awaitIndex(DiskStore store) {
    store.claimIndex();
    DiskUsage usage = store.usage();
    while (usage == null) {
      Thread.onSpinWait();
      usage = store.usage();
    }
    return usage;
  }

  /** The sort of process that runs {@code gc} in a large folder and ends. */
  @Test
  void indexThatWasFilledInPartIsNotBelieved() throws IOException {
    int entries = 2_000;
    try (DiskStore store = store()) {
      for (int i = 0; i < entries; i++) {
        put(store, i);
      }
    }
    try (DiskStore store = store()) {
      store.claimIndex();
      while (!Files.exists(folder.resolve("v1/index/1.cm"))) {
        Thread.onSpinWait();
      }
    }
    try (DiskStore store = store()) {
      assertThat(awaitIndex(store).entries()).isEqualTo(entries);
    }
  }

  /** Owns the index in a JVM without openings, and tells of it at every line. */
  static final class HeapOwner {
    private HeapOwner() {}

    public static void main(String[] arguments) throws Exception {
      Counters counters = new Counters(null);
      try (DiskStore store =
              DiskStore.open(Path.of(arguments[0]), Seal.checksum(), counters, TimeSource.SYSTEM);
          Scanner in = new Scanner(System.in, "UTF-8")) {
        DiskUsage usage = awaitIndex(store);
        ChildJvm.say(usage.kind() + " " + usage.entries());
        while (in.hasNextLine() && in.nextLine() != null) {
          usage = store.usage();
          ChildJvm.say(usage.kind() + " " + usage.entries());
        }
      }
    }
  }

  @Test
  void indexOnTheHeapIsToldWhatOthersStore() throws Exception {
    try (DiskStore store = store()) {
      put(store, 0);
      try (ChildJvm owner = ChildJvm.start(HeapOwner.class, folder.toString())) {
        assertThat(owner.next()).isEqualTo("heap 1");
        put(store, 1);
        put(store, 2);
        owner.tell("now");
        assertThat(owner.next()).isEqualTo("heap 3");
        owner.closeInput();
        assertThat(owner.finish()).isEmpty();
      }
      assertThat(FolderCheck.files(folder.resolve("v1/index"))).isEmpty();
    }
  }

  @Test
  void ownerWhoseIndexFailedLetsGoOfIt() throws IOException {
    try (DiskStore first = store(time)) {
      put(first, 0);
      awaitIndex(first);
      time.fault = new IllegalStateException("a test's");
      first.caretaker().wantRoom(0);
      while (time.fault != null) {
        Thread.onSpinWait();
      }
      try (DiskStore second = store()) {
        second.claimIndex();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (second.usage() == null && System.nanoTime() - end < 0) {
          LockSupport.parkNanos(1_000_000);
        }
        assertThat(second.usage()).isNotNull();
      }
    }
  }

  @Test
  void strayJournalBreaksNoIndex() throws IOException {
    try (DiskStore store = store()) {
      put(store, 0);
      awaitIndex(store);
      Path journals = Files.createDirectories(folder.resolve("v1/journal"));
      Files.write(journals.resolve(Long.MAX_VALUE + "-0"), new byte[64]);
      Files.write(journals.resolve("7-" + Long.MAX_VALUE), new byte[64]);
      assertThat(store.usage()).isNotNull();
      assertThat(journals).isEmptyDirectory();
    }
    assertThat(counters.snapshot().faults()).isZero();
  }

  @Test
  void careGoesOnAfterAnError() throws IOException {
    try (DiskStore store = store(time)) {
      put(store, 0);
      time.fault = new OutOfMemoryError("a test's");
      store.caretaker().wantRoom(0);
      while (time.fault != null) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < 300; i++) {
        putPatiently(store, i);
      }
    }
  }

  private static void putPatiently(DiskStore store, int number) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        put(store, number);
        return;
      } catch (NoRoomException e) {
        assertThat(attempt).isLessThan(50);
      }
    }
  }

  @Test
  void journalOfAStoreThatWasClosedIsRead() throws IOException {
    try (DiskStore owner = store()) {
      put(owner, 0);
      awaitIndex(owner);
      DiskStore closed = store();
      closed.close();
      put(closed, 1);
      assertThat(owner.usage().entries()).isEqualTo(2);
      assertThat(folder.resolve("v1/journal")).isEmptyDirectory();
    }
  }

  /** Each lives too short to own the index. */
  @Test
  void journalsThatNobodyReadsAreBounded() throws IOException {
    try (DiskStore store = store()) {
      put(store, 0);
      awaitIndex(store);
    }
    for (int i = 0; i < 100; i++) {
      try (DiskStore store = store()) {
        put(store, i);
      }
      assertThat(FolderCheck.files(folder.resolve("v1/journal"))).hasSizeLessThan(70);
    }
    try (DiskStore store = store()) {
      assertThat(awaitIndex(store).entries()).isEqualTo(100);
    }
  }
}
