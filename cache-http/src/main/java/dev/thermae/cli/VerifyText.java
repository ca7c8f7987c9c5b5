package dev.thermae.cli;

import dev.thermae.http.report.Words;
import java.util.Locale;

/** A verification as text. Pure. */
final class VerifyText {
  private VerifyText() {}

  static String of(VerifyReport report) {
    StringBuilder text = new StringBuilder();
    for (VerifyReport.Finding finding : report.findings()) {
      String reason = finding.rejection() == null ? "" : finding.rejection() + ", ";
      line(
          text,
          "%s: %s (%s%s)%s%s",
          finding.path(),
          finding.flaw(),
          reason,
          finding.detail(),
          finding.harmless() ? ", harmless" : "",
          finding.deleted() ? ", deleted" : "");
    }
    line(
        text,
        "%s: %,d resources, %,d files, %s checked: %,d damaged, not checked: %,d, %,d findings"
            + " without harm",
        report.folder(),
        report.resources(),
        report.files(),
        Words.bytes(report.bytes()),
        report.damaged(),
        report.unchecked(),
        report.findings().size() - report.damaged() - report.unchecked());
    VerifyReport.Recompiled recompiled = report.recompiled();
    if (recompiled != null) {
      line(
          text,
          "recompiled with %s: %,d the same, %,d different, %,d of another build, %,d not compared",
          recompiled.engine(),
          recompiled.same(),
          recompiled.different(),
          recompiled.otherBuilds(),
          recompiled.uncompared());
    }
    return text.toString().stripTrailing();
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
