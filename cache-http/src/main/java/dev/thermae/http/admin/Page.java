package dev.thermae.http.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of the page, as they are in this program. Immutable. */
final class Page {
  private final Map<String, File> files;

  private Page(Map<String, File> files) {
    this.files = files;
  }

  /** A file with its media type. */
  @SuppressWarnings("ArrayRecordComponent") // shared, and never changed
  record File(String type, byte[] bytes) {}

  static Page read() {
    return new Page(
        Map.of(
            "/", read("page.html", "text/html; charset=utf-8"),
            "/page.js", read("page.js", "text/javascript; charset=utf-8"),
            "/page.css", read("page.css", "text/css; charset=utf-8"),
            "/icon.svg", read("icon.svg", "image/svg+xml")));
  }

  private static File read(String name, String type) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("this program lacks its file " + name);
      }
      return new File(type, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file at a path; null for none. */
  @Nullable File file(String path) {
    return files.get(path);
  }
}
