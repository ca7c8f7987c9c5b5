package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.code.Source;
import dev.thermae.disk.BaseFolder;
import dev.thermae.disk.FolderCheck;
import dev.thermae.policy.CachePolicy;
import dev.thermae.testing.BaseLoad;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.OtherUser;
import dev.thermae.testing.SharedFolderProgram;
import dev.thermae.testing.ShortProgram;
import dev.thermae.testing.TextEngine;
import dev.thermae.testing.VerifyProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that processes of several users use: bases, and signed folders. */
@Tag("once")
class OtherUsersTest {
  private static final int ONE = 23_451;
  private static final int TWO = 23_452;
  private static final int GROUP = 23_453;

  @TempDir Path home;
  private Path classes;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(OtherUser.isPossible(), "only root can be other users");
    classes = OtherUser.classesIn(home);
  }

  private Path folder(String name, int owner, int group, int mode) throws IOException {
    Path folder = Files.createDirectory(home.resolve(name));
    Files.setAttribute(folder, "unix:uid", owner);
    Files.setAttribute(folder, "unix:gid", group);
    Files.setAttribute(folder, "unix:mode", mode);
    return folder;
  }

  private static List<String> run(OtherUser user, Class<?> main, String... arguments)
      throws Exception {
    try (ChildJvm child = user.start(main, arguments)) {
      return child.finish();
    }
  }

  /** Root fills a folder, as the build of an image does; others only read it. */
  @Test
  void theFirstLoadAboveABaseIsHot() throws Exception {
    Path base = home.resolve("base");
    TextEngine engine = new TextEngine();
    try (CodeCache cache =
        CodeCache.builder().directory(base).policy(CachePolicy.eager()).build()) {
      cache.compile(engine, ShortProgram.source());
      cache.compile(engine, Source.of("b.txt", "another"));
      assertThat(cache.flush()).isTrue();
    }
    BaseFolder.finish(base);
    List<Path> files = FolderCheck.files(base);
    Path mine = folder("mine", ONE, ONE, 0700);
    List<String> said =
        run(OtherUser.of(ONE, classes), BaseLoad.class, mine + "/cache", base.toString());
    assertThat(said).containsExactly("HOT RESTORED right true", "compiles 0 [][]");
    assertThat(FolderCheck.files(mine)).as("nothing is copied").isEmpty();
    assertThat(FolderCheck.files(base)).isEqualTo(files);
  }

  @Test
  void aBaseOfSomebodyElseIsNotBelieved() throws Exception {
    Path base = folder("base", TWO, TWO, 0755);
    Path mine = folder("mine", ONE, ONE, 0700);
    run(OtherUser.of(TWO, classes), ShortProgram.class, "return", base.toString());
    BaseFolder.finish(base);
    List<String> said =
        run(OtherUser.of(ONE, classes), BaseLoad.class, mine + "/cache", base.toString());
    assertThat(said.get(0)).isEqualTo("COLD COMPILED right true");
    assertThat(said.get(1)).startsWith("compiles 1 []").contains("belongs to user " + TWO);
  }

  /** World-writable, sticky, and with a group that both are in, its bit for new files set. */
  @ParameterizedTest
  @ValueSource(strings = {"1777", "2770", "0770"})
  void usersWithOneKeyShareASignedFolder(String mode) throws Exception {
    Path shared = folder("shared", 0, GROUP, Integer.parseInt(mode, 8));
    OtherUser one = OtherUser.of(ONE, classes).in(GROUP);
    OtherUser two = OtherUser.of(TWO, classes).in(GROUP);
    assertThat(run(one, SharedFolderProgram.class, shared.toString(), "a", "b", "a"))
        .containsExactly("a COLD", "b COLD", "a HOT", "faults [][][]");
    assertThat(run(two, SharedFolderProgram.class, shared.toString(), "a", "c", "-k", "c"))
        .containsExactly("a HOT", "c COLD", "invalidated", "c HOT", "faults [][][]");
    assertThat(run(one, SharedFolderProgram.class, shared.toString(), "c", "-k", "d"))
        .containsExactly("c HOT", "invalidated", "d COLD", "faults [][][]");
    Path entries = shared.resolve("v1/entries");
    int inner = (Integer) Files.getAttribute(entries, "unix:mode") & 07777;
    assertThat(inner).isEqualTo(Integer.parseInt(mode, 8) & 0777);
  }

  /** A private folder in a sticky one: nobody else can come in its place. */
  @Test
  void aSharedFolderOfAStrangerInAStickyOneIsRefused() throws Exception {
    folder("sticky", 0, 0, 01777);
    Path theirs = folder("sticky/theirs", TWO, TWO, 0777);
    List<String> said =
        run(OtherUser.of(ONE, classes), SharedFolderProgram.class, theirs.toString(), "a", "a");
    assertThat(said.get(2)).contains("belongs to user " + TWO);
    assertThat(FolderCheck.files(theirs)).isEmpty();
  }

  /** As after one start as root: it is told, and so is all the rest. */
  @Test
  void filesThatCannotBeReadAreTold() throws Exception {
    Path mine = folder("mine", ONE, ONE, 0700);
    OtherUser one = OtherUser.of(ONE, classes);
    run(one, ShortProgram.class, "return", mine.toString());
    assertThat(run(one, VerifyProgram.class, mine.toString())).isEmpty();
    for (Path file : FolderCheck.files(mine)) {
      boolean head = file.toString().endsWith(".h");
      if (head || file.getParent().endsWith("fingerprints")) {
        Files.setAttribute(file, "unix:uid", 0);
        Files.setAttribute(file, "unix:mode", 0600);
      }
    }
    assertThat(run(one, VerifyProgram.class, mine.toString()))
        .containsExactly("UNREADABLE ", "UNREADABLE .h");
  }

  /** A parent that others may not pass, as `precompile` left them: it said "does not exist". */
  @Test
  void foldersBehindClosedOnesAreToldByTheirReason() throws Exception {
    Path closed = folder("closed", 0, 0, 0700);
    Path base = folder("closed/base", 0, 0, 0700);
    run(OtherUser.of(0, classes), ShortProgram.class, "return", base.toString());
    BaseFolder.finish(base);
    Path mine = folder("mine", ONE, ONE, 0700);
    OtherUser one = OtherUser.of(ONE, classes);
    assertThat(run(one, BaseLoad.class, mine + "/cache", base.toString()).get(1))
        .contains("A base folder is left out: no permission on " + closed)
        .doesNotContain("does not exist");
    assertThat(run(one, BaseLoad.class, closed + "/cache", mine + "/none").get(1))
        .contains("No disk tier: no permission on " + closed);
  }

  /** Neither listed, nor searched: nothing below could be told, and all looked well. */
  @ParameterizedTest
  @ValueSource(strings = {"000", "400", "100"})
  void foldersThatCannotBeReadAreTold(String mode) throws Exception {
    Path mine = folder("mine", ONE, ONE, 0700);
    OtherUser one = OtherUser.of(ONE, classes);
    run(one, ShortProgram.class, "return", mine.toString());
    Files.setAttribute(mine.resolve("v1/entries"), "unix:mode", Integer.parseInt(mode, 8));
    assertThat(run(one, VerifyProgram.class, mine.toString()))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("UNREADABLE "));
  }
}
