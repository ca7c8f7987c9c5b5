package dev.thermae.disk;

import dev.thermae.code.Generation;
import dev.thermae.disk.EntryFiles.Item;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes files of entries away, under the entry's lock: heads first, so that nobody finds the rest,
 * then slots, then bodies. An entry whose lock is taken is left alone. Thread-safe.
 */
final class EntryRemoval {
  private final DiskStore store;
  private final Blocks blocks;
  private final Ledger ledger;
  private final TimeSource time;

  EntryRemoval(DiskStore store, Blocks blocks, Ledger ledger, TimeSource time) {
    this.store = store;
    this.blocks = blocks;
    this.ledger = ledger;
    this.time = time;
  }

  /** What a walk does with an entry whose lock it holds. */
  private interface Work {
    long run(EntryFiles now, Map<String, EntryHead> heads) throws IOException;
  }

  /** Removes an entry that was not used since {@code lastUse}; answers the bytes freed. */
  long evict(EntryName name, long lastUse) throws IOException {
    long freed = evictUnused(name, lastUse);
    if (freed > 0) {
      store.counters().onEvicted(name.text(), freed);
    }
    return freed;
  }

  private long evictUnused(EntryName name, long lastUse) throws IOException {
    return locked(
        name,
        (now, heads) -> {
          if (now.record(blocks, 0).lastUse() > lastUse) {
            return 0;
          }
          for (EntryHead head : heads.values()) {
            // A tombstone above a base hides what lies there.
            boolean hides = head.is(EntryHead.TOMBSTONE) && isBelow(name);
            if (hides || SweepPolicy.isNeeded(head, time.millis())) {
              return 0;
            }
          }
          EntryHead first = heads.get(name.head().getName());
          if (first != null && isBelow(name) && !isCopied(name, heads.values(), first)) {
            return bury(now, heads, first);
          }
          return remove(now, heads, false);
        });
  }

  /** Removes an entry, whatever it is. */
  long purge(EntryName name) throws IOException {
    return locked(name, (now, heads) -> remove(now, heads, false));
  }

  /** Removes what nobody refers to; answers the bytes freed. */
  long sweep(EntryName name) throws IOException {
    return locked(
        name,
        (now, heads) -> {
          long freed = 0;
          boolean had = now.hasHead();
          for (Item item : SweepPolicy.unreferenced(now, heads, time.millis())) {
            boolean hides = item.name().equals(name.head().getName()) && isBelow(name);
            freed += hides ? 0 : delete(now, item);
          }
          boolean has = name.head().exists();
          ledger.release(freed, had && !has ? 1 : 0);
          return freed;
        });
  }

  /** Deletes one file of an entry, without the lock. */
  long deleteOne(EntryFiles entry, Item item) throws IOException {
    long freed = delete(entry, item);
    ledger.release(freed, 0);
    return freed;
  }

  private long locked(EntryName name, Work work) throws IOException {
    FileLock lock = store.writer().tryLock(name);
    if (lock == null) {
      return 0;
    }
    long freed;
    try {
      EntryFiles now = EntryFiles.of(name);
      freed = work.run(now, heads(now));
    } finally {
      lock.release();
    }
    if (freed > 0) {
      freed += prune(name.folder());
    }
    return freed;
  }

  /** Whether a base holds this entry, which comes to light when the head above it goes. */
  private boolean isBelow(EntryName name) {
    for (DiskStore base : store.bases()) {
      if (EntryName.named(base.entries(), name.text()).head().exists()) {
        return true;
      }
    }
    return false;
  }

  /** Whether all that goes is a copy of what comes to light, and that was not invalidated. */
  private boolean isCopied(EntryName name, Collection<EntryHead> above, EntryHead first)
      throws IOException {
    Set<Generation> below = new HashSet<>();
    for (DiskStore base : store.bases()) {
      EntryFiles files = EntryFiles.of(EntryName.named(base.entries(), name.text()));
      for (EntryHead head : heads(files).values()) {
        if (store.isValid(head, first.notBefore())) {
          below.add(head.generation());
        }
      }
    }
    return above.stream().allMatch(head -> below.contains(head.generation()));
  }

  /**
   * Removes all but the first head, which becomes a tombstone. No room is asked for: some is made.
   * Where the disk refuses even that, the entry stays, and room is made elsewhere.
   */
  private long bury(EntryFiles now, Map<String, EntryHead> heads, EntryHead first)
      throws IOException {
    long time = Math.max(first.requestTime(), first.notBefore());
    EntryHead tombstone = EntryHead.tombstone(first.key(), first.selecting(), time, time);
    byte[] bytes = HeadFile.encode(tombstone, new byte[0], store.seal());
    File file = EntryName.named(store.entries(), now.name()).head();
    long before = file.length();
    try {
      Publisher.publish(store.temporaries(), file, bytes, store.options().durability());
    } catch (IOException e) {
      store.counters().onFault(file.getPath(), e);
      return 0;
    }
    ledger.charge(blocks.of(bytes.length) - blocks.of(before));
    return remove(now, heads, true);
  }

  private long remove(EntryFiles now, Map<String, EntryHead> heads, boolean isBuried)
      throws IOException {
    Set<String> generations = new HashSet<>();
    for (EntryHead head : heads.values()) {
      generations.add(head.generation().toString());
    }
    long freed = 0;
    // In falling order: variants before the head that says which of them count.
    List<Item> files = now.files();
    for (int i = files.size() - 1; i >= 0; i--) {
      boolean stays = isBuried && files.get(i).name().equals(now.name() + ".h");
      freed += files.get(i).isHead() && !stays ? delete(now, files.get(i)) : 0;
    }
    // Looked at once more: code may have been attached until the head was gone.
    EntryFiles rest = EntryFiles.of(EntryName.named(store.entries(), now.name()));
    for (boolean bodies : new boolean[] {false, true}) {
      for (Item item : rest.files()) {
        boolean theirs =
            generations.contains(item.generation())
                || EvictionPolicy.isForgotten(item.modified(), time.millis());
        if (theirs && !item.isHead() && item.isBody() == bodies) {
          freed += delete(rest, item);
        }
      }
    }
    ledger.release(freed, now.hasHead() && !isBuried ? 1 : 0);
    return freed;
  }

  private long delete(EntryFiles entry, Item item) {
    File file = entry.file(item);
    return Publisher.delete(file) ? blocks.of(item.length()) : 0;
  }

  /** Deletes folders that have become empty. */
  private long prune(File inner) throws IOException {
    long freed = 0;
    if (CacheFolder.guards && GuardedFiles.holds(inner)) {
      return freed; // others may have swapped it
    }
    for (File folder = inner; folder != null; folder = folder.getParentFile()) {
      long size = blocks.ofFolder(folder.length());
      if (folder.equals(store.entries()) || !folder.delete()) {
        break;
      }
      freed += size;
    }
    ledger.release(freed, 0);
    return freed;
  }

  private Map<String, EntryHead> heads(EntryFiles entry) throws IOException {
    Map<String, EntryHead> heads = new HashMap<>();
    for (Item item : entry.files()) {
      EntryHead head = item.isHead() ? HeadFile.read(entry.file(item), store.seal()) : null;
      if (head != null) {
        heads.put(item.name(), head);
      }
    }
    return heads;
  }
}
