package dev.thermae.disk;

import dev.thermae.code.Generation;
import java.util.HashMap;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** What threads do to an index at once. */
@Param(name = "entry", gen = IntGen.class, conf = "0:2")
@Param(name = "bytes", gen = IntGen.class, conf = "1:9")
public abstract class IndexOperations {
  abstract Index index();

  abstract String name(int entry);

  @Operation(params = {"entry", "bytes"})
  public void put(int entry, int bytes) {
    index().put(name(entry), new IndexRecord(Generation.NONE, bytes, 0, 0, 1, 0));
  }

  @Operation(params = "entry")
  public long get(int entry) {
    IndexRecord known = index().get(name(entry));
    return known == null ? -1 : known.bytes();
  }

  @Operation(params = "entry")
  public void remove(int entry) {
    index().remove(name(entry));
  }

  /** A heap index of its own for each run. */
  public static final class Heap extends IndexOperations {
    private final HeapIndex index = new HeapIndex();

    @Override
    Index index() {
      return index;
    }

    @Override
    String name(int entry) {
      return EntryName.hash("entry " + entry);
    }
  }

  /** Names of its own for each run, in one index off the heap: to make one takes long. */
  public static final class Chronicle extends IndexOperations {
    private static ChronicleIndex shared;
    private static long runs;

    private final long run;

    public Chronicle() {
      synchronized (Chronicle.class) {
        run = ++runs;
      }
    }

    static void share(ChronicleIndex index) {
      shared = index;
    }

    @Override
    Index index() {
      return shared;
    }

    @Override
    String name(int entry) {
      return EntryName.hash("run " + run + " entry " + entry);
    }
  }

  /** The same, one thing after the other. */
  public static final class Sequential {
    private final Map<Integer, Integer> known = new HashMap<>();

    public void put(int entry, int bytes) {
      known.put(entry, bytes);
    }

    public long get(int entry) {
      return known.getOrDefault(entry, -1);
    }

    public void remove(int entry) {
      known.remove(entry);
    }
  }
}
