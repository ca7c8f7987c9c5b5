package dev.thermae.testing;

import dev.thermae.code.Seal;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.DiskUsage;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.NewBody;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Claims the index of a folder, stores an entry of its own, says when it owns the index, and lives
 * until its standard input ends.
 */
public final class OwnerProgram {
  private OwnerProgram() {}

  /** Arguments: folder, name. */
  public static void main(String[] arguments) throws Exception {
    Counters counters = new Counters(null);
    try (DiskStore store =
        DiskStore.open(Path.of(arguments[0]), Seal.checksum(), counters, TimeSource.SYSTEM)) {
      store.claimIndex();
      String key = "url " + arguments[1];
      try (NewBody body = store.newBody(key)) {
        body.write(1);
        store.put(TestHeads.of(key, System.currentTimeMillis(), 1), body);
      }
      ChildJvm.say("stored");
      Thread watcher =
          new Thread(
              () -> {
                DiskUsage usage = store.usage();
                while (usage == null) {
                  LockSupport.parkNanos(10_000_000);
                  usage = store.usage();
                }
                ChildJvm.say("owns " + usage.entries() + " " + usage.kind());
              });
      watcher.setDaemon(true);
      watcher.start();
      System.in.transferTo(OutputStream.nullOutputStream());
    }
    ChildJvm.say("faults " + counters.snapshot().faults());
  }
}
