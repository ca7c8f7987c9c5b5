package dev.thermae.samples;

import dev.thermae.http.resource.OnReplace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Takes one script through all steps under both rules for replacement. */
final class Steps {
  /** Seconds for which the origin's responses are fresh. */
  static final long MAX_AGE = 600;

  private static final String SECOND_EDITION = "\nvar edition = 2;\n";

  private final Path folder;
  private final Origin origin;
  private final VirtualTime time;
  private final Table table;
  private final Findings findings;

  Steps(Path folder, Origin origin, VirtualTime time, Table table, Findings findings) {
    this.folder = folder;
    this.origin = origin;
    this.time = time;
    this.table = table;
    this.findings = findings;
  }

  static Table table(java.io.PrintStream out) {
    return new Table(
        out,
        new String[] {
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
        },
        new int[] {-14, 8, -29, -11, -38, 8, 10, 9, 12, 8});
  }

  void walk(List<ScriptLibrary> libraries) throws IOException, InterruptedException {
    warmUp(libraries.get(0));
    table.printTitles();
    for (ScriptLibrary library : libraries) {
      walk(library);
    }
  }

  /**
   * The first use of an HTTP client and of Rhino costs half a second that no script is to blame.
   */
  private void warmUp(ScriptLibrary library) throws IOException {
    origin.publish("/warm-up.js", library.bytes(), "warm-up");
    new Isolate(folder.resolveSibling("warm-up"), time, OnReplace.CLEAR)
        .visit(origin.url("/warm-up.js"), library);
  }

  private void walk(ScriptLibrary library) throws IOException, InterruptedException {
    byte[] first = library.bytes();
    byte[] second = concat(first, SECOND_EDITION.getBytes(StandardCharsets.UTF_8));
    String[] results = {
      Reference.result(library, first, library.name()),
      Reference.result(library, second, library.name())
    };
    byte[][] bodies = {first, second};
    walk(library, bodies, results, OnReplace.CLEAR);
    walk(library, bodies, results, OnReplace.KEEP_IF_SAME_BYTES);
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private void walk(ScriptLibrary library, byte[][] bodies, String[] results, OnReplace onReplace)
      throws IOException, InterruptedException {
    String path = "/" + onReplace + "/" + library.name() + ".js";
    Isolate isolate = new Isolate(folder, time, onReplace);
    int edition = 0;
    int tag = 1;
    origin.publish(path, bodies[edition], "tag-" + tag);
    long cold = 0;
    for (Step step : Step.values()) {
      if (step.change() != Step.Change.NONE) {
        time.pass((MAX_AGE + 1) * 1000);
      }
      if (step.change() == Step.Change.BODY) {
        edition = 1;
      }
      if (step.change() == Step.Change.BODY || step.change() == Step.Change.TAG) {
        tag++;
      }
      origin.publish(path, bodies[edition], "tag-" + tag);
      int full = origin.full();
      int validated = origin.validated();
      boolean isChild = step == Step.SECOND_PROCESS;
      Visit visit =
          isChild
              ? inSecondProcess(library, path, onReplace)
              : isolate.visit(origin.url(path), library);
      cold = step == Step.FIRST ? visit.totalNanos() : cold;
      String where = library.name() + ", " + onReplace + ", step " + step.title();
      findings.check(where + ": temperature", step.temperature(onReplace), visit.temperature());
      findings.check(where + ": compiles", step.compiles(onReplace), visit.compiles());
      findings.check(where + ": 200s", step.status() == 200 ? 1 : 0, origin.full() - full);
      findings.check(
          where + ": 304s", step.status() == 304 ? 1 : 0, origin.validated() - validated);
      findings.check(where + ": rejections and faults", 0L, visit.faults());
      findings.checkText(where + ": result", results[edition], visit.result());
      if (onReplace == OnReplace.CLEAR || step.isKept()) {
        print(library, bodies[edition].length, step, onReplace, visit, isChild ? 0 : cold);
      }
    }
  }

  private Visit inSecondProcess(ScriptLibrary library, String path, OnReplace onReplace)
      throws IOException, InterruptedException {
    return ChildJvm.ask(
        SecondProcess.class,
        Visit::readFrom,
        folder.toString(),
        origin.url(path),
        library.name(),
        onReplace.name(),
        Long.toString(time.ahead()));
  }

  private void print(
      ScriptLibrary library, long size, Step step, OnReplace onReplace, Visit visit, long cold) {
    table.print(
        library.name(),
        Table.size(size),
        step.title() + (onReplace == OnReplace.CLEAR ? "" : ", keep"),
        visit.temperature().name(),
        visit.why(),
        Integer.toString(visit.compiles()),
        Table.millis(visit.compileNanos()),
        Table.millis(visit.loadNanos()),
        Table.millis(visit.runNanos()),
        cold == 0 ? "" : Table.times(cold, visit.totalNanos()));
  }
}
