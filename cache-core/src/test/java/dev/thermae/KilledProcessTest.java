package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.disk.FolderCheck;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.FolderWorker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes work on one folder, and one of them is killed again and again. */
class KilledProcessTest {
  private static final int ROUNDS = 50;
  private static final long SLOWEST_MILLIS = 2_000;

  @TempDir Path folder;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void killedWritersHurtNobody() throws Exception {
    try (ChildJvm survivor = worker(0)) {
      CompletableFuture<Map<String, String>> told =
          CompletableFuture.supplyAsync(() -> listen(survivor));
      ChildJvm victim = worker(1);
      Map<String, Integer> killedAt = new TreeMap<>();
      for (int round = 1; round <= ROUNDS; round++) {
        ChildJvm next = round < ROUNDS ? worker(round + 1) : null;
        String phase = victim.next();
        for (int steps = round * 7 % 60; steps > 0 || phase.equals("load"); steps--) {
          phase = victim.next();
          assertThat(phase).as("the victim ended: %s", victim.noise()).isNotNull();
        }
        victim.kill();
        victim.close();
        killedAt.merge(phase, 1, Integer::sum);
        victim = next;
      }
      survivor.closeInput();
      Map<String, String> report = told.get(60, TimeUnit.SECONDS);
      assertThat(killedAt).containsKey("put");
      assertThat(Long.parseLong(report.get("loads"))).isGreaterThan(ROUNDS);
      assertThat(Long.parseLong(report.get("worst"))).isLessThan(SLOWEST_MILLIS);
      assertThat(report).containsEntry("foreign", "0").containsEntry("faults", "[]");
      assertThat(report).containsEntry("rejections", "[]");
    }
    FolderCheck.everyHeadHasItsBody(folder);
    assertThat(FolderCheck.files(folder.resolve("v1/temporary")))
        .as("files that were being written when their process was killed")
        .isNotEmpty();
  }

  private ChildJvm worker(int seed) throws Exception {
    return ChildJvm.start(FolderWorker.class, folder.toString(), Integer.toString(seed));
  }

  /** Reads until the end; the last word on each subject counts. */
  private static Map<String, String> listen(ChildJvm child) {
    Map<String, String> report = new TreeMap<>();
    try {
      List<String> lines = child.finish();
      for (String line : lines) {
        int space = line.indexOf(' ');
        report.put(space < 0 ? line : line.substring(0, space), line.substring(space + 1));
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return report;
  }
}
