package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.disk.FolderCheck;
import dev.thermae.testing.ChangedBuild;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.FolderWorker;
import dev.thermae.testing.Openings;
import dev.thermae.testing.VersionProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The next format of this software beside this one, over one folder. */
@Tag("once")
class VersionsTest {
  private static final List<String> CLEAN = List.of("foreign 0", "rejections []", "faults []");

  @TempDir Path home;

  /** This software with the number of every format raised by one. */
  private String next() throws IOException {
    assumeTrue(ChangedBuild.isPossible(), "no sources or no compiler here");
    return new ChangedBuild()
        .with("DiskStore.java", "FORMAT = \"v1\"", "FORMAT = \"v2\"")
        .with("DiskEntry.java", "FORMAT = 1", "FORMAT = 2")
        .with("PackedBody.java", "FORMAT = 1", "FORMAT = 2")
        .with("CodeKey.java", "FORMAT = 1", "FORMAT = 2")
        .compile(home.resolve("next"));
  }

  private static String now() {
    return System.getProperty("java.class.path");
  }

  private Path folder() {
    return home.resolve("cache");
  }

  private List<String> run(String classPath, boolean index) throws Exception {
    try (ChildJvm child =
        ChildJvm.start(
            VersionProgram.class,
            classPath,
            List.of(),
            Openings.ofThisJvm(),
            Map.of(),
            folder().toString(),
            Boolean.toString(index))) {
      return child.finish();
    }
  }

  private void assertHot(String classPath, int hot, boolean index) throws Exception {
    List<String> said = run(classPath, index);
    assertThat(said).startsWith("hot " + hot + " of " + VersionProgram.SOURCES);
    assertThat(said).containsAll(CLEAN);
  }

  /** What lies in one version's part, and when it was written. */
  private Map<String, String> files(String version) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (Path file : FolderCheck.files(folder().resolve(version))) {
      String text = Files.getLastModifiedTime(file) + " ";
      files.put(file.toString(), text + java.util.Arrays.hashCode(Files.readAllBytes(file)));
    }
    return files;
  }

  @Test
  void neitherServesNorDeletesWhatIsTheOthers() throws Exception {
    String next = next();
    int all = VersionProgram.SOURCES;
    assertHot(now(), 0, false);
    Map<String, String> before = files("v1");
    assertThat(before).hasSizeGreaterThanOrEqualTo(3 * all);
    assertHot(next, 0, true);
    assertHot(next, all, true);
    assertThat(files("v1")).isEqualTo(before);
    Map<String, String> others = files("v2");
    assertThat(others).hasSizeGreaterThanOrEqualTo(3 * all);
    assertHot(now(), all, true);
    assertThat(files("v2")).isEqualTo(others);
    workTogether(next);
    assertHot(now(), all, false);
    assertHot(next, all, false);
    int refused = swap();
    List<String> said = run(next, false);
    assertThat(said).contains("hot 0 of " + all, "foreign 0", "faults []");
    assertThat(said.get(2).split("FORMAT", -1).length - 1).isGreaterThanOrEqualTo(all);
    assertHot(next, all, false);
    System.out.printf(
        Locale.ROOT, "two formats: both stay hot, %d files of the other one refused%n", refused);
  }

  /** Both versions at once: loads, replaces, invalidates. */
  private void workTogether(String next) throws Exception {
    List<ChildJvm> children = new ArrayList<>();
    for (String classPath : List.of(now(), next, now(), next)) {
      String seed = Integer.toString(children.size());
      children.add(
          ChildJvm.start(
              FolderWorker.class,
              classPath,
              List.of(),
              List.of(),
              Map.of(),
              folder().toString(),
              seed));
    }
    for (ChildJvm child : children) {
      for (int loads = 0; loads < Integer.getInteger("thermae.versions.loads", 20); ) {
        loads += "load".equals(child.next()) ? 1 : 0;
      }
      child.closeInput();
    }
    for (ChildJvm child : children) {
      assertThat(child.finish()).contains("foreign 0", "faults []", "rejections []");
      child.close();
    }
  }

  /** Files of this version under the names of the next one's, as a careless copy leaves them. */
  private int swap() throws IOException {
    int count = 0;
    for (Path file : FolderCheck.entryFiles(folder())) {
      Path other = folder().resolve("v2").resolve(folder().resolve("v1").relativize(file));
      if (Files.exists(other)) {
        Files.copy(file, other, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        count++;
      }
    }
    assertThat(count).isGreaterThanOrEqualTo(VersionProgram.SOURCES);
    return count;
  }
}
