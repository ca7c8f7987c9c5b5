package dev.thermae.samples.operaton;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows how often the two scripts of a process are compiled when it is deployed three times, and
 * again after a restart, by Operaton as it is and with one jar more on the class path. Argument:
 * the jar. Ends with 1 when the jar does not do what it is for.
 */
public final class Redeployments {
  private static final int DEPLOYMENTS = 3;
  private static final String RESULT = "72 gold";

  private final String jar;
  private boolean asExpected = true;

  private Redeployments(String jar) {
    this.jar = jar;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Redeployments show = new Redeployments(arguments[0]);
    System.out.println("Compiles of two scripts, added up after each of three deployments:");
    System.out.println();
    System.out.println("scripts     deployed by              stock   again   +jar    again");
    show.row("groovy", true);
    show.row("groovy", false);
    show.row("javascript", true);
    show.row("javascript", false);
    System.out.println();
    System.out.println("again: in a new process, after a restart");
    System.exit(show.asExpected ? 0 : 1);
  }

  private void row(String language, boolean applications) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("thermae-operaton");
    try {
      List<Integer> stock = run(language, applications, null);
      List<Integer> stockAgain = run(language, applications, null);
      List<Integer> ours = run(language, applications, folder);
      List<Integer> oursAgain = run(language, applications, folder);
      String deployed = applications ? "an application each" : "the engine's owner";
      System.out.println(
          pad(language, 12)
              + pad(deployed, 25)
              + pad(text(stock), 8)
              + pad(text(stockAgain), 8)
              + pad(text(ours), 8)
              + text(oursAgain));
      asExpected &= ours.equals(List.of(2, 2, 2)) && oursAgain.equals(List.of(0, 0, 0));
    } finally {
      delete(folder);
    }
  }

  /** Compiles after each deployment, in a process of its own; a null folder is without our jar. */
  private List<Integer> run(String language, boolean applications, @Nullable Path folder)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.add("-XX:+EnableDynamicAgentLoading");
    command.add("-Djdk.attach.allowAttachSelf=true");
    command.add("-Dthermae.dir=" + folder);
    command.add("-cp");
    String path = System.getProperty("java.class.path");
    command.add(folder == null ? path : path + File.pathSeparator + jar);
    command.add(EngineRun.class.getName());
    command.addAll(List.of(language, "" + DEPLOYMENTS, "" + applications));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<Integer> compiles = new ArrayList<>();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("@")) {
          int end = line.indexOf(' ');
          compiles.add(Integer.valueOf(line.substring(1, end)));
          asExpected &= line.substring(end + 1).equals(RESULT);
        }
      }
    }
    if (process.waitFor() != 0 || compiles.size() != DEPLOYMENTS) {
      throw new IOException("the process engine ended with " + process.waitFor());
    }
    return compiles;
  }

  private static String text(List<Integer> numbers) {
    return numbers.toString().replaceAll("[\\[\\] ]", "");
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
