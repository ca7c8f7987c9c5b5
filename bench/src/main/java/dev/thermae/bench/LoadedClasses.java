package dev.thermae.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The classes that a process loaded, from its own log. */
final class LoadedClasses {
  private final Set<String> names;

  private LoadedClasses(Set<String> names) {
    this.names = names;
  }

  /** The JVM option that writes the log. */
  static String option(Path log) {
    return "-Xlog:class+load:file=" + log + ":none";
  }

  static LoadedClasses read(Path log) throws IOException {
    Set<String> names = new TreeSet<>();
    for (String line : Files.readAllLines(log)) {
      int end = line.indexOf(" source:");
      if (end > 0) {
        names.add(line.substring(0, end).replaceAll("[/+.]0x[0-9a-f]+", ""));
      }
    }
    return new LoadedClasses(names);
  }

  /** Those that {@code other} did not load. */
  LoadedClasses beyond(LoadedClasses other) {
    Set<String> rest = new TreeSet<>(names);
    rest.removeAll(other.names);
    return new LoadedClasses(rest);
  }

  /** How many by package; by name those of ours, and with {@code all} every one. */
  void print(PrintStream out, boolean all) {
    Map<String, Integer> packages = new TreeMap<>();
    for (String name : names) {
      int end = name.lastIndexOf('.');
      packages.merge(end < 0 ? "" : name.substring(0, end), 1, Integer::sum);
    }
    out.printf(Locale.ROOT, "Classes that A loads beyond B: %d%n", names.size());
    packages.forEach((name, count) -> out.printf(Locale.ROOT, "  %4d %s%n", count, name));
    out.println(all ? "All of them:" : "Ours:");
    for (String name : names) {
      if (all || name.startsWith("dev.thermae.")) {
        out.println("  " + name);
      }
    }
    out.println();
  }
}
