package dev.thermae.bench;

import java.io.DataOutputStream;
import java.io.File;
import java.nio.file.Path;

/** One load and first run in a new JVM. */
final class EngineShot {
  /** In place of a way: fills the caches. */
  static final String STORE = "store";

  private EngineShot() {}

  /** Arguments: workload, way, folder. Writes nanoseconds of load and run, and what came out. */
  public static void main(String[] args) throws Exception {
    Workload workload = Workload.named(args[0]);
    Path folder = new File(args[2]).toPath();
    long[] nanos = new long[2];
    String result = DeepStack.call(() -> fire(workload, args[1], folder, nanos));
    try (DataOutputStream out = new DataOutputStream(System.out)) {
      out.writeLong(nanos[0]);
      out.writeLong(nanos[1]);
      out.writeUTF(result);
    }
    Runtime.getRuntime().halt(0); // quickjs4j leaves a thread behind
  }

  private static String fire(Workload workload, String mode, Path folder, long[] nanos)
      throws Exception {
    if (mode.equals(STORE)) {
      workload.store(folder);
      return "";
    }
    workload.initialise();
    long start = System.nanoTime();
    Object loaded = workload.load(mode, folder);
    long running = System.nanoTime();
    String result = workload.run(loaded);
    nanos[0] = running - start;
    nanos[1] = System.nanoTime() - running;
    return result;
  }
}
