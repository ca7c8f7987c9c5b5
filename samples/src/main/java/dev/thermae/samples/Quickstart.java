package dev.thermae.samples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The demonstration: real libraries from a real HTTP server, cold, warm and hot, in one process and
 * in a second one, each step checked. Ends with 1 when anything is not as it should be.
 *
 * <p>{@code -Dthermae.quickstart.scripts=all} takes more libraries, or those named, separated by
 * commas. {@code -Dthermae.quickstart.rounds=N} sets how often the second table measures; 0 leaves
 * it out.
 */
public final class Quickstart {
  private final PrintStream out;
  private final Path folder;
  private final List<ScriptLibrary> libraries;
  private final Findings findings = new Findings();

  private Quickstart(PrintStream out, Path folder, List<ScriptLibrary> libraries) {
    this.out = out;
    this.folder = folder;
    this.libraries = libraries;
  }

  /** Runs the demonstration. */
  public static void main(String[] args) throws Exception {
    String scripts = System.getProperty("thermae.quickstart.scripts", "");
    int rounds = Integer.getInteger("thermae.quickstart.rounds", 5);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Path folder = Files.createTempDirectory("thermae-quickstart");
    boolean isMet;
    try {
      Quickstart quickstart = new Quickstart(out, folder, ScriptLibrary.named(scripts));
      isMet = DeepStack.call(() -> quickstart.show(rounds));
    } finally {
      delete(folder);
    }
    System.exit(isMet ? 0 : 1);
  }

  private boolean show(int rounds) throws Exception {
    showSteps();
    showIsolateHit();
    if (rounds > 0) {
      showFreshJvms(rounds);
    }
    return findings.report(out);
  }

  private void showSteps() throws Exception {
    out.println("Each load in a fresh isolate over one folder, from an HTTP server on loopback;");
    out.println(
        "responses are fresh for 10 minutes, and the clock is put forward, not waited for.");
    out.println("Speed-up: load and first run against those of step 1. Step 10 is a new process,");
    out.println("which has to warm up; the second table has more on that.");
    out.println();
    VirtualTime time = new VirtualTime(0);
    try (Origin origin = new Origin(Steps.MAX_AGE, time)) {
      StepTable table = new StepTable(out);
      Steps steps = new Steps(folder.resolve("steps"), origin, time, table, findings);
      steps.walk(libraries);
    }
  }

  private void showIsolateHit() throws IOException {
    ScriptLibrary largest = libraries.get(libraries.size() - 1);
    Spread hit = new IsolateHit(folder.resolve("hit")).measure(largest);
    out.println();
    out.printf(
        Locale.ROOT,
        "Isolate hit: compiling %s again in one isolate takes %d ns (%d to %d).%n%n",
        largest.name(),
        hit.median(),
        hit.least(),
        hit.most());
  }

  private void showFreshJvms(int rounds) throws Exception {
    out.printf(
        Locale.ROOT,
        "Load and first run, every measurement in a fresh JVM: medians of %d (least to most).%n",
        rounds);
    out.println("default and interpreted: Rhino without a cache; hot: a fresh response on disk.");
    out.println("Context and scope are made before the clock starts.");
    out.println();
    Path fresh = Files.createDirectory(folder.resolve("fresh"));
    new FreshTable(out, fresh, rounds).show(libraries);
    out.println();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
