package dev.thermae.store;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
  private static final long RESOURCE_OVERHEAD = 256;
  private static final int MAXIMUM_VARIANTS = 64;

  private final Map<String, Resource> resources = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Fingerprint> fingerprints = new ConcurrentHashMap<>();
  private final long maximumBytes;
  private final Counters counters;
  private final TimeSource time;
  private long bytes;
  private boolean told;

  /** A store of at most {@code maximumBytes}. */
  public MemoryStore(long maximumBytes, Counters counters, TimeSource time) {
    this.maximumBytes = maximumBytes;
    this.counters = counters;
    this.time = time;
  }

  /** The variants of one key, and the time of its last invalidation. */
  private static final class Resource {
    final List<Entry> variants = new ArrayList<>();
    final long overhead;
    long notBefore = Long.MIN_VALUE;

    Resource(String key) {
      overhead = RESOURCE_OVERHEAD + 2L * key.length();
    }
  }

  /** A body with its slots: what all heads of a generation share. */
  private static final class Content {
    final byte[] body;
    final Slots slots = new Slots();

    Content(byte[] body) {
      this.body = body;
    }

    long bytes() {
      long sum = body.length;
      for (Slot slot : slots.byName.values()) {
        sum += slot.code == null ? 0 : slot.code.length;
      }
      return sum;
    }
  }

  @Override
  public synchronized @Nullable StoredEntry find(String key, @Nullable Selector selector) {
    Resource resource = resources.get(key);
    for (int i = 0; resource != null && i < resource.variants.size(); i++) {
      Entry entry = resource.variants.get(i);
      String selecting = entry.head.selecting();
      if (selecting.equals(selector == null ? "" : selector.selecting(selecting))) {
        return entry;
      }
      if (selector == null) {
        return null;
      }
    }
    return null;
  }

  /** Every variant of {@code key} that a look-up could select. */
  public synchronized List<StoredEntry> variants(String key) {
    Resource resource = resources.get(key);
    return resource == null ? List.of() : List.copyOf(resource.variants);
  }

  /** The keys of everything stored or invalidated, the longest unused first. */
  public synchronized List<String> keys() {
    return List.copyOf(resources.keySet());
  }

  @Override
  public NewBody newBody(String key) {
    return new Body();
  }

  @Override
  public synchronized @Nullable StoredEntry put(EntryHead head, NewBody body) {
    if (head.bodyLength() != body.length()) {
      throw new IllegalArgumentException(
          "the head tells of " + head.bodyLength() + " bytes, the body has " + body.length());
    }
    Resource resource = resource(head.key());
    List<Entry> replaced = replaced(resource, head.selecting());
    long now = time.millis();
    boolean late = Precedence.keepsOut(resource.notBefore, head.requestTime(), now);
    for (Entry old : replaced) {
      late |= Precedence.stands(old.head, head, now);
    }
    if (late) {
      trim();
      return null;
    }
    for (Entry old : replaced) {
      forget(resource, old);
    }
    if (resource.variants.size() >= MAXIMUM_VARIANTS) {
      forget(resource, resource.variants.get(0));
    }
    Entry entry = new Entry(head, new Content(((Body) body).out.toByteArray()));
    resource.variants.add(entry);
    bytes += entry.content.body.length;
    counters.onStored(head.key(), entry.content.body.length);
    if (resource.overhead + body.length() > maximumBytes) {
      oversized(resource.overhead + body.length());
    }
    trim();
    return entry;
  }

  private void oversized(long length) {
    counters.onOversized();
    if (!told) {
      told = true;
      counters.onWarning(
          "A resource of "
              + length
              + " bytes is not kept: the store in memory holds "
              + maximumBytes
              + " (further ones are only counted)");
    }
  }

  private Resource resource(String key) {
    Resource known = resources.get(key);
    if (known == null) {
      known = new Resource(key);
      resources.put(key, known);
      bytes += known.overhead;
    }
    return known;
  }

  /** The same variant, and all of them when the resource varies by other fields now. */
  private static List<Entry> replaced(Resource resource, String selecting) {
    List<Entry> replaced = new ArrayList<>();
    for (Entry entry : resource.variants) {
      String other = entry.head.selecting();
      if (other.equals(selecting) || !Precedence.varyAlike(other, selecting)) {
        replaced.add(entry);
      }
    }
    return replaced;
  }

  private void forget(Resource resource, Entry entry) {
    resource.variants.remove(entry);
    bytes -= entry.content.bytes();
    entry.content.slots.forgotten = true;
  }

  private void trim() {
    while (bytes > maximumBytes && !resources.isEmpty()) {
      String key = resources.keySet().iterator().next();
      Resource eldest = resources.remove(key);
      if (eldest != null) {
        long before = bytes;
        bytes -= eldest.overhead;
        for (Entry entry : new ArrayList<>(eldest.variants)) {
          forget(eldest, entry);
        }
        counters.onEvicted(key, before - bytes);
      }
    }
  }

  @Override
  public synchronized @Nullable StoredEntry withHead(StoredEntry entry, EntryHead head) {
    Resource resource = resources.get(head.key());
    Generation generation = entry.head().generation();
    if (!head.generation().equals(generation)) {
      throw new IllegalArgumentException("a head keeps its generation; put makes a new one");
    }
    for (int i = 0; resource != null && i < resource.variants.size(); i++) {
      Entry known = resource.variants.get(i);
      if (known.head.generation().equals(generation)) {
        if (Precedence.stands(known.head, head, time.millis())) {
          return known;
        }
        Entry updated = new Entry(head, known.content);
        resource.variants.set(i, updated);
        return updated;
      }
    }
    return null;
  }

  @Override
  public synchronized void invalidate(String key, long timeMillis) {
    Resource resource = resource(key);
    long now = time.millis();
    resource.notBefore = Precedence.laterInvalidation(resource.notBefore, timeMillis, now);
    for (Entry entry : new ArrayList<>(resource.variants)) {
      if (!Precedence.outlives(entry.head, timeMillis, now)) {
        forget(resource, entry);
      }
    }
    trim();
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

  /** Bytes that everything stored may take. */
  public long maximumBytes() {
    return maximumBytes;
  }

  /** Bytes that everything stored takes, overhead included. */
  public synchronized long bytes() {
    return bytes;
  }

  /** The same, counted anew. */
  synchronized long recount() {
    long sum = 0;
    for (Resource resource : resources.values()) {
      sum += resource.overhead;
      for (Entry entry : resource.variants) {
        sum += entry.content.bytes();
      }
    }
    return sum;
  }

  /** Resources, those included of which only the invalidation is known. */
  synchronized int count() {
    return resources.size();
  }

  @Override
  public synchronized void close() {
    resources.clear();
    bytes = 0;
  }

  private static final class Body extends NewBody {
    private final Bytes out = new Bytes();

    @Override
    public BodyReader reader() {
      return out;
    }

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

  /** Bytes that are read while they become more. */
  private static final class Bytes extends ByteArrayOutputStream implements BodyReader {
    @Override
    public synchronized long length() {
      return count;
    }

    @Override
    public synchronized ByteBuffer at(long position) {
      int from = Math.toIntExact(position);
      int to = Math.min(count, from - from % PIECE + PIECE);
      return ByteBuffer.wrap(Arrays.copyOfRange(buf, from, to));
    }

    @Override
    public void close() {}
  }

  /** An immutable head over what its generation holds. */
  private final class Entry implements StoredEntry {
    private final EntryHead head;
    private final Content content;

    Entry(EntryHead head, Content content) {
      this.head = head;
      this.content = content;
    }

    @Override
    public EntryHead head() {
      return head;
    }

    @Override
    public byte[] body() {
      return content.body;
    }

    @Override
    public boolean holds(byte[] expected) {
      return Arrays.equals(content.body, expected);
    }

    @Override
    public byte @Nullable [] code(String slot) {
      synchronized (MemoryStore.this) {
        return content.slots.of(slot).code;
      }
    }

    @Override
    public Seen seen(String slot) {
      synchronized (MemoryStore.this) {
        return new Seen(content.slots.of(slot).seen, content.slots.of(slot).lastSeen);
      }
    }

    @Override
    public void mark(String slot, boolean anew) {
      synchronized (MemoryStore.this) {
        if (anew) {
          content.slots.of(slot).seen = 0;
        }
        content.slots.of(slot).seen++;
        content.slots.of(slot).lastSeen = time.millis();
      }
    }

    @Override
    public void attach(String slot, byte[] envelope) {
      synchronized (MemoryStore.this) {
        if (!content.slots.forgotten) {
          Slot known = content.slots.of(slot);
          bytes += envelope.length - (known.code == null ? 0 : known.code.length);
          known.code = envelope;
          trim();
        }
      }
    }
  }

  /** The slots of one generation. */
  private static final class Slots {
    private final Map<String, Slot> byName = new HashMap<>();
    private boolean forgotten;

    Slot of(String slot) {
      return byName.computeIfAbsent(slot, absent -> new Slot());
    }
  }

  private static final class Slot {
    private byte @Nullable [] code;
    private long seen;
    private long lastSeen;
  }
}
