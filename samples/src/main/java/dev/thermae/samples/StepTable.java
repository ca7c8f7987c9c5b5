package dev.thermae.samples;

import dev.thermae.http.resource.OnReplace;
import java.io.PrintStream;

/** A row for every step of every script. */
final class StepTable {
  private static final String[] TITLES = {
    "script",
    "size",
    "run",
    "temperature",
    "why",
    "compiles",
    "compile ms",
    "load ms",
    "first-run ms",
    "speed-up"
  };
  private static final int[] WIDTHS = {-14, 8, -29, -11, -38, 8, 10, 9, 12, 8};

  private final Table table;

  StepTable(PrintStream out) {
    table = new Table(out, TITLES, WIDTHS);
  }

  void printTitles() {
    table.printTitles();
  }

  /** {@code cold} is what the first step took; a new process is not compared with it. */
  void print(Journey journey, Step step, Visit visit, long cold) {
    boolean isCompared = step != Step.SECOND_PROCESS;
    table.print(
        journey.library().name(),
        Table.size(journey.size()),
        step.title() + (journey.onReplace() == OnReplace.CLEAR ? "" : ", keep"),
        visit.temperature().name(),
        visit.why(),
        Integer.toString(visit.compiles()),
        Table.millis(visit.compileNanos()),
        Table.millis(visit.loadNanos()),
        Table.millis(visit.runNanos()),
        isCompared ? Table.times(cold, visit.totalNanos()) : "");
  }
}
