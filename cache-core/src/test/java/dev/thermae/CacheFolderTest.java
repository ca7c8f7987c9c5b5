package dev.thermae;

import static dev.thermae.policy.CachePolicy.eager;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.code.SigningKeys;
import dev.thermae.code.Source;
import dev.thermae.disk.FolderCheck;
import dev.thermae.event.Temperature;
import dev.thermae.store.MemoryStore;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.FolderProgram;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.ShortProgram;
import dev.thermae.testing.TextEngine;
import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which folders are taken, which are refused, and that everything works on without them. */
class CacheFolderTest {
  private static final int STRANGER = 12_345;

  @TempDir Path home;
  private final RecordingListener seen = new RecordingListener();
  private final TextEngine engine = new TextEngine();
  private final Source source = Source.of("a.txt", "hello");

  @BeforeEach
  void onlyWherePermissionsCount() {
    assumeTrue(home.getFileSystem().supportedFileAttributeViews().contains("unix"));
  }

  private static Path folder(Path path, String mode) throws IOException {
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    return path;
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** Gives a file to somebody else, which only root can. */
  private static void giveAway(Path path) throws IOException {
    giveAway(path, "unix:uid");
  }

  private static void giveAway(Path path, String attribute) throws IOException {
    assumeTrue((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0);
    Files.setAttribute(path, attribute, STRANGER, LinkOption.NOFOLLOW_LINKS);
  }

  private CodeCache open(Path folder) {
    return CodeCache.builder().directory(folder).policy(eager()).listener(seen).build();
  }

  private void assertTaken(Path folder) throws IOException {
    for (int compiles = 0; compiles <= 1; compiles++) {
      try (CodeCache cache = open(folder)) {
        assertThat(cache.compile(engine, source).code().run()).isEqualTo(TextUnit.run("hello"));
      }
    }
    assertThat(engine.compiles()).isEqualTo(1);
    assertThat(seen.warnings()).isEmpty();
    assertThat(mode(folder.resolve("v1"))).isEqualTo("rwx------");
  }

  /** One warning that names the place and the remedy, no disk tier, and right results. */
  private void assertRefused(Path folder, Path culprit, String... words) throws IOException {
    List<Path> before = FolderCheck.files(home);
    try (CodeCache cache = open(folder)) {
      for (int i = 0; i < 3; i++) {
        assertThat(cache.compile(engine, source).code().run()).isEqualTo(TextUnit.run("hello"));
        cache.clearMemory();
        cache.flush();
      }
      assertThat(cache.stats().compiles()).as("code is kept in memory").isEqualTo(1);
      assertThat(cache.store()).isInstanceOf(MemoryStore.class);
      assertThat(seen.warnings()).hasSize(1);
      assertThat(seen.warnings().get(0))
          .startsWith("No disk tier: " + culprit + " ")
          .contains(words);
    }
    assertThat(FolderCheck.files(home)).isEqualTo(before);
    assertThat(seen.faults()).isEmpty();
  }

  @Test
  void missingFolderIsMadeForUsAlone() throws IOException {
    Path folder = home.resolve("a/b/cache");
    assertTaken(folder);
    assertThat(mode(folder)).isEqualTo("rwx------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxr-xr-x", "rwx------", "rwxr-x--x"})
  void folderThatOnlyWeMayWriteIsTaken(String mode) throws IOException {
    assertTaken(folder(home.resolve("cache"), mode));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwx----w-", "rwxrwxrwx"})
  void folderThatOthersMayWriteIsRefused(String mode) throws IOException {
    Path folder = folder(home.resolve("cache"), mode);
    assertRefused(folder, folder, "writable by others", "remove it");
    assertThat(folder).isEmptyDirectory();
  }

  /** A group that has the user's own number is the user alone. */
  @Test
  void folderThatAGroupMayWriteIsRefused() throws IOException {
    Path folder = folder(home.resolve("cache"), "rwxrwx---");
    giveAway(folder, "unix:gid");
    assertRefused(folder, folder, "writable by others", "remove it");
  }

  @Test
  void signedFolderMayBeWrittenByOthers() throws IOException {
    Path folder = folder(home.resolve("cache"), "rwxrwxrwx");
    SigningKeys keys = SigningKeys.of(1, new byte[32]);
    for (Temperature expected : List.of(Temperature.COLD, Temperature.HOT)) {
      try (CodeCache cache =
          CodeCache.builder()
              .directory(folder)
              .policy(eager())
              .signed(keys)
              .listener(seen)
              .build()) {
        assertThat(cache.compile(engine, source).temperature()).isEqualTo(expected);
      }
    }
    assertThat(seen.warnings()).isEmpty();
  }

  @Test
  void innerFolderThatOthersMayWriteIsRefused() throws IOException {
    Path folder = folder(home.resolve("cache"), "rwx------");
    Path inner = folder(folder.resolve("v1"), "rwx---rwx");
    assertRefused(folder, inner, "writable by others", "remove it");
  }

  @Test
  void parentThatOthersMayWriteIsRefused() throws IOException {
    Path parent = folder(home.resolve("shared"), "rwxrwxrwx");
    assertRefused(parent.resolve("cache"), parent, "writable by others", "chmod go-w");
  }

  @Test
  void stickyParentIsNoDanger() throws IOException {
    Path parent = folder(home.resolve("sticky"), "rwxrwxrwx");
    Files.setAttribute(parent, "unix:mode", 01777);
    assertTaken(parent.resolve("cache"));
  }

  @Test
  void folderOfSomebodyElseIsRefused() throws IOException {
    Path folder = folder(home.resolve("cache"), "rwxr-xr-x");
    giveAway(folder);
    assertRefused(folder, folder, "belongs to user " + STRANGER, "remove it");
  }

  @Test
  void folderBelowSomebodyElsesIsRefused() throws IOException {
    Path parent = folder(home.resolve("theirs"), "rwxr-xr-x");
    Path folder = folder(parent.resolve("cache"), "rwx------");
    giveAway(parent);
    assertRefused(folder, parent, "belongs to user " + STRANGER, "use another");
  }

  @Test
  void linkOfOursIsFollowed() throws IOException {
    Path target = folder(home.resolve("target"), "rwx------");
    Path link = Files.createSymbolicLink(home.resolve("link"), target);
    assertTaken(link);
    assertThat(target.resolve("v1")).isDirectory();
  }

  @Test
  void linkOfOursToAFolderOfAllIsRefused() throws IOException {
    Path target = folder(home.resolve("target"), "rwxrwxrwx");
    Path link = Files.createSymbolicLink(home.resolve("link"), target);
    assertRefused(link, target.toRealPath(), "writable by others", "remove it");
  }

  @Test
  void linkOfSomebodyElseIsRefused() throws IOException {
    Path target = folder(home.resolve("target"), "rwx------");
    Path link = Files.createSymbolicLink(home.resolve("link"), target);
    giveAway(link);
    assertRefused(link, link, "belongs to user " + STRANGER, "use another");
  }

  @Test
  void linkInsideTheFolderIsRefused() throws IOException {
    Path folder = folder(home.resolve("cache"), "rwx------");
    Path target = folder(home.resolve("target"), "rwx------");
    Path link = Files.createSymbolicLink(folder.resolve("v1"), target);
    assertRefused(folder, link, "symbolic link");
  }

  @Test
  void fileInItsPlaceIsRefused() throws IOException {
    Path file = Files.createFile(home.resolve("cache"));
    assertRefused(file, file, "is not a folder", "use another");
  }

  @Test
  void folderBelowAFileIsRefused() throws IOException {
    Path file = Files.createFile(home.resolve("file"));
    assertRefused(file.resolve("cache"), file, "is not a folder", "use another");
    seen.clear();
    Path deeper = file.resolve("a/cache");
    assertRefused(deeper, file, "is not a folder", "use another");
  }

  private String defaultFolder(Map<String, String> variables) throws Exception {
    List<String> options = List.of("-Duser.home=" + home, "-Dos.name=Linux");
    try (ChildJvm child = ChildJvm.start(FolderProgram.class, options, variables)) {
      return child.finish().get(0);
    }
  }

  @Test
  void defaultFolderFollowsTheEnvironment() throws Exception {
    String standard = home.resolve(".cache/thermae").toString();
    assertThat(defaultFolder(Map.of())).isEqualTo(standard);
    assertThat(defaultFolder(Map.of("XDG_CACHE_HOME", "/x/y"))).isEqualTo("/x/y/thermae");
    assertThat(defaultFolder(Map.of("XDG_CACHE_HOME", "relative"))).isEqualTo(standard);
    assertThat(defaultFolder(Map.of("THERMAE_DIR", "/z", "XDG_CACHE_HOME", "/x"))).isEqualTo("/z");
    assertThat(defaultFolder(Map.of("THERMAE_DIR", ""))).isEqualTo(standard);
  }

  @Test
  void defaultFolderIsUsed() throws Exception {
    Path folder = home.resolve("mine");
    Map<String, String> variables = Map.of("THERMAE_DIR", folder.toString());
    for (String expected : List.of("COLD false", "HOT false")) {
      try (ChildJvm child = ChildJvm.start(ShortProgram.class, List.of(), variables, "return")) {
        assertThat(child.finish()).containsExactly(expected);
      }
    }
    assertThat(mode(folder)).isEqualTo("rwx------");
  }
}
