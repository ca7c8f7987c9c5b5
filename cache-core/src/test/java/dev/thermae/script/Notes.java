package dev.thermae.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.script.ScriptException;

/** What happened, as text: values with their types, exceptions down to their causes. */
final class Notes {
  private static final Pattern MADE_UP = Pattern.compile("Script(\\d+)");
  private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{5,}");

  private final List<String> lines = new ArrayList<>();

  /** Notes what {@code call} gives or throws. */
  void of(Callable<?> call) {
    try {
      value(call.call());
    } catch (Throwable e) {
      for (Throwable each = e; each != null; each = each.getCause()) {
        thrown(each);
      }
    }
  }

  void value(Object value) {
    String type = value == null ? "" : value.getClass().getName() + " ";
    lines.add(type + value);
  }

  private void thrown(Throwable e) {
    StringBuilder text = new StringBuilder("throws ").append(e.getClass().getName());
    text.append(": ").append(e.getMessage());
    if (e instanceof ScriptException) {
      ScriptException told = (ScriptException) e;
      text.append(" in ").append(told.getFileName());
      text.append(':').append(told.getLineNumber()).append(':').append(told.getColumnNumber());
    }
    for (StackTraceElement each : e.getStackTrace()) {
      String file = String.valueOf(each.getFileName());
      if (file.endsWith(".groovy") && !each.getClassName().startsWith("org.codehaus")) {
        text.append("\n  at ").append(each);
      }
    }
    lines.add(text.toString());
  }

  /** Made-up names by the order in which they occur, since Groovy counts them for all engines. */
  String text() {
    Map<String, String> known = new LinkedHashMap<>();
    Matcher names = MADE_UP.matcher(String.join("\n", lines));
    String text =
        names.replaceAll(
            found -> known.computeIfAbsent(found.group(1), each -> "Script#" + known.size()));
    return IDENTITY.matcher(text).replaceAll("@");
  }
}
