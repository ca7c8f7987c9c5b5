package dev.thermae.testing;

import dev.thermae.code.Seal;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.DiskUsage;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Competes for the index of a folder and tells what it got. */
public final class IndexProgram {
  private IndexProgram() {}

  /** Arguments: folder, seconds to wait for an index. */
  public static void main(String[] arguments) throws Exception {
    long patience = TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
    Counters counters = new Counters(null);
    try (DiskStore store =
        DiskStore.open(Path.of(arguments[0]), Seal.checksum(), counters, TimeSource.SYSTEM)) {
      store.claimIndex();
      long start = System.nanoTime();
      DiskUsage usage = store.usage();
      while (usage == null && System.nanoTime() - start < patience) {
        Thread.onSpinWait();
        usage = store.usage();
      }
      ChildJvm.say(usage == null ? "none" : usage.kind() + " " + usage.entries());
    }
    ChildJvm.say("faults " + counters.snapshot().faults());
  }
}
