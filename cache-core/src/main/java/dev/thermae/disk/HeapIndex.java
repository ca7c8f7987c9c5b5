package dev.thermae.disk;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The index of a JVM without the openings that Chronicle Map needs: bounded, least recent out. */
final class HeapIndex implements Index {
  static final int CAPACITY = 1 << 16;

  private final Map<String, IndexRecord> records = new LinkedHashMap<>(16, 0.75f, true);

  @Override
  public String kind() {
    return "heap";
  }

  @Override
  public synchronized @Nullable IndexRecord get(String entry) {
    return records.get(entry);
  }

  @Override
  public synchronized void put(String entry, IndexRecord known) {
    records.put(entry, known);
    if (records.size() > CAPACITY) {
      records.remove(records.keySet().iterator().next());
    }
  }

  @Override
  public synchronized void remove(String entry) {
    records.remove(entry);
  }

  @Override
  public synchronized DiskUsage usage() {
    long bytes = 0;
    long hits = 0;
    for (IndexRecord known : records.values()) {
      bytes += known.bytes();
      hits += known.hits();
    }
    return new DiskUsage(records.size(), bytes, hits, kind());
  }

  @Override
  public void close() {}
}
