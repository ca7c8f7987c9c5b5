package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.testing.ChangedBuild;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.FolderWorker;
import dev.thermae.testing.Openings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A rig that cannot fail shows nothing: each is run over a build that has its bug. */
@EnabledIfSystemProperty(named = "thermae.planted", matches = "true")
class PlantedBugsTest {
  private static final String[] IN_MEMORY = {"20000", "2000", "7"};

  @TempDir Path home;

  private static final ChangedBuild WHOLE = new ChangedBuild();

  /** What a rig says over a changed build, or how it died. */
  private String run(ChangedBuild build, Class<?> rig, String... arguments) throws Exception {
    String classPath = build.compile(home);
    try (ChildJvm child =
        ChildJvm.start(rig, classPath, List.of(), Openings.ofThisJvm(), Map.of(), arguments)) {
      return String.join("\n", child.finish()) + child.noise();
    } catch (AssertionError e) {
      return "caught: " + e.getMessage();
    }
  }

  private static Class<?> rig(String name) throws ClassNotFoundException {
    return Class.forName("dev.thermae.disk." + name);
  }

  private String[] index() {
    return new String[] {home.resolve("cache").toString(), "50", "20", "7"};
  }

  private static void assertCaught(String bug, String said, String... signs) {
    String line = said.lines().filter(one -> one.contains("Error")).findFirst().orElse(said);
    System.out.println(bug + ": " + line.substring(0, Math.min(200, line.length())));
    assertThat(said).startsWith("caught: ");
    assertThat(said).containsAnyOf(signs);
  }

  @Test
  void withoutABugTheRigsPass() throws Exception {
    assertThat(run(WHOLE, rig("DamageRig"), IN_MEMORY)).contains("0 wrong");
    assertThat(run(WHOLE, rig("IndexDamageRig"), index())).contains("0 wrong, 0 crashes");
  }

  @Test
  void aSealThatIsNotChecked() throws Exception {
    ChangedBuild build = new ChangedBuild().with("SealedFile.java", "refused != null", "false");
    assertCaught(
        "no seal check",
        run(build, rig("DamageRig"), IN_MEMORY),
        "accepted a bad",
        "before it was");
  }

  @Test
  void aSealThatIsCheckedLast() throws Exception {
    ChangedBuild build =
        new ChangedBuild()
            .with("SealedFile.java", "refused != null", "refused == Rejection.KEY")
            .with(
                "SealedFile.java",
                "return new SealedFile(bytes, ends, null, \"\");",
                "return refused != null ? rejected(refused, \"\")"
                    + " : new SealedFile(bytes, ends, null, \"\");");
    assertCaught(
        "seal checked last",
        run(build, rig("DamageRig"), IN_MEMORY),
        "read before it was verified");
  }

  @Test
  void anIndexWithoutItsSeal() throws Exception {
    ChangedBuild build =
        new ChangedBuild()
            .with(
                "IndexFiles.java",
                "boolean holds = seal != null && file.exists()"
                    + " && Arrays.equals(seal, sealOf(file));",
                "boolean holds = file.exists();");
    assertCaught(
        "an unsealed index kept",
        run(build, rig("IndexDamageRig"), index()),
        "gave",
        "exit",
        "no index",
        "hangs");
  }

  @Test
  void filesThatAreNotRenamed() throws Exception {
    String classPath =
        new ChangedBuild()
            .with(
                "Publisher.java",
                "File temporary = temporary(temporaries);",
                "File temporary = target; folder(target.getParentFile());")
            .compile(home);
    List<ChildJvm> children = new ArrayList<>();
    for (String seed : List.of("1", "2", "3", "4")) {
      String folder = home.resolve("cache").toString();
      children.add(
          ChildJvm.start(
              FolderWorker.class, classPath, List.of(), List.of(), Map.of(), folder, seed));
    }
    List<String> said = new ArrayList<>();
    for (ChildJvm child : children) {
      for (int loads = 0; loads < 1_000; loads++) {
        child.next();
      }
      child.closeInput();
    }
    for (ChildJvm child : children) {
      try {
        said.addAll(child.finish());
      } catch (AssertionError e) {
        said.add("caught: " + e.getMessage());
      }
      child.close();
    }
    said.removeIf(line -> !line.startsWith("rejections [") && !line.startsWith("caught"));
    System.out.println("no rename: " + said.toString().substring(0, 150));
    assertThat(said).anyMatch(line -> !line.equals("rejections []"));
  }
}
