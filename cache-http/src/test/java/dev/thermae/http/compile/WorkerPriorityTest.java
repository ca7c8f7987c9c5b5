package dev.thermae.http.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers leave the processors to those who answer requests, where the system lets them. */
@Tag("once")
class WorkerPriorityTest {
  private static final int MOST = 19;

  @TempDir Path folder;

  /** The field after those named in proc(5) as priority; the program's name may hold spaces. */
  private static int niceness(String pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", pid, "stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
  }

  private static int ofWorker(int steps) throws Exception {
    try (CompileWorkers workers = CompileWorkers.builder("rhino").niceness(steps).build()) {
      Source source = Source.of("a.js", "var a = 1;");
      assertThat(workers.compile(Support.named(workers, "rhino"), source, Shape.SCRIPT))
          .isNotEmpty();
      WorkerProcess worker = workers.pool().alive().iterator().next();
      return niceness(Long.toString(worker.pid()));
    }
  }

  @Test
  void isLowered() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/stat")), "tells of priorities");
    int own = niceness("self");
    assertThat(ofWorker(7)).isEqualTo(Math.min(MOST, own + 7));
    assertThat(ofWorker(0)).isEqualTo(own);
  }

  @Test
  void withoutTheProgramItIsTheSame() throws Exception {
    assertThat(WorkerCommand.lowered(7, null)).isEmpty();
    assertThat(WorkerCommand.lowered(7, "")).isEmpty();
    assertThat(WorkerCommand.lowered(7, folder.toString())).isEmpty();
    Path nice = Files.createFile(folder.resolve("nice"));
    assertThat(WorkerCommand.lowered(7, folder.toString())).as("no program").isEmpty();
    assertThat(nice.toFile().setExecutable(true)).isTrue();
    assertThat(WorkerCommand.lowered(7, ":relative:" + folder))
        .containsExactly(nice.toString(), "-n", "7");
    assertThat(WorkerCommand.lowered(0, folder.toString())).isEmpty();
  }
}
