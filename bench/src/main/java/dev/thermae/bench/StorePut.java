package dev.thermae.bench;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Replacing stored values: ours publishes the code of an entry that is there, beside a put of as
 * many bytes; nobody syncs.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 15)
@Measurement(iterations = 31)
@Fork(
    value = 2,
    jvmArgsAppend = {
      "-Xmx1g",
      "-Xms1g",
      "-XX:+AlwaysPreTouch",
      "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
      "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
      "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
      "--add-opens=java.base/java.lang=ALL-UNNAMED",
      "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED"
    })
@State(Scope.Thread)
public class StorePut {

  /** In a row, timed as one; nothing is deleted, so there are only so many. */
  private static final int PUTS = 16;

  /** Which store. */
  @Param({"THERMAE", "FILES", "ROCKSDB", "LMDB", "MVSTORE", "CHRONICLE"})
  String store;

  /** Bytes of a value. */
  @Param({"2048", "20480", "102400", "1048576"})
  int size;

  private Path folder;
  private StorePeer peer;
  private int count;
  private int next;
  private long serial;

  @Setup(Level.Trial)
  public void setUp() throws Exception {
    folder = Folders.create();
    count = Math.min(256, StoreRead.ROOM / size);
    peer = StorePeer.open(StorePeer.Kind.valueOf(store), folder, size, count);
  }

  @TearDown(Level.Trial)
  public void tearDown() throws Exception {
    peer.close();
    Folders.delete(folder);
  }

  private int next() {
    next = next + 1 == count ? 0 : next + 1;
    return next;
  }

  @Benchmark
  @OperationsPerInvocation(PUTS)
  public void put() throws Exception {
    for (int i = 0; i < PUTS; i++) {
      peer.add(next(), serial++);
    }
  }
}
