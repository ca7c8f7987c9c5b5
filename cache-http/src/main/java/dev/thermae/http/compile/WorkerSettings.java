package dev.thermae.http.compile;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How sources are compiled. Immutable.
 *
 * @param engines by name
 * @param enginePath jars and folders; empty for the class path of this process
 * @param java the program
 * @param jvmOptions more of them
 * @param heapBytes of a worker
 * @param niceness by which their priority is lower than this process's, 0 to 19
 * @param workers at most
 * @param queue compiles that wait, at most
 * @param time for a compile, and for the start of a worker
 * @param longestSource in bytes
 * @param longestCode in bytes
 * @param idle after which a worker ends
 * @param compiles after which a worker is replaced
 * @param warm whether workers start before they are needed
 * @param errorsKept how long an error of a source is remembered
 * @param bombsKept how long a source that took too much is remembered
 */
record WorkerSettings(
    List<String> engines,
    List<Path> enginePath,
    Path java,
    List<String> jvmOptions,
    long heapBytes,
    int niceness,
    int workers,
    int queue,
    Duration time,
    int longestSource,
    int longestCode,
    Duration idle,
    int compiles,
    boolean warm,
    Duration errorsKept,
    Duration bombsKept) {

  /** Octets of a frame to a worker, at most. */
  int longestRequest() {
    return longestSource + Frames.LONGEST_HEAD;
  }

  /** Octets of a frame from a worker, at most. */
  int longestAnswer() {
    return longestCode + Frames.LONGEST_HEAD;
  }
}
