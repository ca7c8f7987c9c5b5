package dev.thermae.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/**
 * Takes the engines and our own classes out of the one big jar: programs have them in jars of their
 * own, ours stored and not deflated, and an engine's identity is that of its jar.
 */
final class SplitJars {
  private static final List<String> LIBRARIES =
      List.of(
          "org/mozilla",
          "org/openjdk/nashorn",
          "com/caoccao/javet",
          "com/dylibso/chicory",
          "org/objectweb/asm",
          "io/roastedroot",
          "run/endive",
          "org/codehaus/janino",
          "org/codehaus/commons");

  private SplitJars() {}

  /** A class path with those jars first, or this JVM's own when that is not the one big jar. */
  static String classPath(Path folder) throws IOException {
    String own = ChildJvm.classPath();
    if (!own.endsWith(".jar") || own.contains(java.io.File.pathSeparator)) {
      return own;
    }
    List<String> path = new ArrayList<>();
    Path thermae = folder.resolve("thermae.jar");
    path.add(thermae.toString());
    try (JarFile all = new JarFile(own)) {
      copy(all, "dev/thermae/", thermae, true);
      for (String library : LIBRARIES) {
        Path jar = folder.resolve(library.replace('/', '-') + ".jar");
        copy(all, library + '/', jar, false);
        path.add(jar.toString());
      }
    }
    path.add(own);
    return String.join(java.io.File.pathSeparator, path);
  }

  private static void copy(JarFile from, String prefix, Path to, boolean stored)
      throws IOException {
    try (OutputStream file = Files.newOutputStream(to);
        JarOutputStream out = new JarOutputStream(file)) {
      for (JarEntry entry : from.stream().filter(e -> e.getName().startsWith(prefix)).toList()) {
        JarEntry copy = new JarEntry(entry.getName());
        if (stored) {
          copy.setMethod(ZipEntry.STORED);
          copy.setSize(entry.getSize());
          copy.setCrc(entry.getCrc());
        }
        out.putNextEntry(copy);
        from.getInputStream(entry).transferTo(out);
        out.closeEntry();
      }
    }
  }
}
