package dev.thermae.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the system calls of one thread that concern files, and kills its process at one of them.
 */
public final class Strace implements AutoCloseable {
  /** Those with a question mark are not known everywhere. */
  private static final String CALLS =
      "openat,?open,write,pwrite64,writev,?rename,?renameat,?renameat2,?unlink,unlinkat,?mkdir,"
          + "mkdirat,ftruncate,fcntl,close,utimensat,?utimes,?link,linkat,fsync,fdatasync,fchmod";

  private final Process process;
  private final BufferedReader out;
  private final Path log;

  private Strace(Process process, Path log) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.log = log;
  }

  /** Whether there is such a command. */
  public static boolean isThere() {
    for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(folder, "strace"))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Attaches to a thread, and kills its process before the call that is the {@code at}-th named
   * {@code call}; never for 0.
   */
  public static Strace attach(String thread, String call, long at, Path log) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("strace", "-p", thread, "-o", log.toString(), "-e", "trace=" + CALLS));
    if (at > 0) {
      command.addAll(List.of("-e", "inject=" + call + ":signal=KILL:when=" + at));
    }
    return new Strace(new ProcessBuilder(command).redirectErrorStream(true).start(), log);
  }

  /** Waits until it watches; null when it does, else why it may not. */
  public String refusal() throws IOException {
    String line = out.readLine();
    return line != null && line.contains("attached") ? null : String.valueOf(line);
  }

  /** The names of the calls it saw, in order, once the thread is gone. */
  public List<String> calls() throws IOException, InterruptedException {
    process.waitFor();
    return Files.readAllLines(log).stream()
        .filter(line -> line.contains("("))
        .map(line -> line.substring(0, line.indexOf('(')))
        .toList();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
