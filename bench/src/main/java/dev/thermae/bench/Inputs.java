package dev.thermae.bench;

import dev.thermae.code.SourceSet;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * What is loaded: sources that lie in the benchmark jar, and files out of npm packages, which npm
 * and tar fetch once.
 */
final class Inputs {
  private final PrintStream out;
  private final Path folder;

  /** {@code folder} keeps what npm fetched. */
  Inputs(PrintStream out, Path folder) {
    this.out = out;
    this.folder = folder;
  }

  /**
   * A file out of a package.
   *
   * @param packed name and version
   * @param digest SHA-256 of the file, in hexadecimal
   */
  byte[] npm(String packed, String path, String digest) throws Exception {
    String plain = packed.replaceAll("[^A-Za-z0-9.]+", "-").replaceAll("^-", "");
    Path file = folder.resolve(plain).resolve("package").resolve(path);
    if (!Files.exists(file)) {
      out.println("npm pack " + packed);
      Path unpacked = Files.createDirectories(folder.resolve(plain));
      call(unpacked, "npm", "pack", "--silent", packed);
      File[] archives = unpacked.toFile().listFiles((in, name) -> name.endsWith(".tgz"));
      if (archives == null || archives.length != 1) {
        throw new IOException("npm gave no archive of " + packed);
      }
      call(unpacked, "tar", "xzf", archives[0].getName(), "package/" + path);
    }
    byte[] bytes = Files.readAllBytes(file);
    String found = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    if (!found.equals(digest)) {
      throw new IOException(packed + " holds other bytes as " + path + ": " + found);
    }
    return bytes;
  }

  private static void call(Path in, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(in.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("failed: " + String.join(" ", List.of(command)));
    }
  }

  /** The sources in the benchmark jar below a path, as one set. */
  byte[] sources(String below, String end) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (String each : ChildJvm.classPath().split(File.pathSeparator, -1)) {
      if (each.endsWith(".jar")) {
        try (JarFile jar = new JarFile(each)) {
          add(files, jar, below, end);
        }
      }
    }
    if (files.isEmpty()) {
      throw new IOException("not on the class path: " + below + "**" + end);
    }
    return SourceSet.of("set", files).bytes();
  }

  private static void add(Map<String, String> files, JarFile jar, String below, String end)
      throws IOException {
    for (JarEntry entry : jar.stream().toList()) {
      String name = entry.getName();
      if (name.startsWith(below) && name.endsWith(end) && !name.endsWith("-info.java")) {
        try (InputStream in = jar.getInputStream(entry)) {
          files.put(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
  }
}
