package dev.thermae.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Turns the CSV of a JMH run of {@link StoreRead} and {@link StorePut} into tables. */
final class StoreTable {
  private static final List<Integer> SIZES = List.of(2_048, 20_480, 102_400, 1_048_576);

  private final PrintStream out;

  /** Microseconds by benchmark, store and size. */
  private final Map<String, Double> figures = new TreeMap<>();

  private final Map<String, Double> errors = new TreeMap<>();

  StoreTable(PrintStream out) {
    this.out = out;
  }

  void print(Path csv) throws IOException {
    for (String line : Files.readAllLines(csv)) {
      String[] fields = line.split(",", -1);
      if (fields.length == 9 && fields[0].contains(".Store")) {
        String name = fields[0].replaceAll("[\"]|.*[.](?=Store)|[.][a-z]+\"?$", "");
        String key = name + " " + fields[8] + " " + fields[7];
        figures.put(key.replace("\"", ""), Double.valueOf(fields[4]));
        errors.put(key.replace("\"", ""), Double.valueOf(fields[5]));
      }
    }
    print("StoreRead", "µs a read");
    print("StorePut", "µs a put");
    ratios();
  }

  private void print(String benchmark, String what) {
    out.println(
        "| "
            + what
            + " | 2 KB | 20 KB | 100 KB | 1 MB | survives kill -9 | checks every"
            + " byte | shared by processes | versions side by side |");
    out.println("|---|---|---|---|---|---|---|---|---|");
    for (StorePeer.Kind kind : StorePeer.Kind.values()) {
      List<String> cells = new ArrayList<>(List.of(kind.name().toLowerCase(Locale.ROOT)));
      for (int size : SIZES) {
        Double figure = figures.get(benchmark + " " + kind + " " + size);
        Double error = errors.get(benchmark + " " + kind + " " + size);
        cells.add(figure == null ? "–" : String.format(Locale.ROOT, "%.1f ± %.1f", figure, error));
      }
      if (cells.subList(1, 5).stream().anyMatch(cell -> !cell.equals("–"))) {
        cells.addAll(kind.safety());
        out.println("| " + String.join(" | ", cells) + " |");
      }
    }
    out.println();
  }

  private void ratios() {
    for (int size : SIZES) {
      ratio("StoreRead", "FLOOR", size, "1.3 at 20 KB");
      ratio("StorePut", "ROCKSDB", size, "1 at 100 KB and more");
    }
  }

  private void ratio(String benchmark, String other, int size, String line) {
    Double ours = figures.get(benchmark + " THERMAE " + size);
    Double theirs = figures.get(benchmark + " " + other + " " + size);
    if (ours != null && theirs != null) {
      out.printf(
          Locale.ROOT,
          "%s, %,d bytes: %.2f times %s (at most %s)%n",
          benchmark,
          size,
          ours / theirs,
          other.toLowerCase(Locale.ROOT),
          line);
    }
  }
}
