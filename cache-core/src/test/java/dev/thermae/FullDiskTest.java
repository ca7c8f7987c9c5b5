package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.code.Source;
import dev.thermae.disk.FolderCheck;
import dev.thermae.policy.CachePolicy;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.FullDiskProgram;
import dev.thermae.testing.Openings;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.TextEngine;
import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system that is really full: a small one in memory, where this user may mount it. */
@Tag("once")
class FullDiskTest {
  private static final int SOURCES = 40;

  @TempDir Path home;
  private final RecordingListener seen = new RecordingListener();
  private final TextEngine engine = new TextEngine();
  private Path mount;

  private static boolean runs(String... command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void mount(String options) throws Exception {
    mount = Files.createDirectory(home.resolve("small"));
    boolean root =
        Files.isDirectory(Path.of("/proc/self"))
            && (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    assumeTrue(root, "only root mounts");
    boolean mounted =
        runs("mount", "-t", "tmpfs", "-o", options + ",mode=0700", "tmpfs", mount.toString());
    if (!mounted) {
      mount = null;
    }
    assumeTrue(mounted, "mounting is not allowed here");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mount != null) {
      runs("umount", "-l", mount.toString());
    }
  }

  private static Source source(int number) {
    return Source.of(number + ".txt", ("source " + number + '\n').repeat(1_500));
  }

  private long loadAll() {
    long hot = 0;
    for (int i = 0; i < SOURCES; i++) {
      try (CodeCache cache =
          CodeCache.builder().directory(mount).policy(CachePolicy.eager()).listener(seen).build()) {
        Compiled<TextUnit> unit = cache.compile(engine, source(i));
        assertThat(unit.code().run()).isEqualTo(TextUnit.run(source(i).text()));
        cache.flush();
        hot += cache.stats().hot();
      }
    }
    return hot;
  }

  @Test
  void everyLoadIsRightAndTheCacheRecovers() throws Exception {
    mount("size=512k");
    assertThat(loadAll()).isZero();
    assertThat(seen.faults()).isNotEmpty().allMatch(fault -> fault instanceof IOException);
    assertThat(seen.warnings()).isEmpty();
    assertThat(seen.rejections()).isEmpty();
    long hot = loadAll();
    assertThat(hot).isBetween(1L, SOURCES - 1L);
    FolderCheck.noTemporaries(mount);
    FolderCheck.everyHeadHasItsBody(mount);
    FolderCheck.delete(mount.resolve("v1/entries"));
    seen.clear();
    assertThat(loadAll()).isZero();
    assertThat(loadAll()).isPositive();
    assertThat(engine.foreign()).isEmpty();
  }

  /** The long form: {@code -Dthermae.full.loads=2000}, of each thread in each phase. */
  @Test
  void filledToTheLastByteWhileFourThreadsLoad() throws Exception {
    mount("size=16m");
    run(false);
  }

  @Test
  void outOfNamesWhileFourThreadsLoad() throws Exception {
    mount("size=64m,nr_inodes=2000");
    run(true);
  }

  private void run(boolean names) throws Exception {
    String loads = System.getProperty("thermae.full.loads", "20");
    try (ChildJvm child =
        ChildJvm.start(
            FullDiskProgram.class,
            Openings.ofThisJvm(),
            Map.of(),
            mount.toString(),
            loads,
            Boolean.toString(names))) {
      List<String> said = child.finish();
      said.forEach(System.out::println);
      assertThat(said)
          .contains("faults true", "foreign 0", "index with the disk free: chronicle")
          .contains("index: chronicle", "index with the disk full: none")
          .as("no file of an index that could not be made")
          .filteredOn(line -> line.startsWith("index file"))
          .hasSize(names ? 2 : 1)
          .containsOnly("index file, dense");
      assertThat(said).last().asString().endsWith(" loads, 0 wrong");
      assertThat(hot(said, "phase free again: ")).isPositive();
      assertThat(hot(said, "phase free, index open: ")).isPositive();
    }
    FolderCheck.noTemporaries(mount);
    FolderCheck.everyHeadHasItsBody(mount.resolve("cache"));
  }

  private static int hot(List<String> said, String phase) {
    return said.stream()
        .filter(line -> line.startsWith(phase))
        .map(line -> Integer.parseInt(line.substring(phase.length()).replace(" hot", "")))
        .findFirst()
        .orElseThrow();
  }
}
