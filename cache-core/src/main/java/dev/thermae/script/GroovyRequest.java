package dev.thermae.script;

import dev.thermae.code.Source;
import groovy.lang.GroovyCodeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import java.util.HexFormat;
import java.util.Map;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.io.FileReaderSource;
import org.codehaus.groovy.control.io.URLReaderSource;
import org.jspecify.annotations.Nullable;

/** What a loader is asked to parse, as parts of a key. Stateless. */
final class GroovyRequest {
  private GroovyRequest() {}

  /** The text that Groovy would compile; null for what it will complain about. */
  static @Nullable String text(GroovyCodeSource code, CompilerConfiguration configuration) {
    try {
      String text = code.getScriptText();
      if (code.getFile() != null) {
        text = GroovyNotingUnit.text(new FileReaderSource(code.getFile(), configuration));
      } else if (code.getURL() != null) {
        text = GroovyNotingUnit.text(new URLReaderSource(code.getURL(), configuration));
      }
      boolean survives = text != null && Source.of(code.getName(), text).text().equals(text);
      return survives ? text : null;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** What the source's place decides: its class, stack traces, and what asks for its address. */
  static String place(GroovyCodeSource code, boolean recompiles) {
    CodeSource from = code.getCodeSource();
    String kind = code.getFile() != null ? "file" : code.getURL() != null ? "url" : "text";
    return kind
        + (recompiles ? " timed " : " ")
        + code.getName()
        + '\n'
        + (from == null ? "" : from.getLocation());
  }

  /** Why answers of another time do not do any more. */
  static String changed(Map<String, String> then, Map<String, String> now) {
    for (Map.Entry<String, String> each : then.entrySet()) {
      if (!each.getValue().equals(now.get(each.getKey()))) {
        return each.getKey().substring(2) + " is not what it was compiled against";
      }
    }
    return "nothing has changed";
  }

  /** What stands for the answers in a key. */
  static String digest(Map<String, String> answers) {
    byte[] bytes = answers.toString().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Source.hash(StandardCharsets.UTF_8, bytes));
  }
}
