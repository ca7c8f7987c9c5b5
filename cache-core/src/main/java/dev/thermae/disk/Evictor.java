package dev.thermae.disk;

import dev.thermae.code.CodeClaim;
import dev.thermae.code.Fingerprint;
import dev.thermae.disk.EntryFiles.Item;
import dev.thermae.event.TimeSource;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes room: the one walker that takes away what the policies choose, dead builds' code and what
 * nobody refers to first. It walks the folder, which also sums it up, or only the index where this
 * process has a complete one. One at a time in all processes. Thread-safe.
 */
final class Evictor {
  /** Position of the lock among those of the folder. */
  static final long LOCK = 2;

  private final DiskStore store;
  private final Room room;
  private final Ledger ledger;
  private final TimeSource time;
  private final EntryRemoval removal;

  Evictor(DiskStore store, Room room, TimeSource time) {
    this.store = store;
    this.room = room;
    this.ledger = room.ledger();
    this.time = time;
    this.removal = new EntryRemoval(store, room.blocks(), ledger, time);
  }

  /** How far a walk goes. */
  enum Extent {
    /** Until there is room. */
    ROOM,
    /** Every head and every slot is looked at, too. */
    SWEEP,
    /** Nothing stays. */
    PURGE
  }

  /** Room is made from the index alone; false where that was not enough, or there is none. */
  boolean evictByIndex(IndexOwner owner, long wanted) throws IOException {
    Locked locked = Locked.tryLock(store, time);
    if (locked == null) {
      return false;
    }
    try (locked) {
      ledger.settle();
      InUse now = ledger.read();
      return now != null && owner.evict(now, wanted, this::remove);
    }
  }

  private long remove(String name, long lastUse) throws IOException {
    return removal.evict(EntryName.named(store.entries(), name), lastUse);
  }

  /** Walks the folder; null where another process does so just now. */
  @Nullable GcResult walk(Extent extent) throws IOException {
    return walk(extent, 0);
  }

  /** Walks the folder until there is room for {@code wanted} bytes in one piece. */
  void makeRoom(long wanted) throws IOException {
    walk(Extent.ROOM, wanted);
  }

  private @Nullable GcResult walk(Extent extent, long wanted) throws IOException {
    Locked locked = Locked.tryLock(store, time);
    if (locked == null) {
      return null;
    }
    try (locked) {
      return new Round(extent, wanted).run();
    }
  }

  /** One walk. */
  private final class Round {
    private final Extent extent;
    private final long wanted;
    private final long now = time.millis();
    private final Candidates candidates = new Candidates();
    private final Set<Fingerprint> dead;
    private final List<FingerprintUse> builds;
    private final boolean allKnown;
    private @Nullable Set<Fingerprint> below;
    private long evicted;
    private long slots;
    private long swept;
    private long records;
    private long freed;
    private long gone;

    Round(Extent extent, long wanted) {
      this.extent = extent;
      this.wanted = wanted;
      DiskOptions options = store.options();
      List<File> unreadable = new ArrayList<>();
      this.builds = DiskInspection.of(store).uses(unreadable::add);
      // Such a record may be sealed with somebody else's key; an old one does not count.
      this.allKnown =
          unreadable.stream()
              .allMatch(
                  file -> FingerprintUse.isStale(file.lastModified(), options.unusedDays(), now));
      this.dead =
          allKnown
              ? FingerprintUse.dead(builds, options.keptFingerprints(), options.unusedDays(), now)
              : Set.of();
    }

    GcResult run() throws IOException {
      if (extent == Extent.PURGE) {
        purge();
      }
      InUse before = ledger.beginSum();
      FolderWalk walk = new FolderWalk(room.blocks());
      walk.addOthers(store.root().getParentFile(), store.entries());
      long purged = freed;
      sweepTemporaries();
      if (!walk.walk(store.entries(), this::visit, this::goesOn)) {
        return new GcResult(
            evicted, slots, swept, records, freed, before.bytes(), before.entries());
      }
      InUse sum = ledger.endSum(before, walk.bytes() - (freed - purged), walk.entries() - gone);
      removeRecords();
      makeRoom(sum);
      ledger.settle();
      InUse after = ledger.read();
      InUse known = after == null ? sum : after;
      return new GcResult(evicted, slots, swept, records, freed, known.bytes(), known.entries());
    }

    private boolean goesOn() {
      return !store.caretaker().isClosed();
    }

    private void purge() throws IOException {
      FolderWalk.Visitor visitor =
          (entry, size) -> {
            EntryName name = EntryName.named(store.entries(), entry.name());
            gone(removal.purge(name), name);
          };
      new FolderWalk(room.blocks()).walk(store.entries(), visitor, () -> true);
      for (FingerprintUse use : builds) {
        removeRecord(use);
      }
    }

