package dev.thermae.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that can be seen is told, and nothing but that. */
class ClassPathIdentityTest {
  @TempDir Path folder;

  private File jar(String name, String classPath, String content) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (!classPath.isEmpty()) {
      manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      jar.putNextEntry(new JarEntry("content"));
      jar.write(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    return file.toFile();
  }

  private static List<String> told(File jar) {
    return List.of(
        String.valueOf(ClassPathIdentity.surroundings(List.of(jar))),
        String.valueOf(ClassPathIdentity.digest(List.of(jar))));
  }

  @Test
  void jarsThatAJarNamesArePartOfIt() throws Exception {
    File main = jar("main.jar", "lib/one.jar lib/missing.jar", "main");
    jar("lib/one.jar", "two.jar ../main.jar", "one");
    jar("lib/two.jar", "", "two");
    List<String> before = told(main);

    assertThat(told(main)).isEqualTo(before).doesNotContain("null");
    jar("lib/two.jar", "", "other");
    List<String> changed = told(main);
    assertThat(changed).doesNotContainAnyElementsOf(before);
    jar("lib/missing.jar", "", "there");
    assertThat(told(main)).doesNotContainAnyElementsOf(changed);
  }

  @Test
  void jarsThatAreInNoFileCannotBeTold() throws Exception {
    assertThat(told(jar("main.jar", "http://host/a.jar", "main"))).containsExactly("null", "null");
  }
}
