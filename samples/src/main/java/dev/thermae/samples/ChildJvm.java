package dev.thermae.samples;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Another JVM like this one, with the same class path. */
final class ChildJvm {
  private ChildJvm() {}

  /** Something read from a child's standard output. */
  interface Answer<T> {
    T read(DataInputStream in) throws IOException;
  }

  /**
   * Runs {@code main} and returns what it answered.
   *
   * @throws IOException when it failed
   */
  static <T> T ask(Class<?> main, Answer<T> answer, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (DataInputStream in = new DataInputStream(process.getInputStream())) {
      T read = answer.read(in);
      in.transferTo(java.io.OutputStream.nullOutputStream());
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException(main.getSimpleName() + " ended with " + status);
      }
      return read;
    } finally {
      process.destroy();
    }
  }
}
