package dev.thermae.store;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.Seal;
import dev.thermae.code.Shape;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A store in this process's memory, bounded by the bytes of its bodies and code, least recently
 * used resource out: what serves where there is no disk tier. Thread-safe.
 */
public final class MemoryStore implements Store {
  private final Map<String, Resource> resources = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Fingerprint> fingerprints = new ConcurrentHashMap<>();
  private final long maximumBytes;
  private final Counters counters;
  private final TimeSource time;
  private long bytes;

  /** A store of at most {@code maximumBytes}. */
  public MemoryStore(long maximumBytes, Counters counters, TimeSource time) {
    this.maximumBytes = maximumBytes;
    this.counters = counters;
    this.time = time;
  }

  /** The variants of one key, and the time of its last invalidation. */
  private static final class Resource {
    final List<Entry> variants = new ArrayList<>();
    long notBefore = Long.MIN_VALUE;
  }

  @Override
  public synchronized @Nullable StoredEntry find(String key, Selector selector) {
    Resource resource = resources.get(key);
    for (int i = 0; resource != null && i < resource.variants.size(); i++) {
      Entry entry = resource.variants.get(i);
      String selecting = entry.head.selecting();
      if (selecting.equals(selector.selecting(selecting))) {
        return entry;
      }
    }
    return null;
  }

  @Override
  public NewBody newBody(String key) {
    return new Body();
  }

  @Override
  public synchronized @Nullable StoredEntry put(EntryHead head, NewBody body) {
    Resource resource = resources.computeIfAbsent(head.key(), key -> new Resource());
    Entry old = variant(resource, head.selecting());
    if (head.requestTime() < resource.notBefore || (old != null && isNewer(old.head, head))) {
      return null;
    }
    if (old != null) {
      forget(resource, old);
    }
    Entry entry = new Entry(head, ((Body) body).out.toByteArray(), new LinkedHashMap<>());
    resource.variants.add(entry);
    bytes += entry.body.length;
    counters.onStored(head.key(), entry.body.length);
    trim();
    return entry;
  }

  private static boolean isNewer(EntryHead old, EntryHead head) {
    return old.requestTime() > head.requestTime()
        || (old.requestTime() == head.requestTime() && old.responseTime() > head.responseTime());
  }

  private static @Nullable Entry variant(Resource resource, String selecting) {
    for (Entry entry : resource.variants) {
      if (entry.head.selecting().equals(selecting)) {
        return entry;
      }
    }
    return null;
  }

  private void forget(Resource resource, Entry entry) {
    resource.variants.remove(entry);
    bytes -= entry.body.length;
    for (MemorySlot slot : entry.slots.values()) {
      bytes -= slot.code == null ? 0 : slot.code.length;
    }
    entry.forgotten = true;
  }

  private void trim() {
    while (bytes > maximumBytes && !resources.isEmpty()) {
      Resource eldest = resources.remove(resources.keySet().iterator().next());
      for (Entry entry : new ArrayList<>(eldest == null ? List.of() : eldest.variants)) {
        forget(eldest, entry);
      }
    }
  }

  @Override
  public synchronized @Nullable StoredEntry withHead(StoredEntry entry, EntryHead head) {
    Resource resource = resources.get(head.key());
    Generation generation = entry.head().generation();
    for (int i = 0; resource != null && i < resource.variants.size(); i++) {
      Entry known = resource.variants.get(i);
      if (known.head.generation().equals(generation)) {
        Entry updated = new Entry(head, known.body, known.slots);
        resource.variants.set(i, updated);
        return updated;
      }
    }
    return null;
  }

  @Override
  public synchronized void invalidate(String key, long timeMillis) {
    Resource resource = resources.computeIfAbsent(key, absent -> new Resource());
    resource.notBefore = Math.max(resource.notBefore, timeMillis);
    for (Entry entry : new ArrayList<>(resource.variants)) {
      if (entry.head.requestTime() < timeMillis) {
        forget(resource, entry);
      }
    }
  }

  @Override
  public @Nullable Fingerprint fingerprint(String surroundings) {
    return fingerprints.get(surroundings);
  }

  @Override
  public void record(String surroundings, String engine, Fingerprint fingerprint) {
    fingerprints.put(surroundings, fingerprint);
  }

  @Override
  public Seal seal() {
    return Seal.checksum();
  }

  @Override
  public synchronized void close() {
    resources.clear();
    bytes = 0;
  }

  private static final class Body extends NewBody {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Override
    public void write(int value) {
      out.write(value);
    }

    @Override
    public void write(byte[] data, int offset, int count) {
      out.write(data, offset, count);
    }

    @Override
    public long length() {
      return out.size();
    }
  }

  /** An immutable head and body; the slots are shared by all heads of a generation. */
  private final class Entry implements StoredEntry {
    private final EntryHead head;
    private final byte[] body;
    private final Map<String, MemorySlot> slots;
    private boolean forgotten;

    Entry(EntryHead head, byte[] body, Map<String, MemorySlot> slots) {
      this.head = head;
      this.body = body;
      this.slots = slots;
    }

    @Override
    public EntryHead head() {
      return head;
    }

    @Override
    public byte[] body() {
      return body;
    }

    @Override
    public Slot slot(Fingerprint fingerprint, Shape shape, Charset charset) {
      String kind = fingerprint + "\n" + charset.name() + "\n" + shape.text();
      synchronized (MemoryStore.this) {
        return slots.computeIfAbsent(kind, absent -> new MemorySlot(this));
      }
    }
  }

  private final class MemorySlot implements Slot {
    private final Entry entry;
    private byte @Nullable [] code;
    private long seen;
    private long lastSeen;

    MemorySlot(Entry entry) {
      this.entry = entry;
    }

    @Override
    public SlotContent read() {
      synchronized (MemoryStore.this) {
        return new SlotContent(code, seen, lastSeen);
      }
    }

    @Override
    public void mark() {
      synchronized (MemoryStore.this) {
        seen++;
        lastSeen = time.millis();
      }
    }

    @Override
    public void attach(byte[] envelope) {
      synchronized (MemoryStore.this) {
        if (!entry.forgotten) {
          bytes += envelope.length - (code == null ? 0 : code.length);
          code = envelope;
          trim();
        }
      }
    }
  }
}
