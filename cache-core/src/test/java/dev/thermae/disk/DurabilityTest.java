package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.DurableProgram;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the system is asked to force to the device, and when: read from its own trace. */
class DurabilityTest {
  private static final String CALLS = "trace=fsync,fdatasync,rename,renameat,renameat2";
  private static final Pattern FORCE = Pattern.compile("f(?:data)?sync\\(\\d+<([^>]*)>\\) += 0");
  private static final Pattern RENAME =
      Pattern.compile("rename\\(\"([^\"]*)\", \"([^\"]*)\"\\) += 0");

  @TempDir Path home;

  private static boolean isOnThePath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Forced files and folders, and renames, in their order. */
  private List<String> trace(Durability durability) throws Exception {
    Path log = home.resolve("trace");
    assumeTrue(isOnThePath("strace"), "strace is not on the path");
    try (ChildJvm child =
        ChildJvm.start(
            DurableProgram.class,
            System.getProperty("java.class.path"),
            List.of("strace", "-f", "-qq", "-y", "-e", CALLS, "-o", log.toString()),
            List.of(),
            Map.of(),
            home.resolve("cache").toString(),
            durability.name())) {
      assertThat(child.finish()).containsExactly("stored");
    }
    List<String> calls = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      Matcher force = FORCE.matcher(line);
      Matcher rename = RENAME.matcher(line);
      if (force.find()) {
        calls.add("force " + name(force.group(1)));
      } else if (rename.find()) {
        calls.add("rename " + name(rename.group(1)) + ' ' + name(rename.group(2)));
      }
    }
    return calls;
  }

  private static String name(String file) {
    if (file.endsWith(".t")) {
      return "temporary";
    }
    if (Files.isDirectory(Path.of(file))) {
      return "folder";
    }
    return file.contains("/fingerprints/") ? "record" : file.substring(file.lastIndexOf('.') + 1);
  }

  @Test
  void renamingForcesNothing() throws Exception {
    assertThat(trace(Durability.RENAME))
        .containsExactly(
            "rename temporary b",
            "rename temporary h",
            "rename temporary c",
            "rename temporary record");
  }

  /** A file before it has its name, its name before anything that tells of it is written. */
  @Test
  void forcingForcesFilesBeforeTheirNames() throws Exception {
    assertThat(trace(Durability.FSYNC))
        .containsExactly(
            "force temporary",
            "rename temporary b",
            "force folder",
            "force folder",
            "force folder",
            "force folder",
            "force temporary",
            "rename temporary h",
            "force folder",
            "force temporary",
            "rename temporary c",
            "force folder",
            "force temporary",
            "rename temporary record",
            "force folder",
            "force folder",
            "force folder",
            "force folder");
  }

  /** The folder is made in between, and its name must last as well. */
  @Test
  void bothKeepTheSame() throws Exception {
    for (Durability durability : Durability.values()) {
      Path folder = home.resolve(durability.name());
      DurableProgram.main(new String[] {folder.toString(), durability.name()});
      FolderCheck.noTemporaries(folder);
      FolderCheck.everyHeadHasItsBody(folder);
      assertThat(FolderCheck.entryFiles(folder)).hasSize(3);
    }
  }

  /** An interrupted thread may store, and stays interrupted. */
  @Test
  void interruptionIsKept() throws Exception {
    Path folder = home.resolve("cache");
    Thread.currentThread().interrupt();
    try {
      DurableProgram.main(new String[] {folder.toString(), "FSYNC"});
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(FolderCheck.entryFiles(folder)).hasSize(3);
  }
}
