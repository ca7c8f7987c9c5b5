package dev.thermae.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Script libraries by name. */
final class Scripts {
  private Scripts() {}

  /** The bytes of a library. */
  static byte[] read(String name) throws IOException {
    String path = "META-INF/resources/webjars/" + path(name);
    try (InputStream in = Scripts.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("not on the class path: " + path);
      }
      return in.readAllBytes();
    }
  }

  /** The same, followed by an expression: version and number of what the library exports. */
  static byte[] exporting(String name) throws IOException {
    return followed(
        name,
        "(module.exports.version || module.exports.VERSION) + ' '"
            + " + Object.keys(module.exports).length");
  }

  /** The same, followed by an expression, which is what the script gives. */
  static byte[] followed(String name, String expression) throws IOException {
    String text = new String(read(name), StandardCharsets.UTF_8);
    return (text + "\n;" + expression).getBytes(StandardCharsets.UTF_8);
  }

  private static String path(String name) {
    return switch (name) {
      case "acorn" -> "acorn/8.11.3/dist/acorn.js";
      case "handlebars" -> "handlebars/4.7.7/dist/handlebars.js";
      case "lodash" -> "lodash/4.17.21/lodash.js";
      case "moment" -> "moment/2.29.4/moment.js";
      case "mustache" -> "mustache/4.2.0/mustache.js";
      case "typescript" -> "typescript/3.9.10/lib/typescript.js";
      default -> throw new IllegalArgumentException("there is no script called " + name);
    };
  }
}
