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

  /** Notes what is known; false when an index that is full forgot something instead. */
  boolean put(String entry, IndexRecord known);

  void remove(String entry);

  /** Passes on everything it knows, in no order; it must not be changed meanwhile. */
  void each(Visitor visitor);

  /** Sees entries. */
  interface Visitor {
    void see(String entry, IndexRecord known);
  }

  @Override
  void close();
}
