package dev.thermae.cli;

import dev.thermae.disk.DiskOptions;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.GcResult;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.http.report.Words;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thermae gc}: sweeps a folder and keeps it inside its limits, now. */
@Command(
    name = "gc",
    description = {
      "Removes what nobody needs and what exceeds the limits, now.",
      "",
      "Caches do that by themselves; this is for folders that nobody has open, and for limits lower"
          + " than usual. A folder that reaches a limit is brought down to nine tenths of it, and to"
          + " one entry less at least, so that the next writer finds room. Other processes may be"
          + " using the folder."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {"", "Example:", "  thermae gc --max-bytes 256MiB"})
final class Gc implements Callable<Integer> {
  @Mixin private FolderOptions options;

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      converter = ByteSize.class,
      description = "What the folder may take on the disk (default: 1GiB).")
  private long maximumBytes = DiskOptions.DEFAULTS.maximumBytes();

  @Option(
      names = "--max-entries",
      paramLabel = "N",
      description = "How many resources it may hold (default: any number).")
  private long maximumEntries = DiskOptions.DEFAULTS.maximumEntries();

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  Gc() {}

  @Override
  public Integer call() throws FailedException {
    DiskOptions bounds = bounds();
    Counters counters = new Counters(new Faults());
    try (DiskStore store = options.open(counters, TimeSource.SYSTEM, bounds)) {
      GcResult done = store.gc();
      GcReport report =
          new GcReport(
              options.folderName(),
              maximumBytes,
              done.entriesEvicted(),
              done.slotsRemoved(),
              done.filesSwept(),
              done.bytesFreed());
      options.print(report, text(report));
    } catch (IOException e) {
      throw new FailedException(String.valueOf(e.getMessage()), e);
    }
    return 0;
  }

  private DiskOptions bounds() {
    String option = "--max-bytes";
    try {
      DiskOptions bytes = DiskOptions.DEFAULTS.maximumBytes(maximumBytes);
      option = "--max-entries";
      return bytes.maximumEntries(maximumEntries);
    } catch (IllegalArgumentException e) {
      throw options.wrong(option, String.valueOf(e.getMessage()), e);
    }
  }

  private static String text(GcReport report) {
    return String.format(
        Locale.ROOT,
        "%s: evicted %,d resources, removed %,d slots, swept %,d files, freed %s",
        report.folder(),
        report.entriesEvicted(),
        report.slotsRemoved(),
        report.filesSwept(),
        Words.bytes(report.bytesFreed()));
  }
}
