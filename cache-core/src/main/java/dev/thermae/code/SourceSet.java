package dev.thermae.code;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Several files that are compiled together as one {@link Source}: equal sets give equal sources,
 * whatever the order of the files. Stateless.
 *
 * <pre>
 * set  = NUL "sources" LF *file
 * file = name LF length LF *CHAR   ; length counts UTF-16 units of the text
 * </pre>
 */
public final class SourceSet {
  private static final String START = "\0sources\n";

  private SourceSet() {}

  /**
   * The source that stands for {@code files}, texts by name.
   *
   * @throws IllegalArgumentException when a name has a line break, or there are no files
   */
  public static Source of(String name, Map<String, String> files) {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a set of sources has at least one file: " + name);
    }
    StringBuilder text = new StringBuilder(START);
    for (Map.Entry<String, String> file : new TreeMap<>(files).entrySet()) {
      if (file.getKey().indexOf('\n') >= 0) {
        throw new IllegalArgumentException("the name of a file has a line break: " + file.getKey());
      }
      text.append(file.getKey()).append('\n').append(file.getValue().length()).append('\n');
      text.append(file.getValue());
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return Source.of(name, bytes, StandardCharsets.UTF_8);
  }

  /**
   * The files of a source by name, sorted; of a plain source its text by its own name.
   *
   * @throws IllegalArgumentException when it begins like a set and is none
   */
  public static Map<String, String> files(Source source) {
    String text = source.text();
    if (!text.startsWith(START)) {
      return Collections.singletonMap(source.name(), text);
    }
    Map<String, String> files = new TreeMap<>();
    int at = START.length();
    while (at < text.length()) {
      int nameEnd = text.indexOf('\n', at);
      int lengthEnd = nameEnd < 0 ? -1 : text.indexOf('\n', nameEnd + 1);
      if (lengthEnd < 0) {
        throw malformed(source, at);
      }
      int length;
      try {
        length = Integer.parseInt(text, nameEnd + 1, lengthEnd, 10);
      } catch (NumberFormatException e) {
        throw malformed(source, nameEnd + 1);
      }
      if (length < 0 || length > text.length() - lengthEnd - 1) {
        throw malformed(source, nameEnd + 1);
      }
      int end = lengthEnd + 1 + length;
      files.put(text.substring(at, nameEnd), text.substring(lengthEnd + 1, end));
      at = end;
    }
    return files;
  }

  private static IllegalArgumentException malformed(Source source, int at) {
    return new IllegalArgumentException(
        source.name() + " is no set of sources: malformed at character " + at);
  }
}
