package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.code.Source;
import dev.thermae.disk.FolderCheck;
import dev.thermae.policy.CachePolicy;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.TextEngine;
import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system that is really full: a small one in memory, where this user may mount it. */
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

  @BeforeEach
  void mount() throws Exception {
    mount = Files.createDirectory(home.resolve("small"));
    boolean root =
        Files.isDirectory(Path.of("/proc/self"))
            && (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    assumeTrue(root, "only root mounts");
    boolean mounted =
        runs("mount", "-t", "tmpfs", "-o", "size=512k,mode=0700", "tmpfs", mount.toString());
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
  void everyLoadIsRightAndTheCacheRecovers() throws IOException {
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
}
