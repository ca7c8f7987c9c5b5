package dev.thermae.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** This software as it is not: compiled from its sources with some of their text replaced. */
public final class ChangedBuild {
  private static final Path SOURCES = Path.of("src", "main", "java");

  private final Map<String, List<String[]>> changes = new HashMap<>();

  /** In the file of that name, {@code from} becomes {@code to}; it must be there once. */
  public ChangedBuild with(String file, String from, String to) {
    changes.computeIfAbsent(file, name -> new ArrayList<>()).add(new String[] {from, to});
    return this;
  }

  /** Whether there are sources and a compiler here. */
  public static boolean isPossible() {
    return Files.isDirectory(SOURCES) && ToolProvider.getSystemJavaCompiler() != null;
  }

  /** Compiles into {@code folder}; answers the class path with it in front. */
  public String compile(Path folder) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("sources"));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    List<String> arguments = new ArrayList<>();
    String classPath = System.getProperty("java.class.path");
    arguments.addAll(List.of("-nowarn", "-proc:none", "-g", "--release", "17"));
    arguments.addAll(List.of("-cp", classPath, "-d", classes.toString()));
    int made = 0;
    try (Stream<Path> all = Files.walk(SOURCES)) {
      for (Path source : all.filter(file -> file.toString().endsWith(".java")).toList()) {
        String name = source.getFileName().toString();
        if (changes.containsKey(name)) {
          Path copy = Files.createDirectories(sources.resolve("" + made++)).resolve(name);
          Files.writeString(copy, changed(source, changes.get(name)));
          arguments.add(copy.toString());
        } else {
          arguments.add(source.toString());
        }
      }
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (made != changes.size()
        || compiler.run(null, null, null, arguments.toArray(new String[0])) != 0) {
      throw new AssertionError("the changed sources do not compile, or are not there: " + changes);
    }
    return classes + File.pathSeparator + classPath;
  }

  private static String changed(Path source, List<String[]> edits) throws IOException {
    String text = Files.readString(source, StandardCharsets.UTF_8);
    for (String[] edit : edits) {
      int at = text.indexOf(edit[0]);
      if (at < 0 || text.indexOf(edit[0], at + 1) >= 0) {
        throw new AssertionError(source + " does not hold once: " + edit[0]);
      }
      text = text.replace(edit[0], edit[1]);
    }
    return text;
  }
}
