package dev.thermae.http.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A program of this machine, and what it is to do. */
public record Program(Path file, Path folder) {
  /**
   * What became of a run.
   *
   * @param exit its exit code
   * @param out what it wrote to standard output
   * @param error what it wrote to standard error
   */
  @SuppressWarnings("ArrayRecordComponent") // made for one reader
  public record Outcome(int exit, byte[] out, String error) {
    public String text() {
      return new String(out, StandardCharsets.UTF_8);
    }
  }

  /** Where a program of that name is installed; null for nowhere. */
  public static @Nullable Path installed(String name) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Path program = Path.of(folder, name);
      if (Files.isExecutable(program)) {
        return program;
      }
    }
    return null;
  }

  /** Runs it to its end in its folder, with {@code in} as its standard input. */
  public Outcome run(String in, List<String> arguments) throws IOException, InterruptedException {
    ProcessBuilder settings = new ProcessBuilder(file.toString());
    settings.command().addAll(arguments);
    Process process = settings.directory(folder.toFile()).start();
    try {
      CompletableFuture<byte[]> error = CompletableFuture.supplyAsync(() -> errors(process));
      try (OutputStream to = process.getOutputStream()) {
        to.write(in.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // it reads none
      }
      byte[] out = process.getInputStream().readAllBytes();
      String words = new String(error.join(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), out, words);
    } finally {
      process.destroyForcibly();
    }
  }

  private static byte[] errors(Process process) {
    try {
      return process.getErrorStream().readAllBytes();
    } catch (IOException e) {
      return e.toString().getBytes(StandardCharsets.UTF_8);
    }
  }
}
