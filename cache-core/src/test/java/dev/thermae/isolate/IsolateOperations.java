package dev.thermae.isolate;

import dev.thermae.engine.CompileException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * What threads do to a memory tier at once; every load makes another unit. There is one key, as
 * keys are cleared one after the other.
 */
public class IsolateOperations {
  private static final int SOUND = 1;
  private static final int FAILING = 7;

  private final IsolateCache<Integer> cache = new IsolateCache<>(1 << 20, 60_000);
  private final AtomicInteger loads = new AtomicInteger();

  /** One load of a source, which is at fault if its key is. */
  private final class Load extends Flight<Integer> {
    private final int key;

    Load(int key) {
      this.key = key;
    }

    @Override
    protected Integer load() {
      if (key == FAILING) {
        throw new CompileException("no", "a.js", 1, 2, null);
      }
      return loads.incrementAndGet();
    }

    @Override
    protected RuntimeException remembered(CompileException fault) {
      return fault.again();
    }

    @Override
    protected long millis() {
      return 5;
    }
  }

  /** Which of the loads the unit comes from. */
  @Operation
  public int get() {
    return cache.get(SOUND, new Load(SOUND));
  }

  /** The error of a source that is always at fault. */
  @Operation
  public String fail() {
    try {
      return "unit " + cache.get(FAILING, new Load(FAILING));
    } catch (CompileException e) {
      return "error";
    }
  }

  @Operation
  public void clear() {
    cache.clear();
  }

  /** Moves what is there to the bounded cache; nobody may see a difference. */
  void settle() {
    cache.settle(unit -> 1);
  }

  /** The same, one thing after the other. */
  public static class Sequential {
    private int loads;
    private boolean present;

    public int get() {
      if (!present) {
        loads++;
        present = true;
      }
      return loads;
    }

    public String fail() {
      return "error";
    }

    public void clear() {
      present = false;
    }

    public void settle() {}
  }

  /** With the bounded cache, whose own threads model checking does not know. */
  public static class Settling extends IsolateOperations {
    @Override
    @Operation
    public int get() {
      return super.get();
    }

    @Override
    @Operation(runOnce = true)
    public void settle() {
      super.settle();
    }
  }
}
