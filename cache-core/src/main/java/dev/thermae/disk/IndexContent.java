package dev.thermae.disk;

import dev.thermae.code.Generation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An open index and its sums. Thread-safe. */
final class IndexContent {
  /** The least that an entry takes: a head and a body. */
  private static final long LEAST_BYTES = 8192;

  private static final long LEAST_ENTRIES = 1024;
  private static final long MOST_ENTRIES = 1 << 24;
  private static final int BATCH = 4096;

  private final Index index;
  private long entries;
  private long bytes;
  private long hits;
  private long slots;
  private boolean complete = true;

  IndexContent(Index index) {
    this.index = index;
  }

  /** Takes an entry away unless it was used since, and answers the bytes freed. */
  interface Remover {
    long remove(String entry, long lastUse) throws IOException;
  }

  /** Entries that fit into what a folder may take. */
  static long capacity(DiskOptions options) {
    long most = Math.min(options.maximumEntries(), options.maximumBytes() / LEAST_BYTES);
    return Math.max(LEAST_ENTRIES, Math.min(MOST_ENTRIES, most));
  }

  /** Sums up what an index that was there before knows. */
  synchronized void sum() {
    index.each((entry, known) -> count(known, 1));
  }

  private void count(IndexRecord known, int sign) {
    entries += sign;
    bytes += sign * known.bytes();
    hits += sign * known.hits();
    slots += sign * known.slots();
  }

  /** Notes what the files of an entry say; answers it with what only the index knows. */
  synchronized IndexRecord seen(String entry, IndexRecord files) {
    IndexRecord old = index.get(entry);
    if (old != null) {
      count(old, -1);
    }
    if (files.generation().equals(Generation.NONE)) {
      index.remove(entry);
      return files;
    }
    boolean same = old != null && old.generation().equals(files.generation());
    IndexRecord now =
        old == null ? files : files.used(same ? old.hits() : 0, same ? old.lastUse() : 0);
    store(entry, now);
    return now;
  }

  private void store(String entry, IndexRecord now) {
    if (index.put(entry, now)) {
      count(now, 1);
    } else {
      complete = false;
    }
  }

  synchronized void used(String entry, long times, long last) {
    IndexRecord old = index.get(entry);
    if (old != null) {
      count(old, -1);
      store(entry, old.used(times, last));
    }
  }

  /** Whether it knows of everything it was told. */
  synchronized boolean isComplete() {
    return complete;
  }

  synchronized DiskUsage usage(long limit) {
    return new DiskUsage(entries, bytes, hits, limit, slots, index.kind());
  }

  /**
   * Frees what is over the bounds, and room for {@code wanted} bytes in one piece; false when the
   * index does not know of enough.
   */
  synchronized boolean evict(
      InUse inUse, long wanted, DiskOptions options, long now, Remover remover) throws IOException {
    long freeBytes = EvictionPolicy.excess(inUse, options, wanted);
    long freeEntries =
        inUse.entries() >= options.maximumEntries()
            ? inUse.entries() - EvictionPolicy.downTo(options.maximumEntries())
            : 0;
    Ranking ranking = new Ranking();
    index.each((entry, known) -> ranking.add(EvictionPolicy.rank(known, now), known.bytes()));
    int cut = ranking.cut(freeBytes, freeEntries);
    long freed = 0;
    long gone = 0;
    int found = BATCH;
    while (found == BATCH && (freed < freeBytes || gone < freeEntries)) {
      List<String> names = new ArrayList<>();
      List<IndexRecord> records = new ArrayList<>();
      index.each(
          (entry, known) -> {
            if (names.size() < BATCH && EvictionPolicy.rank(known, now) >= cut) {
              names.add(entry);
              records.add(known);
            }
          });
      found = names.size();
      for (int i = 0; i < found && (freed < freeBytes || gone < freeEntries); i++) {
        long size = remover.remove(names.get(i), records.get(i).lastUse());
        freed += size;
        gone += size > 0 ? 1 : 0;
        // Gone, or used since: in that case its process tells.
        index.remove(names.get(i));
        count(records.get(i), -1);
      }
    }
    return freed >= freeBytes && gone >= freeEntries;
  }

  synchronized void close() {
    index.close();
  }
}