    private void visit(EntryFiles entry, long size) throws IOException {
      EntryName name = EntryName.named(store.entries(), entry.name());
      for (Item item : entry.files()) {
        if (item.isCode() && isDead(entry, item)) {
          freed += removal.deleteOne(entry, item);
          slots++;
        }
      }
      if (extent == Extent.SWEEP || SweepPolicy.isSuspicious(entry, now)) {
        long bytes = removal.sweep(name);
        if (bytes > 0) {
          freed += bytes;
          swept++;
          gone += entry.hasHead() && !name.head().exists() ? 1 : 0;
          store.caretaker().changed(name);
        }
      }
      IndexRecord known = entry.record(room.blocks(), 0);
      IndexRecord better = store.caretaker().owner().seen(entry.name(), known);
      if (entry.hasHead()) {
        candidates.add(entry.name(), better, now);
      }
    }

    private void gone(long bytes, EntryName name) {
      if (bytes > 0) {
        freed += bytes;
        evicted++;
        store.caretaker().changed(name);
      }
    }

    private boolean isDead(EntryFiles entry, Item item) {
      if (dead.isEmpty() && extent != Extent.SWEEP) {
        return false;
      }
      Fingerprint fingerprint = fingerprint(entry.file(item));
      if (fingerprint == null || dead.contains(fingerprint)) {
        return fingerprint != null;
      }
      boolean recorded = builds.stream().anyMatch(use -> use.fingerprint().equals(fingerprint));
      return !recorded
          && allKnown
          && !below().contains(fingerprint)
          && FingerprintUse.isStale(item.modified(), store.options().unusedDays(), now);
    }

    /** The builds that bases have records of: whoever finds one there makes none here. */
    private Set<Fingerprint> below() {
      Set<Fingerprint> known = below;
      if (known == null) {
        known = new HashSet<>();
        for (DiskStore base : store.bases()) {
          for (FingerprintUse use : DiskInspection.of(base).uses(file -> {})) {
            known.add(use.fingerprint());
          }
        }
        below = known;
      }
      return known;
    }

    private @Nullable Fingerprint fingerprint(File file) {
      try {
        byte[] beginning = beginning(file);
        return beginning == null ? null : CodeClaim.fingerprintIn(beginning);
      } catch (IOException e) {
        return null; // gone since, or damaged: whoever opens it says so
      }
    }

    /** Whoever opened a pipe would wait for a writer for ever. */
    private byte @Nullable [] beginning(File file) throws IOException {
      if (CacheFolder.guards && GuardedFiles.holds(file)) {
        byte[] code = GuardedFiles.read(file, DiskStore.MAXIMUM_CODE);
        return code == null || code.length < CodeClaim.BEGINNING ? null : code;
      }
      if (!file.isFile()) {
        return null;
      }
      byte[] beginning = new byte[CodeClaim.BEGINNING];
      try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
        in.readFully(beginning);
      }
      return beginning;
    }

    private void sweepTemporaries() throws IOException {
      for (File file : FolderWalk.list(store.temporaries())) {
        if (EvictionPolicy.isForgotten(file.lastModified(), now)) {
          freed += room.blocks().of(file.length());
          swept++;
          room.delete(file);
        }
      }
    }

    private void removeRecords() throws IOException {
      for (FingerprintUse use : builds) {
        if (dead.contains(use.fingerprint())) {
          removeRecord(use);
        }
      }
    }

    private void removeRecord(FingerprintUse use) throws IOException {
      freed += room.blocks().of(use.file().length());
      room.delete(use.file());
      records++;
    }

    private void makeRoom(InUse sum) throws IOException {
      DiskOptions options = store.options();
      long bytes = EvictionPolicy.excess(sum, options, wanted);
      long entries =
          sum.entries() >= options.maximumEntries()
              ? sum.entries() - EvictionPolicy.downTo(options.maximumEntries())
              : 0;
      if (extent == Extent.PURGE || (bytes <= 0 && entries <= 0)) {
        return;
      }
      long gone = 0;
      long count = 0;
      candidates.rank(bytes, entries);
      while (candidates.next() && goesOn() && (gone < bytes || count < entries)) {
        EntryName name = EntryName.named(store.entries(), candidates.name());
        long removed = removal.evict(name, candidates.lastUse());
        gone += removed;
        count += removed > 0 ? 1 : 0;
        gone(removed, name);
      }
    }
  }

  /** The lock that one walker at a time holds. */
  private record Locked(FileLock lock) implements AutoCloseable {
    static @Nullable Locked tryLock(DiskStore store, TimeSource time) throws IOException {
      FileLock lock = FileLocks.of(new File(store.root(), "locks"), time).tryLock(LOCK);
      return lock == null ? null : new Locked(lock);
    }

    @Override
    public void close() throws IOException {
      lock.release();
    }
  }
}
