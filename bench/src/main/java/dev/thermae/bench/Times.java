package dev.thermae.bench;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One load and first run in a new JVM, as {@link EngineShot} saw it.
 *
 * @param load milliseconds
 * @param run milliseconds
 * @param result what came out
 */
record Times(double load, double run, String result) {
  double total() {
    return load + run;
  }

  /** Fires a shot; {@code options} are the JVM's. */
  static Times fire(
      Workload workload, String mode, String classPath, Path folder, List<String> options)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(jvm());
    all.addAll(options);
    Process process =
        ChildJvm.start(all, EngineShot.class, classPath, workload.name(), mode, folder);
    try (DataInputStream in = new DataInputStream(process.getInputStream())) {
      Times times = new Times(in.readLong() / 1e6, in.readLong() / 1e6, in.readUTF());
      process.waitFor();
      return times;
    } catch (EOFException e) {
      throw new IOException("ended without a result", e);
    } finally {
      process.destroy();
    }
  }

  /** SLF4J would say that nobody logs; newer JDKs warn of Groovy's and others' use of Unsafe. */
  private static List<String> jvm() {
    String quiet = "-Dslf4j.internal.verbosity=ERROR";
    boolean warns = Runtime.version().feature() >= 24;
    return warns ? List.of(quiet, "--sun-misc-unsafe-memory-access=allow") : List.of(quiet);
  }

  static double median(List<Times> times, ToDoubleFunction<Times> figure) {
    double[] sorted = times.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Median, least and most. */
  static String text(List<Times> times, ToDoubleFunction<Times> figure) {
    return String.format(
        Locale.ROOT,
        "%,7.0f (%,.0f to %,.0f)",
        median(times, figure),
        times.stream().mapToDouble(figure).min().orElse(0),
        times.stream().mapToDouble(figure).max().orElse(0));
  }
}
