package dev.thermae.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * One measurement of a new process: wall time as it saw it itself, and the CPU time of all its
 * threads over the same stretch, read from outside so that nothing is loaded for it.
 *
 * @param wall nanoseconds
 * @param cpu nanoseconds; -1 where this system does not tell
 */
record Shot(long wall, long cpu) {
  private static final long QUIET_MILLIS = 20;
  private static final long QUIET_NANOS = 500_000;
  private static final int QUIET_STEPS = 100;

  static Shot fire(List<String> options, Class<?> main, String classPath, Object... arguments)
      throws IOException, InterruptedException {
    Process process = ChildJvm.start(options, main, classPath, arguments);
    try (DataInputStream in = new DataInputStream(process.getInputStream());
        OutputStream out = process.getOutputStream()) {
      in.readByte();
      long before = settled(process.pid());
      go(out);
      long wall = in.readLong();
      long cpu = before < 0 ? -1 : cpu(process.pid()) - before;
      go(out);
      if (process.waitFor() != 0 || wall < 0) {
        throw new IOException(main.getSimpleName() + " failed");
      }
      return new Shot(wall, cpu);
    } finally {
      process.destroy();
    }
  }

  /** The CPU time once the process is at rest: its JIT has a queue from the start of the JVM. */
  private static long settled(long pid) throws IOException, InterruptedException {
    long before = cpu(pid);
    for (int i = 0; i < QUIET_STEPS; i++) {
      Thread.sleep(QUIET_MILLIS);
      long now = cpu(pid);
      if (now - before < QUIET_NANOS) {
        return now;
      }
      before = now;
    }
    return before;
  }

  private static void go(OutputStream out) throws IOException {
    out.write('g');
    out.flush();
  }

  /** Time that all threads of a process spent on a CPU, in nanoseconds. */
  private static long cpu(long pid) throws IOException {
    Path tasks = Path.of("/proc", Long.toString(pid), "task");
    if (!Files.exists(tasks.resolve(Long.toString(pid)).resolve("schedstat"))) {
      return -1;
    }
    long sum = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
      for (Path task : all) {
        try {
          String text = Files.readString(task.resolve("schedstat"));
          sum += Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (NoSuchFileException e) {
          continue; // a thread that has just ended
        }
      }
    }
    return sum;
  }
}
