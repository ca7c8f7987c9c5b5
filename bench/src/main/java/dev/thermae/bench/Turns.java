package dev.thermae.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Stretches of a client that behaves, alone and beside others who do not, in turns. */
final class Turns {
  /** How many times its p99 alone a client may wait beside others. */
  static final double LIMIT = 2;

  private final List<SteadyLoad.Stretch> alone = new ArrayList<>();
  private final List<SteadyLoad.Stretch> beside = new ArrayList<>();

  /** Adds a pair and prints it. */
  void add(PrintStream out, SteadyLoad.Stretch quiet, SteadyLoad.Stretch loaded) {
    alone.add(quiet);
    beside.add(loaded);
    out.println("  alone:  " + quiet);
    out.println("  beside: " + loaded);
  }

  /** What went wrong in any stretch. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    for (List<SteadyLoad.Stretch> some : List.of(alone, beside)) {
      some.forEach(each -> each.faults().forEach((what, n) -> faults.add(n + " times " + what)));
    }
    return faults;
  }

  /** The pairs' ratios at a share of the requests, ascending. */
  private double[] ratios(double share) {
    double[] ratios = new double[alone.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = beside.get(i).millis(share) / alone.get(i).millis(share);
    }
    Arrays.sort(ratios);
    return ratios;
  }

  /** Says by how much the others slowed it down, and whether that is within the limit. */
  void print(PrintStream out) {
    for (double share : new double[] {0.5, 0.99, 1}) {
      double[] ratios = ratios(share);
      double median = ratios[ratios.length / 2];
      String verdict = median <= LIMIT ? "holds" : "DOES NOT HOLD";
      out.printf(
          Locale.ROOT,
          "%s beside others: %.2f times alone (%.2f to %.2f)%s%n",
          share == 1 ? "worst" : "p" + Math.round(share * 100),
          median,
          ratios[0],
          ratios[ratios.length - 1],
          share == 0.99 ? ", at most " + LIMIT + ": " + verdict : "");
    }
    out.println("faults of the client that behaves: " + (faults().isEmpty() ? "none" : faults()));
  }
}
