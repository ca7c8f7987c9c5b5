package dev.thermae.samples;

import dev.thermae.http.resource.OnReplace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Takes scripts through all steps, each under both rules for replacement. */
final class Steps {
  /** Seconds for which the origin's responses are fresh. */
  static final long MAX_AGE = 600;

  private static final String SECOND_EDITION = "\nvar edition = 2;\n";

  private final Path folder;
  private final Origin origin;
  private final VirtualTime time;
  private final StepTable table;
  private final Findings findings;

  Steps(Path folder, Origin origin, VirtualTime time, StepTable table, Findings findings) {
    this.folder = folder;
    this.origin = origin;
    this.time = time;
    this.table = table;
    this.findings = findings;
  }

  void walk(List<ScriptLibrary> libraries) throws IOException, InterruptedException {
    warmUp(libraries.get(0));
    table.printTitles();
    for (ScriptLibrary library : libraries) {
      byte[] first = library.bytes();
      Edition[] editions = {edition(library, first), edition(library, changed(first))};
      for (OnReplace onReplace : OnReplace.values()) {
        walk(new Journey(library, editions, onReplace), onReplace);
      }
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

  private static Edition edition(ScriptLibrary library, byte[] body) throws IOException {
    return new Edition(body, Reference.result(library, body));
  }

  private static byte[] changed(byte[] body) {
    byte[] more = SECOND_EDITION.getBytes(StandardCharsets.UTF_8);
    byte[] both = Arrays.copyOf(body, body.length + more.length);
    System.arraycopy(more, 0, both, body.length, more.length);
    return both;
  }

  private void walk(Journey journey, OnReplace onReplace) throws IOException, InterruptedException {
    Isolate isolate = new Isolate(folder, time, onReplace);
    long cold = 0;
    for (Step step : Step.values()) {
      if (step.change() != Step.Change.NONE) {
        time.pass((MAX_AGE + 1) * 1000);
      }
      journey.prepare(step, origin);
      int full = origin.full();
      int validated = origin.validated();
      Visit visit = step == Step.SECOND_PROCESS ? inChild(journey) : journey.visit(isolate, origin);
      journey.check(step, visit, findings);
      findings.check(
          journey.where(step) + ": 200s", step.status() == 200 ? 1 : 0, origin.full() - full);
      findings.check(
          journey.where(step) + ": 304s",
          step.status() == 304 ? 1 : 0,
          origin.validated() - validated);
      if (step == Step.FIRST) {
        cold = visit.totalNanos();
      }
      if (onReplace == OnReplace.CLEAR || step.isKept()) {
        table.print(journey, step, visit, cold);
      }
    }
  }

  private Visit inChild(Journey journey) throws IOException, InterruptedException {
    return ChildJvm.ask(
        SecondProcess.class,
        Visit::readFrom,
        folder.toString(),
        origin.url(journey.path()),
        journey.library().name(),
        journey.onReplace().name(),
        Long.toString(time.ahead()));
  }
}
