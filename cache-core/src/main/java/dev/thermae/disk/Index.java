package dev.thermae.disk;

import org.jspecify.annotations.Nullable;

/**
 * What is known of entries without opening their files; never believed, only ever a hint. Owned by
 * one process. Thread-safe.
 */
interface Index extends AutoCloseable {
  /** Says of which kind it is. */
  String kind();

  /** What is known of an entry by its 32-digit name, or null. */
  @Nullable IndexRecord get(String entry);

  /** Notes what is known; an index that is full forgets instead. */
  void put(String entry, IndexRecord known);

  void remove(String entry);

  /** Sums up. */
  DiskUsage usage();

  @Override
  void close();
}
