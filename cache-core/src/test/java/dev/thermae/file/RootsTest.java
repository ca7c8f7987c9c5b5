package dev.thermae.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.disk.MountKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths belong to what is watched. */
class RootsTest {
  @TempDir Path temporary;
  private Path folder;
  private Path inner;

  @BeforeEach
  void makeFolders() throws IOException {
    folder = Files.createDirectory(temporary.toRealPath().resolve("folder"));
    inner = Files.createDirectory(folder.resolve("inner"));
  }

  @Test
  void nestedFoldersBeginOnce() throws IOException {
    Path beside = Files.createDirectory(folder.resolveSibling("folder-2"));
    Roots roots =
        Roots.of(List.of(inner, folder, beside, folder, inner.resolve("a"), beside.resolve("b")));
    assertThat(roots.folders()).containsExactly(folder, beside);
  }

  @Test
  void aFileAloneLeavesItsFolderOut() throws IOException {
    Roots roots = Roots.of(List.of(folder.resolve("a")));
    assertThat(roots.folders()).containsExactly(folder);
    assertThat(roots.watchesFolder(folder)).isTrue();
    assertThat(roots.watchesFolder(inner)).isFalse();
    assertThat(roots.holds(folder.resolve("a"))).isTrue();
    assertThat(roots.holds(folder.resolve("b"))).isFalse();
  }

  @Test
  void theWatcherIsShownWhatIsAskedFor() throws IOException {
    Path deep = Files.writeString(inner.resolve("a"), "a");
    assertThat(shown(folder.resolve("b"), folder)).containsExactly(folder);
    assertThat(shown(folder.resolve("b"), inner)).isEmpty();
    assertThat(shown(folder, folder)).containsExactly(folder, inner, deep);
    assertThat(shown(folder, folder.resolve("gone"))).isEmpty();
  }

  private static List<Path> shown(Path asked, Path start) throws IOException {
    List<Path> shown = new ArrayList<>();
    WatchedTree tree = new WatchedTree(Roots.of(List.of(asked)));
    tree.recursiveVisitFiles(start, shown::add, shown::add);
    return shown;
  }

  @Test
  void linksAboveAreFollowedAndLinksBelowAreNot() throws IOException {
    Path link = Files.createSymbolicLink(temporary.toRealPath().resolve("link"), folder);
    Roots roots = Roots.of(List.of(link));
    Path real = inner.resolve("a");
    assertThat(roots.folders()).containsExactly(folder);
    assertThat(roots.watches(link.resolve("inner").resolve("a"), real)).isTrue();
    assertThat(roots.watches(real, real)).isTrue();
    assertThat(roots.watches(link.resolve("other").resolve("a"), real)).isFalse();
    assertThat(roots.watches(link.resolve("a"), temporary.resolve("a"))).isFalse();
    assertThat(roots.watches(link.resolve("..").resolve("link").resolve("a"), real)).isFalse();
  }

  @Test
  void theyStandWhileTheyAreTheSameFolders() throws IOException {
    Roots roots = Roots.of(List.of(folder, inner.resolve("a")));
    assertThat(roots.stand()).isTrue();
    Files.move(inner, folder.resolve("moved"));
    assertThat(roots.stand()).isFalse();
    assertThatThrownBy(roots::again).isInstanceOf(NoSuchFileException.class);
    Files.createDirectory(inner);
    assertThat(roots.stand()).isFalse();
    assertThat(roots.again().stand()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nfs4", "CIFS", "9p", "fuse.sshfs", "virtiofs", "vboxsf"})
  void networksAndSharesTellNothing(String type) {
    assertThat(MountKind.tellsChanges(type)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "tmpfs", "overlay", "apfs", "NTFS"})
  void disksAndLayersTell(String type) {
    assertThat(MountKind.tellsChanges(type)).isTrue();
  }
}
