package dev.thermae.http.resource;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tables of the interceptor's cases.
 *
 * <pre>{@code
 * table    = { case }
 * case     = "## " section ": " title
 *            [ "with " option { ", " option } ] [ "known " reason ] { step }
 * step     = "+" seconds                    the clock advances
 *          | request { " <- " answer } " => " expectation { " & " expectation }
 * request  = method " " path { " | " field }
 * answer   = status { " | " ( field | word ) }
 * }</pre>
 *
 * <p>In fields, {@code @+60} is the date a minute from now and {@code $} the origin's own URL.
 * Lines that begin with a single {@code #} are remarks.
 */
final class CallTable {
  /** What a request line says, or how far the clock goes. */
  record Step(long seconds, List<String> request, List<List<String>> answers, List<String> expect) {
    static Step parse(String line) {
      if (line.startsWith("+")) {
        return new Step(Long.parseLong(line.substring(1)), List.of(), List.of(), List.of());
      }
      String[] halves = line.split(" => ", -1);
      String[] exchange = halves[0].split(" <- ", -1);
      List<List<String>> answers = new ArrayList<>();
      for (int i = 1; i < exchange.length; i++) {
        answers.add(parts(exchange[i], " \\| "));
      }
      return new Step(0, parts(exchange[0], " \\| "), answers, parts(halves[1], " & "));
    }

    private static List<String> parts(String text, String separator) {
      return Arrays.stream(text.trim().split(separator, -1)).map(String::trim).toList();
    }
  }

  /** One case; {@code known} says why it fails, and is null where it must pass. */
  record Case(String title, List<String> options, @Nullable String known, List<String> lines) {
    List<Step> steps() {
      return lines.stream().map(Step::parse).toList();
    }

    @Override
    public String toString() {
      return title;
    }
  }

  private CallTable() {}

  static List<Case> read(String name) throws IOException {
    List<Case> cases = new ArrayList<>();
    List<String> block = new ArrayList<>();
    try (InputStream in = CallTable.class.getResourceAsStream("calls/" + name + ".txt");
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(Objects.requireNonNull(in, name), UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("## ") && !block.isEmpty()) {
          cases.add(read(block));
          block.clear();
        }
        boolean remark = line.startsWith("#") && !line.startsWith("## ");
        if (!line.isBlank() && !remark) {
          block.add(line.trim());
        }
      }
    }
    cases.add(read(block));
    return cases;
  }

  private static Case read(List<String> block) {
    List<String> options = List.of();
    String known = null;
    int at = 1;
    for (; !block.get(at).startsWith("+") && !block.get(at).contains(" => "); at++) {
      String line = block.get(at);
      if (line.startsWith("with ")) {
        options = List.of(line.substring(5).split(", ", -1));
      } else if (line.startsWith("known ")) {
        known = line.substring(6);
      } else {
        throw new IllegalArgumentException("not a line of a case: " + line);
      }
    }
    return new Case(
        block.get(0).substring(3), options, known, List.copyOf(block.subList(at, block.size())));
  }
}
