package dev.thermae.http.resource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Bytes from a fuzzer read as lines of text: numbers, values, header fields. */
public final class FuzzInput {
  private final String[] lines;
  private int at;

  public FuzzInput(byte[] data) {
    lines = new String(data, StandardCharsets.UTF_8).split("\n", -1);
  }

  /** The next line; empty after the last. */
  public String text() {
    return at < lines.length ? lines[at++] : "";
  }

  /** The next line as a number, or some number made of it. */
  public long number() {
    String text = text();
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return text.hashCode();
    }
  }

  /** The next number, from 0 to below {@code bound}. */
  public int below(int bound) {
    return (int) Math.floorMod(number(), (long) bound);
  }

  /** The lines up to an empty one. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (String text = text(); !text.isEmpty(); text = text()) {
      texts.add(text);
    }
    return texts;
  }

  /** The lines up to an empty one as {@code name: value}. */
  public HeaderList fields() {
    HeaderList fields = HeaderList.EMPTY;
    for (String line : texts()) {
      int colon = line.indexOf(':');
      fields =
          colon < 0
              ? fields.with(line, "")
              : fields.with(line.substring(0, colon), line.substring(colon + 1).trim());
    }
    return fields;
  }
}
