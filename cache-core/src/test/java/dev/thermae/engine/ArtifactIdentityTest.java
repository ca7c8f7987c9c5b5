package dev.thermae.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArtifactIdentityTest {
  @TempDir Path folder;

  private Path jar(String name, long time, String comment, String... entries) throws IOException {
    Path jar = folder.resolve(name);
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.setComment(comment);
      for (int i = 0; i < entries.length; i += 2) {
        ZipEntry entry = new ZipEntry(entries[i]);
        entry.setTime(time);
        zip.putNextEntry(entry);
        zip.write(entries[i + 1].getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return jar;
  }

  private static String digest(Path artifact) {
    return ArtifactDigest.of(artifact.toFile());
  }

  private static String surroundings(Path artifact) {
    return ArtifactIdentity.surroundings(artifact.toFile());
  }

  @Test
  void knowsTheJarOfAClass() {
    assertThat(ArtifactIdentity.surroundings(Test.class)).startsWith("jar ");
    assertThat(ArtifactIdentity.digest(Test.class)).matches("sha256:[0-9a-f]{64}");
  }

  @Test
  void knowsTheFolderOfAClass() {
    assertThat(ArtifactIdentity.surroundings(ArtifactIdentityTest.class)).startsWith("folder ");
    assertThat(ArtifactIdentity.digest(ArtifactIdentityTest.class)).startsWith("sha256:");
  }

  @Test
  void doesNotKnowThePlaceOfTheJdk() {
    assertThat(ArtifactIdentity.surroundings(String.class)).isNull();
    assertThat(ArtifactIdentity.digest(String.class)).isNull();
  }

  @Test
  void ignoresTimesOrderAndComment() throws IOException {
    Path one = jar("one.jar", 0, "", "a", "1", "b", "2");
    Path other = jar("other.jar", 1_000_000_000_000L, "comment PK\5\6", "b", "2", "a", "1");

    assertThat(digest(one)).isNotNull().isEqualTo(digest(other));
    assertThat(surroundings(one)).isNotNull().isNotEqualTo(surroundings(other));
  }

  @Test
  void seesContentsAndNames() throws IOException {
    Path one = jar("one.jar", 0, "", "a", "1", "b", "2");

    assertThat(digest(jar("content.jar", 0, "", "a", "1", "b", "3"))).isNotEqualTo(digest(one));
    assertThat(digest(jar("name.jar", 0, "", "a", "1", "c", "2"))).isNotEqualTo(digest(one));
    assertThat(digest(jar("more.jar", 0, "", "a", "1", "b", "2", "c", "")))
        .isNotEqualTo(digest(one));
    assertThat(surroundings(jar("content.jar", 0, "", "a", "1", "b", "3")))
        .isNotEqualTo(surroundings(one));
  }

  @Test
  void seesContentsAndNamesInAFolder() throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes/p"));
    Files.writeString(classes.resolve("A.class"), "a");
    Path root = folder.resolve("classes");
    String digest = digest(root);
    String surroundings = surroundings(root);

    Files.writeString(classes.resolve("A.class"), "b");

    assertThat(digest(root)).isNotNull().isNotEqualTo(digest);
    assertThat(surroundings(root)).isNotNull().isNotEqualTo(surroundings);
    Files.move(classes.resolve("A.class"), classes.resolve("B.class"));
    assertThat(digest(root)).isNotEqualTo(digest);
  }

  @Test
  void doesNotKnowWhatIsNoJar() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jar"), "not a jar".repeat(20));
    Path empty = Files.writeString(folder.resolve("empty.jar"), "");
    Path cut = jar("cut.jar", 0, "", "a", "1");
    byte[] bytes = Files.readAllBytes(cut);
    Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length - 1));

    for (Path each : new Path[] {text, empty, cut, folder.resolve("absent.jar")}) {
      assertThat(surroundings(each)).as(each.toString()).isNull();
      assertThat(digest(each)).as(each.toString()).isNull();
    }
  }
}
