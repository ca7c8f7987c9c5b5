package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.HostileSwapper;
import dev.thermae.testing.HostileVictim;
import dev.thermae.testing.OtherUser;
import dev.thermae.testing.OutsideWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A signed folder whose files, links and folders another process swaps while it is used. The
 * property {@code thermae.hostile.swaps} says how often; the issue asks for 10,000.
 */
@Tag("once")
class HostileRaceTest {
  private static final int VICTIM = 23_461;
  private static final int SWAPS = Integer.getInteger("thermae.hostile.swaps", 60);
  private static final long SEED = Long.getLong("thermae.hostile.seed", System.nanoTime());

  @TempDir Path home;

  @BeforeEach
  void onlyRootCanBeOtherUsers() throws IOException {
    assumeTrue(OtherUser.isPossible(), "only root can be other users");
  }

  private static Path folder(Path path, OtherUser owner, int mode) throws IOException {
    Files.createDirectory(path);
    owner.own(path);
    Files.setAttribute(path, "unix:mode", mode);
    return path;
  }

  /** The attacker is somebody else, and the same user. */
  @ParameterizedTest
  @ValueSource(ints = {VICTIM + 1, VICTIM})
  void nothingForeignIsLoadedAndNothingIsWrittenOutside(int uid) throws Exception {
    Path classes = OtherUser.classesIn(home);
    OtherUser victim = OtherUser.of(VICTIM, classes);
    OtherUser attacker = OtherUser.of(uid, classes);
    Path shared = folder(home.resolve("shared"), victim, 0777);
    Path tools = folder(home.resolve("tools"), attacker, 0755);
    attacker.run("mkfifo", "-m", "666", tools.resolve("open").toString());
    attacker.run("mkfifo", "-m", "444", tools.resolve("closed").toString());
    OutsideWorld outside = OutsideWorld.in(home.resolve("outside"), victim);
    List<ChildJvm> victims = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        ChildJvm child = victim.start(HostileVictim.class, shared.toString(), "" + (SEED + i));
        victims.add(child);
        assertThat(child.next()).isEqualTo("ready");
      }
      try (ChildJvm swapper =
          attacker.start(
              HostileSwapper.class,
              shared.toString(),
              tools.toString(),
              outside.folder().toString(),
              "" + SWAPS,
              "" + SEED)) {
        List<String> told = swapper.finish();
        System.out.println("seed " + SEED + ", attacker " + uid + ": " + told);
        assertThat(number(told.get(0), "swaps")).isGreaterThanOrEqualTo(SWAPS);
      }
      for (ChildJvm child : victims) {
        child.closeInput();
        String told = child.finish().get(0);
        System.out.println("victim: " + told);
        assertThat(number(told, "foreign")).as(told).isZero();
        assertThat(number(told, "hot")).as(told).isPositive();
        assertThat(number(told, "worst")).as("a load that hangs: %s", told).isLessThan(10_000);
      }
    } finally {
      victims.forEach(ChildJvm::close);
    }
    assertThat(outside.changes()).as("seed %d", SEED).isEmpty();
    System.out.println("changes outside: " + outside.changes());
  }

  private static long number(String told, String name) {
    Matcher matcher = Pattern.compile(name + " (\\d+)").matcher(told);
    assertThat(matcher.find()).as(told).isTrue();
    return Long.parseLong(matcher.group(1));
  }
}
