package dev.thermae.testing;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Another JVM over the same class path, small and quick to start. It talks in lines that begin with
 * {@code @}; whatever else it prints is kept for the message of a failure.
 */
public final class ChildJvm implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final BufferedReader out;
  private final List<String> noise = new ArrayList<>();

  private ChildJvm(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts {@code main}. */
  public static ChildJvm start(Class<?> main, String... arguments) throws IOException {
    return start(main, List.of(), Map.of(), arguments);
  }

  /** Starts {@code main} with options of the JVM, and variables added to the environment. */
  public static ChildJvm start(
      Class<?> main, List<String> options, Map<String, String> variables, String... arguments)
      throws IOException {
    String classPath = System.getProperty("java.class.path");
    return start(main, classPath, List.of(), options, variables, arguments);
  }

  /** Starts {@code main} from another class path, by a command that runs it under other rights. */
  static ChildJvm start(List<String> runner, String path, Class<?> main, String... arguments)
      throws IOException {
    return start(main, path, runner, List.of(), Map.of(), arguments);
  }

  /** The same over another class path, and run by another program, such as a tracer. */
  public static ChildJvm start(
      Class<?> main,
      String classPath,
      List<String> runner,
      List<String> options,
      Map<String, String> variables,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(runner);
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.addAll(options);
    command.add("-cp");
    command.add(classPath);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(ChildJvm::changesJvms);
    builder.environment().putAll(variables);
    return new ChildJvm(builder.start());
  }

  private static boolean changesJvms(String variable) {
    return variable.endsWith("JAVA_OPTIONS")
        || variable.equals("JAVA_TOOL_OPTIONS")
        || variable.equals("THERMAE_DIR")
        || variable.equals("XDG_CACHE_HOME");
  }

  /** Prints a line for the parent; for children. */
  public static void say(String line) {
    System.out.println('@' + line);
    System.out.flush();
  }

  /** The next line that the child says; null when it has ended. */
  public String next() throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("@")) {
        return line.substring(1);
      }
      noise.add(line);
    }
    return null;
  }

  /** Whether {@link #next} would answer at once. */
  public boolean hasSpoken() throws IOException {
    return out.ready();
  }

  /** Says a line to the child. */
  public void tell(String line) throws IOException {
    BufferedWriter in = process.outputWriter(StandardCharsets.UTF_8);
    in.write(line);
    in.newLine();
    in.flush();
  }

  /** Tells the child that it may go on, or end: closes its standard input. */
  public void closeInput() throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).close();
  }

  /** Kills it without warning and waits for its death. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Waits for its end; false when it lives on after {@code millis}. */
  public boolean ends(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  public long pid() {
    return process.pid();
  }

  /** Asks it to end, as a system that shuts down does, and waits until it has. */
  public void terminate() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  /** Waits for its end, and answers what it said until then. */
  public List<String> finish() throws IOException, InterruptedException {
    List<String> said = new ArrayList<>();
    for (String line = next(); line != null; line = next()) {
      said.add(line);
    }
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the child process hangs; it printed " + noise);
    }
    if (process.exitValue() != 0) {
      throw new AssertionError("exit " + process.exitValue() + "; it printed " + noise);
    }
    return said;
  }

  /** What it printed besides. */
  public List<String> noise() {
    return noise;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
