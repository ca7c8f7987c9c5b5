package dev.thermae.http.compile;

import dev.thermae.event.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Settings of {@link CompileWorkers}. Not thread-safe. */
public final class CompileWorkersBuilder {
  private static final int MOST_WORKERS = 64;
  private static final long LEAST_HEAP = 16L << 20;
  private static final int MOST_BYTES = 1 << 30;
  private static final int NICEST = 19;

  private final List<String> engines;
  private List<Path> enginePath = List.of();
  private Path java = Path.of(System.getProperty("java.home"), "bin", "java");
  private List<String> jvmOptions = List.of();
  private long heapBytes = 512L << 20;
  private int niceness = 10;
  private int workers = 1;
  private int queue = 64;
  private Duration time = Duration.ofSeconds(30);
  private int longestSource = 16 << 20;
  private int longestCode = 64 << 20;
  private Duration idle = Duration.ofMinutes(5);
  private int compiles = 1000;
  private boolean warm;
  private Duration errorsKept = Duration.ofSeconds(10);
  private Duration bombsKept = Duration.ofMinutes(10);
  private TimeSource clock = TimeSource.SYSTEM;

  CompileWorkersBuilder(String... engines) {
    this.engines = List.of(engines);
    if (this.engines.isEmpty()) {
      throw new IllegalArgumentException("compile with what? No engine is named");
    }
    for (String name : engines) {
      Engines.requireCompilable(name);
    }
  }

  /**
   * Jars and folders of the engines, in order: code is good for the very build of an engine that
   * made it, so give those of the fleet. Groovy and the Java compilers see all of it, so for them
   * give the whole class path of the fleet's workers. Default: this process's own class path.
   */
  public CompileWorkersBuilder enginePath(List<Path> places) {
    enginePath = List.copyOf(places);
    return this;
  }

  /** The java program; some engines' code depends on its release. Default: the running one. */
  public CompileWorkersBuilder java(Path program) {
    java = program;
    return this;
  }

  /** More options of their JVMs, last; none that makes a JVM print. Default: none. */
  public CompileWorkersBuilder jvmOptions(List<String> options) {
    jvmOptions = List.copyOf(options);
    return this;
  }

  /** Heap of each worker, in bytes, 16 MiB and more. Default: 512 MiB. */
  public CompileWorkersBuilder heapBytes(long bytes) {
    if (bytes < LEAST_HEAP) {
      throw new IllegalArgumentException("a heap has 16 MiB and more, not " + bytes + " bytes");
    }
    heapBytes = bytes;
    return this;
  }

  /**
   * By how much the priority of workers is lower than this process's, 0 to 19, so that they leave
   * the processors to those who answer requests; where there is no program {@code nice}, not at
   * all. The time of a compile goes on while it waits for a processor. Default: 10.
   */
  public CompileWorkersBuilder niceness(int steps) {
    niceness = between(0, NICEST, steps, "steps of priority");
    return this;
  }

  /** Workers at most, 1 to 64. Default: 1. */
  public CompileWorkersBuilder workers(int most) {
    workers = between(1, MOST_WORKERS, most, "workers");
    return this;
  }

  /** Compiles that wait at most; more are refused at once. Default: 64. */
  public CompileWorkersBuilder queue(int most) {
    queue = between(0, 1 << 16, most, "places in the queue");
    return this;
  }

  /** For one compile, and for the start of a worker; who takes longer is killed. Default: 30 s. */
  public CompileWorkersBuilder time(Duration most) {
    time = positive(most, "the time of a compile");
    return this;
  }

  /** Bytes of a source at most. Default: 16 MiB. */
  public CompileWorkersBuilder longestSource(int bytes) {
    longestSource = between(1, MOST_BYTES, bytes, "bytes of a source");
    return this;
  }

  /** Bytes of code at most. Default: 64 MiB. */
  public CompileWorkersBuilder longestCode(int bytes) {
    longestCode = between(1, MOST_BYTES, bytes, "bytes of code");
    return this;
  }

  /** How long a worker waits for its next compile before it ends. Default: 5 minutes. */
  public CompileWorkersBuilder idle(Duration most) {
    idle = positive(most, "the idle time");
    return this;
  }

  /** Compiles after which a worker is replaced, 1 and more. Default: 1,000. */
  public CompileWorkersBuilder compilesPerWorker(int most) {
    compiles = between(1, Integer.MAX_VALUE, most, "compiles");
    return this;
  }

  /** Whether a worker starts right away, and again whenever one ended. Default: when needed. */
  public CompileWorkersBuilder warm(boolean starts) {
    warm = starts;
    return this;
  }

  /** How long an error of a source is remembered. Default: 10 s. */
  public CompileWorkersBuilder errorsKept(Duration most) {
    errorsKept = positive(most, "how long errors are remembered");
    return this;
  }

  /** How long a source is remembered that took too much, or broke its compiler. Default: 10 min. */
  public CompileWorkersBuilder bombsKept(Duration most) {
    bombsKept = positive(most, "how long bombs are remembered");
    return this;
  }

  /** For tests. */
  CompileWorkersBuilder clock(TimeSource source) {
    clock = source;
    return this;
  }

  /** Starts nothing yet, unless {@link #warm}. */
  public CompileWorkers build() {
    WorkerSettings settings =
        new WorkerSettings(
            engines,
            enginePath,
            java,
            jvmOptions,
            heapBytes,
            niceness,
            workers,
            queue,
            time,
            longestSource,
            longestCode,
            idle,
            compiles,
            warm,
            errorsKept,
            bombsKept);
    return new CompileWorkers(settings, clock);
  }

  private static int between(int least, int most, int number, String what) {
    if (number < least || number > most) {
      throw new IllegalArgumentException(least + " to " + most + " " + what + ", not " + number);
    }
    return number;
  }

  private static Duration positive(Duration time, String what) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException(what + " is longer than nothing, not " + time);
    }
    return time;
  }
}
