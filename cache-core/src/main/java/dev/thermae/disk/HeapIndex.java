package dev.thermae.disk;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The index of a JVM without the openings that Chronicle Map needs: bounded, least recent out. */
final class HeapIndex implements Index {
  /** Entries of some 250 bytes each. */
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
  public synchronized boolean put(String entry, IndexRecord known) {
    records.put(entry, known);
    if (records.size() <= CAPACITY) {
      return true;
    }
    records.remove(records.keySet().iterator().next());
    return false;
  }

  @Override
  public synchronized void remove(String entry) {
    records.remove(entry);
  }

  @Override
  public synchronized void each(Visitor visitor) {
    records.forEach(visitor::see);
  }

  @Override
  public void close() {}
}
