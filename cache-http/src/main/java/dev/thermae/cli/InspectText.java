package dev.thermae.cli;

import dev.thermae.http.report.Words;
import java.util.Locale;

/** An inspection as text. Pure. */
final class InspectText {
  private InspectText() {}

  static String of(InspectReport report) {
    StringBuilder text = new StringBuilder();
    line(text, "folder %s", report.folder());
    line(text, "url    %s", report.url());
    if (report.places().isEmpty()) {
      line(text, "nothing is stored of it, private or shared");
    }
    for (InspectReport.Place place : report.places()) {
      line(text, "");
      line(text, "%s entry", place.kind());
      for (InspectReport.File file : place.files()) {
        line(
            text,
            "  %-11s %s, %s, %s",
            file.kind(),
            file.name(),
            Words.bytes(file.bytes()),
            file.modified());
      }
      for (InspectReport.Digest digest : place.digests()) {
        line(text, "  generation  %s", digest.generation());
        line(text, "    body      SHA-256 %s", or(digest.bodySha256()));
        line(text, "    source    %s", or(digest.source()));
      }
      text.append(ExplainText.of(place.explained(), report.engine(), report.policy()).indent(2));
    }
    for (InspectReport.Build build : report.builds()) {
      line(text, "");
      line(text, "%s %s", build.engine(), build.fingerprint());
      build.parts().forEach(part -> line(text, "  %s", part));
    }
    return text.toString().stripTrailing();
  }

  private static String or(@org.jspecify.annotations.Nullable String digest) {
    return digest == null ? "none" : digest;
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
