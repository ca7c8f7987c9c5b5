package dev.thermae.cli;

import dev.thermae.disk.DiskInspection;
import dev.thermae.disk.DiskOptions;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.DiskSurvey;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.http.report.Words;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thermae stats}: what a folder holds and takes. */
@Command(
    name = "stats",
    description = {
      "Tells what a cache folder holds, for whom, and what it takes on the disk.",
      "",
      "Goes through the whole folder and changes nothing; other processes may be using it."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {"", "Example:", "  thermae stats --dir /var/cache/app/thermae"})
final class Stats implements Callable<Integer> {
  @Mixin private FolderOptions options;

  @Option(
      names = "--top",
      defaultValue = "10",
      paramLabel = "N",
      description = "Lists the N origins that take most (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      converter = ByteSize.class,
      description = "The limit to compare with (default: that of a cache with default settings).")
  private long limit = DiskOptions.DEFAULTS.maximumBytes();

  private final TimeSource time = TimeSource.SYSTEM;

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  Stats() {}

  @Override
  public Integer call() throws FailedException {
    if (top < 0 || limit < 1) {
      throw options.wrong(top < 0 ? "--top" : "--max-bytes", "out of range", null);
    }
    try (DiskStore store = options.openToLook(new Counters(new Faults()), time)) {
      DiskSurvey survey = DiskSurvey.of(store);
      List<String> parts = survey.parts();
      StatsCollector sums =
          new StatsCollector(DiskInspection.of(store).fingerprints(), survey.blockSize());
      try (Progress progress = Progress.of("stats", parts.size(), options.isJson())) {
        sums.collect(survey, parts, progress::step);
      }
      StatsReport report =
          sums.report(
              options.folderName(), Words.time(time.millis()), limit, survey.indexState(), top);
      options.print(report, StatsText.of(report));
    } catch (IOException e) {
      throw new FailedException(String.valueOf(e.getMessage()), e);
    }
    return 0;
  }
}
