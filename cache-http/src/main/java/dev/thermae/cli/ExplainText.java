package dev.thermae.cli;

import dev.thermae.http.report.Explanation;
import dev.thermae.http.report.Words;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An explanation as text. Used by one thread, once. */
final class ExplainText {
  private final StringBuilder text = new StringBuilder();

  private ExplainText() {}

  static String of(Explanation explanation) {
    ExplainText printer = new ExplainText();
    String folder = explanation.folder();
    printer.line(
        "folder %s%s", folder, explanation.folderExists() ? "" : " (does not exist, not created)");
    for (Explanation.Url url : explanation.urls()) {
      printer.url(url, explanation.engine(), explanation.policy());
    }
    return printer.text.toString().stripTrailing();
  }

  /** One URL alone. */
  static String of(Explanation.Url url, String engine, String policy) {
    ExplainText printer = new ExplainText();
    printer.url(url, engine, policy);
    return printer.text.toString().strip();
  }

  private void line(String format, @Nullable Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  private void url(Explanation.Url url, String engine, String policy) {
    line("");
    line("%s", url.url());
    if (!url.stored()) {
      line("  nothing is stored that this request selects; looked at");
      for (Explanation.Key key : url.keys()) {
        key(key);
      }
    }
    int number = 0;
    for (Explanation.Variant variant : url.variants()) {
      number++;
      variant(variant, number, url.variants().size());
    }
    request(url.request(), url.stored());
    nextRun(url.nextRun(), engine, policy);
  }

  private void key(Explanation.Key key) {
    String heads = key.heads() == 0 ? "nothing" : key.heads() + " stored";
    String hint = key.hint() == null ? "" : "; " + key.hint();
    StoredKey parts = StoredKey.of(key.key());
    line("    %s %s: %s%s", parts.kind(), parts.text(), heads, hint);
    if (!key.files().isEmpty()) {
      line("      files %s*", key.files());
    }
  }

  private void variant(Explanation.Variant variant, int number, int count) {
    String selected = variant.selected() ? ", selected by this request" : "";
    line("  variant %d of %d: %s%s", number, count, variant.state(), selected);
    line("    head      %s", variant.file());
    line("    Vary      %s", variant.selecting().isEmpty() ? "on nothing" : "on");
    for (String selecting : variant.selecting()) {
      line("                %s", selecting.contains(":") ? selecting : selecting + " (absent)");
    }
    if (variant.refused() != null) {
      line("    refused   %s", variant.refused());
    }
    if (variant.response() != null) {
      response(variant.response());
      for (Explanation.Slot slot : variant.slots()) {
        slot(slot);
      }
      if (variant.slots().isEmpty()) {
        line("    slots     none");
      }
    }
  }

  private void response(Explanation.Response response) {
    line("    status    %s", response.status());
    for (String field : response.fields()) {
      line("                %s", field);
    }
    line("    stored    %s, generation %s", or(response.stored(), "never"), response.generation());
    line("    confirmed %s", response.confirmed());
    line(
        "    age       %s of %s: %s until %s",
        Words.seconds((long) response.ageSeconds()),
        Words.seconds((long) response.lifetimeSeconds()),
        response.fresh() ? "fresh" : "stale, was fresh",
        response.freshUntil());
    line("    by        %s", response.freshBy());
    if (response.location() != null) {
      line("    leads to  %s", response.location());
    }
    Long source = response.sourceBytes();
    String decoded = source == null ? "" : "; source " + Words.bytes(source);
    String charset = response.charset() == null ? "" : " in " + response.charset();
    line(
        "    body      %s, %s%s%s",
        Words.bytes(response.bodyBytes()), response.body(), decoded, charset);
  }

  private void slot(Explanation.Slot slot) {
    String whose = slot.engine() == null ? "an engine nobody recorded" : slot.engine();
    line(
        "    slot      %s: %s%s",
        slot.id(), whose, slot.current() ? " as it runs here" : ", not as it runs here");
    if (slot.difference() != null) {
      line("      differs %s (here / there)", slot.difference());
    }
    if (slot.fingerprint() != null) {
      line("      fingerprint %s", slot.fingerprint());
    }
    if (slot.shape() != null) {
      line("      shape   %s", slot.shape());
    }
    String last = slot.lastSeen() == null ? "" : ", last " + slot.lastSeen();
    line("      seen    %s%s", slot.seen() == 0 ? "never" : Words.times(slot.seen()), last);
    if (slot.code().equals("none")) {
      line("      code    none");
      return;
    }
    String rejected = slot.rejected() == null ? "" : ", " + slot.rejected();
    line(
        "      code    %s, attached %s, %s%s",
        Words.bytes(slot.codeBytes()), slot.attached(), slot.code(), rejected);
  }

  private void request(Explanation.Request request, boolean stored) {
    line("  a request now is %s: %s", request.action(), request.why());
    for (String condition : request.conditions()) {
      line("                %s", condition);
    }
    if (!stored) {
      return;
    }
    if (request.staleForbiddenBy() != null) {
      line("  stale it is never used: %s", request.staleForbiddenBy());
      return;
    }
    line(
        "  stale it is used %sif the origin is unreachable: %s; if it answers 5xx: %s",
        request.staleOnRequest() ? "if a request says max-stale; " : "",
        until(request.staleWhenUnreachableUntil()),
        until(request.staleOnErrorUntil()));
  }

  private void nextRun(Explanation.NextRun run, String engine, String policy) {
    if (run.temperature().equals("none")) {
      line("  the next run compiles nothing: %s", run.why());
      return;
    }
    String condition = run.otherwise() == null ? "" : " if the origin answers 304";
    line(
        "  the next run with %s, policy %s, is %s%s: %s",
        engine, policy, run.temperature(), condition, run.why());
    if (run.otherwise() != null) {
      line("    otherwise %s", run.otherwise());
    }
  }

  private static String until(@Nullable String time) {
    return time == null ? "never" : "until " + time;
  }

  private static String or(@Nullable String value, String other) {
    return value == null ? other : value;
  }
}
