package dev.thermae.disk;

import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder above an empty base does what a folder does. */
class LayeredDiskStoreTest extends DiskStoreTest {
  @Override
  protected Store open(Counters counting, TimeSource clock) throws IOException {
    Path base = folder.resolveSibling(folder.getFileName() + "-base");
    Files.createDirectories(base.resolve("v1"));
    base.toFile().deleteOnExit();
    base.resolve("v1").toFile().deleteOnExit();
    DiskOptions options = DiskOptions.DEFAULTS.bases(List.of(base));
    return DiskStore.open(folder, seal(), counting, clock, options);
  }
}
