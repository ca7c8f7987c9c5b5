package dev.thermae.cli;

import dev.thermae.http.report.Words;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Statistics as text. Pure. */
final class StatsText {
  private StatsText() {}

  static String of(StatsReport report) {
    StringBuilder text = new StringBuilder();
    line(text, "folder %s", report.folder());
    line(
        text,
        "  resources     %,d, of them %,d invalidated; %,d heads refused",
        report.resources(),
        report.invalidated(),
        report.refusedHeads());
    files(text, "heads", report.heads());
    files(text, "bodies", report.bodies());
    files(text, "code", report.code());
    files(text, "marks", report.marks());
    files(text, "fingerprints", report.fingerprints());
    files(text, "index files", report.indexFiles());
    files(text, "temporaries", report.temporaries());
    files(text, "others", report.others());
    for (StatsReport.Uncounted place : report.uncounted()) {
      line(text, "  not counted   %s: %s", place.path(), place.reason());
    }
    line(
        text,
        "  allocated     %s of %s (%.1f %%), folders not counted",
        Words.bytes(report.allocatedBytes()),
        Words.bytes(report.limitBytes()),
        100.0 * report.allocatedBytes() / report.limitBytes());
    if (report.oldest() != null) {
      line(text, "  stored        %s to %s", report.oldest(), report.newest());
    }
    line(text, "  index         %s", report.index());
    for (StatsReport.Build build : report.slots()) {
      String whose = build.engine() == null ? "an engine nobody recorded" : build.engine();
      line(text, "  slots of %s: %,d, %s", whose, build.slots(), Words.bytes(build.bytes()));
      if (!build.fingerprint().isEmpty()) {
        line(text, "    fingerprint %s", build.fingerprint());
      }
      for (String part : build.parts()) {
        line(text, "      %s", part);
      }
    }
    for (StatsReport.Share share : report.origins()) {
      line(
          text,
          "  origin %s: %,d, %s",
          share.origin(),
          share.resources(),
          Words.bytes(share.bytes()));
    }
    return text.toString().stripTrailing();
  }

  private static void files(StringBuilder text, String kind, StatsReport.Files files) {
    line(
        text,
        "  %-13s %,d, %s, %s allocated",
        kind,
        files.count(),
        Words.bytes(files.bytes()),
        Words.bytes(files.allocatedBytes()));
  }

  private static void line(StringBuilder text, String format, @Nullable Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
