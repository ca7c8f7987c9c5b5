package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.disk.FolderCheck;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.FastFolder;
import dev.thermae.testing.PublishProgram;
import dev.thermae.testing.Strace;
import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writer is killed between any two of its system calls that concern files; what is there then is
 * the old version or the new one. {@code -Dthermae.sweep=all} tries every place.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class SyscallSweepTest extends CodeCacheFixture {
  private static final int SLICE = 10;

  @TempDir(factory = FastFolder.class)
  Path folders;

  @Test
  void everyPlaceBetweenTwoSystemCallsIsSafe() throws Exception {
    assumeTrue(Strace.isThere(), "there is no strace: nothing was swept");
    List<String> calls = killAt("", 0, 0);
    int last = calls.size();
    assertThat(calls).anyMatch(call -> call.startsWith("rename")).hasSizeGreaterThan(20);
    boolean all = System.getProperty("thermae.sweep", "").equals("all");
    int news = 0;
    int swept = 0;
    for (int at = all ? 1 : last / SLICE; at <= last; at += all ? 1 : last / SLICE) {
      String call = calls.get(at - 1);
      long count = calls.subList(0, at).stream().filter(call::equals).count();
      List<String> until = killAt(call, count, at);
      assertThat(until).as("killed at %s", at).isEqualTo(calls.subList(0, at));
      news += version(folders.resolve("at" + at)).equals("new") ? 1 : 0;
      swept++;
    }
    System.out.printf(
        Locale.ROOT,
        "sweep: killed before %d of %d system calls; the new version was there %d times%n",
        swept,
        last,
        news);
    assertThat(news).isBetween(1, swept - 1);
  }

  /** Kills the writer before a call, or never for a count of 0, and checks what is left. */
  private List<String> killAt(String call, long count, int at) throws Exception {
    Path place = folders.resolve("at" + at);
    try (CodeCache cache = at(place)) {
      PublishProgram.publish(cache.store(), PublishProgram.KEY, "old", time.millis() - 60_000);
    }
    List<String> calls;
    try (ChildJvm child = ChildJvm.start(PublishProgram.class, place.toString());
        Strace strace = Strace.attach(child.next(), call, count, folders.resolve("log"))) {
      String refusal = strace.refusal();
      assumeTrue(refusal == null, "strace may not watch: " + refusal);
      child.tell("go");
      String said = child.next();
      assertThat(said).isEqualTo(at == 0 ? "published" : null);
      child.closeInput();
      calls = strace.calls();
    }
    FolderCheck.everyHeadHasItsBody(place);
    assertThat(version(place)).isIn("old", "new");
    return calls;
  }

  private CodeCache at(Path place) {
    return CodeCache.builder()
        .directory(place)
        .time(time)
        .policy(CachePolicy.eager())
        .listener(seen)
        .build();
  }

  /** Which version is there, loaded and checked; what was refused or went wrong fails. */
  private String version(Path place) throws IOException {
    try (CodeCache cache = at(place)) {
      StoredEntry entry = cache.store().find(PublishProgram.KEY, null);
      Source source = Source.of("published.txt", entry.body(), StandardCharsets.UTF_8);
      Compiled<TextUnit> unit = cache.compile(engine, source, Shape.SCRIPT, entry);
      checked(unit, source);
      String version = source.text().substring(0, source.text().indexOf('\n'));
      assertThat(source.text()).isEqualTo(PublishProgram.source(version).text());
      assertThat(seen.faults()).isEmpty();
      assertThat(seen.rejections()).isEmpty();
      return version;
    }
  }
}
