package dev.thermae.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Steady state of the two forms that Rhino's code is stored in, beside Rhino's own default mode: a
 * JVM for each, in turns, as ratios of neighbours.
 */
final class RhinoForms {
  private static final String PEER = "rhino-default";
  private static final List<String> FORMS = List.of("interpreter-code", "class-files", PEER);
  private static final int SECONDS = 5;

  private final PrintStream out;
  private final int rounds;

  RhinoForms(PrintStream out, int rounds) {
    this.out = out;
    this.rounds = rounds;
  }

  void run() throws Exception {
    for (String work : FormShot.WORKS) {
      Map<String, List<Double>> ratios = new LinkedHashMap<>();
      Map<String, List<Double>> millis = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        round(work, millis, ratios);
      }
      for (String form : FORMS) {
        List<Double> times = sorted(millis, form);
        List<Double> ratio = sorted(ratios, form);
        out.printf(
            Locale.ROOT,
            "%-6s %-17s %9.2f ms, %5.2f times %s (%.2f to %.2f)%n",
            work,
            form,
            times.get(times.size() / 2),
            ratio.get(ratio.size() / 2),
            PEER,
            ratio.get(0),
            ratio.get(ratio.size() - 1));
      }
    }
  }

  private static void round(
      String work, Map<String, List<Double>> millis, Map<String, List<Double>> ratios)
      throws Exception {
    Map<String, Double> shots = new LinkedHashMap<>();
    for (String form : FORMS) {
      shots.put(form, shot(form, work));
    }
    for (String form : FORMS) {
      millis.computeIfAbsent(form, key -> new ArrayList<>()).add(shots.get(form));
      ratios.computeIfAbsent(form, key -> new ArrayList<>()).add(shots.get(form) / shots.get(PEER));
    }
  }

  private static List<Double> sorted(Map<String, List<Double>> figures, String form) {
    List<Double> sorted = new ArrayList<>(figures.getOrDefault(form, List.of()));
    Collections.sort(sorted);
    return sorted;
  }

  private static double shot(String form, String work) throws IOException, InterruptedException {
    Process child =
        ChildJvm.start(List.of(), FormShot.class, ChildJvm.classPath(), form, work, SECONDS);
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (child.waitFor() != 0) {
      throw new IOException(form + " failed: " + said);
    }
    return Long.parseLong(said.substring(0, said.indexOf(' '))) / 1000.0;
  }
}
