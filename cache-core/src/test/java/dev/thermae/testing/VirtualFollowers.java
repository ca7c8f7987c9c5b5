package dev.thermae.testing;

import dev.thermae.code.Seal;
import dev.thermae.disk.DiskStore;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.Lead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Virtual threads that wait for a lead, on one carrier thread: another virtual thread gets its turn
 * all the same, unless they keep the carrier.
 */
public final class VirtualFollowers {
  private VirtualFollowers() {}

  /** Arguments: folder. */
  public static void main(String[] arguments) throws Exception {
    DiskStore store =
        DiskStore.open(
            Path.of(arguments[0]), Seal.checksum(), new Counters(null), TimeSource.SYSTEM);
    Lead lead = store.lead("unit", 0);
    Thread follower = start(() -> take(store));
    while (follower.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    start(() -> ChildJvm.say("another one runs")).join(20_000);
    lead.close();
    follower.join(20_000);
  }

  /** By reflection, as this is compiled for an older release. */
  private static Thread start(Runnable work) throws ReflectiveOperationException {
    return (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, work);
  }

  private static void take(DiskStore store) {
    try {
      store.lead("unit", Long.MAX_VALUE).close();
      ChildJvm.say("has led");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
