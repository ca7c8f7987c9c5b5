package dev.thermae.samples;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the fleet: the proxy, or a worker. */
final class FleetProcess implements AutoCloseable {
  private static final String JAVA =
      System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";

  private final Process process;

  private FleetProcess(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    this.process = builder.start();
  }

  /** What a worker made of a script. */
  record Load(String temperature, int compiles, long nanos, String result) {}

  /** {@code java -jar JAR ARGUMENTS}. */
  static FleetProcess jar(Path jar, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(JAVA, "-jar", jar.toString()));
    command.addAll(arguments);
    return new FleetProcess(command, environment);
  }

  /** A worker. */
  static FleetProcess worker(Path folder, String proxy, String origin, Path key)
      throws IOException {
    String classPath = System.getProperty("java.class.path");
    return new FleetProcess(
        List.of(
            JAVA,
            "-cp",
            classPath,
            FleetWorker.class.getName(),
            folder.toString(),
            proxy,
            origin,
            key.toString()),
        Map.of());
  }

  /** The next line that it prints; null when it has ended. */
  String line() throws IOException {
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    return lines.readLine();
  }

  /** Has a worker load a script. */
  Load load(ScriptLibrary library) throws IOException {
    DataOutputStream orders = new DataOutputStream(process.getOutputStream());
    orders.writeUTF(library.name());
    orders.flush();
    DataInputStream answer = new DataInputStream(process.getInputStream());
    String temperature = answer.readUTF();
    int compiles = answer.readInt();
    long nanos = answer.readLong();
    byte[] text = answer.readNBytes(answer.readInt());
    return new Load(temperature, compiles, nanos, new String(text, StandardCharsets.UTF_8));
  }

  /** SIGTERM; what it prints at its end. */
  String terminate() throws IOException {
    process.toHandle().destroy(); // Process.destroy would close the streams, too
    return line();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close(); // a worker ends by itself then
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroy();
        process.waitFor(30, TimeUnit.SECONDS);
      }
    } catch (IOException e) {
      // it is gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
