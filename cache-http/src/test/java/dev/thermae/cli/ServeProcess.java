package dev.thermae.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command as a process of its own, on this test's class path. */
final class ServeProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final Path err;
  final String ready;

  private ServeProcess(Process process, Path err) throws IOException {
    this.process = process;
    this.err = err;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.ready = out.readLine();
  }

  /** Starts it and waits for its first line. */
  static ServeProcess start(Path err, String... args) throws IOException {
    return start(err, List.of(), args);
  }

  /** The same, with options of the JVM. */
  static ServeProcess start(Path err, List<String> options, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      boolean counts = argument.startsWith("-javaagent:") && argument.contains("jacoco");
      if (counts || argument.startsWith("--") || argument.startsWith("-Djava.io.tmpdir=")) {
        command.add(argument);
      }
    }
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(args));
    return new ServeProcess(new ProcessBuilder(command).redirectError(err.toFile()).start(), err);
  }

  long pid() {
    return process.pid();
  }

  /** SIGTERM; what it printed after its first line. */
  List<String> terminate() throws IOException, InterruptedException {
    process.toHandle().destroy(); // Process.destroy would close the streams, too
    return rest();
  }

  /** What it prints after its first line, until it ends. */
  List<String> rest() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      lines.add(line);
    }
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      throw new IOException("it does not end");
    }
    return lines;
  }

  int exitCode() {
    return process.exitValue();
  }

  /** Standard error, without what a JVM says about itself. */
  List<String> errors() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(err));
    lines.removeIf(line -> line.startsWith("WARNING: ") || line.contains("JAVA_TOOL_OPTIONS"));
    return lines;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
