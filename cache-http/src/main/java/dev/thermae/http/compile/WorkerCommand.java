package dev.thermae.http.compile;

import dev.thermae.engine.Engine;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** How the JVM of a worker is started. Stateless. */
final class WorkerCommand {
  private static final String MAIN = CompileWorker.class.getName();

  /** Of the environment, only how the names of files are written, and what Windows needs. */
  private static final Set<String> ENVIRONMENT = Set.of("LANG", "LC_ALL", "LC_CTYPE", "SystemRoot");

  private WorkerCommand() {}

  /** A process that is not started, to run in a folder of its own. */
  static ProcessBuilder in(Path folder, WorkerSettings settings) throws IOException {
    List<String> command = new ArrayList<>(lowered(settings.niceness(), System.getenv("PATH")));
    command.add(settings.java().toString());
    command.addAll(
        List.of(
            "-Xmx" + Math.max(8 << 10, settings.heapBytes() >> 10) + "k",
            "-Xss8m",
            "-XX:MaxMetaspaceSize=256m",
            "-XX:MaxDirectMemorySize=64m",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+DisplayVMOutputToStderr", // or its last words would be read as a frame
            "-XX:-CreateCoredumpOnCrash",
            "-XX:-UsePerfData",
            "-XX:+DisableAttachMechanism",
            "-Dfile.encoding=UTF-8",
            "-Djava.awt.headless=true",
            "-Djava.io.tmpdir=" + folder,
            "-Duser.home=" + folder,
            "-Dgroovy.grape.enable=false"));
    command.addAll(settings.jvmOptions());
    command.addAll(List.of("-cp", classPath(settings.enginePath()), MAIN, folder.toString()));
    command.add(Integer.toString(settings.longestRequest()));
    command.addAll(settings.engines());
    ProcessBuilder process = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> environment = process.environment();
    environment.keySet().retainAll(ENVIRONMENT);
    return process;
  }

  /**
   * The words that start a program with a lower priority: {@code nice} of POSIX, which becomes the
   * program, so that its process is the worker's. None where it is not found: it only helps others.
   *
   * @param path folders of programs
   */
  static List<String> lowered(int niceness, @Nullable String path) {
    if (niceness == 0 || path == null) {
      return List.of();
    }
    for (String folder : path.split(File.pathSeparator, -1)) {
      File nice = new File(folder, "nice"); // a Path would not take every text
      if (nice.isAbsolute() && nice.isFile() && nice.canExecute()) {
        return List.of(nice.getPath(), "-n", Integer.toString(niceness));
      }
    }
    return List.of();
  }

  /**
   * The engines' own, and what a worker is made of behind it, unless it is there already: what a
   * compiler sees is part of its fingerprint, so a fleet's class path, given whole, stays as it is.
   */
  static String classPath(List<Path> enginePath) throws IOException {
    if (enginePath.isEmpty()) {
      return absolute(System.getProperty("java.class.path"));
    }
    Set<String> places = new LinkedHashSet<>();
    boolean whole = false;
    for (Path place : enginePath) {
      places.add(place.toAbsolutePath().toString());
      whole |= holdsWorker(place);
    }
    if (!whole) {
      places.add(placeOf(Engine.class).toString());
      places.add(placeOf(CompileWorker.class).toString());
    }
    return String.join(File.pathSeparator, places);
  }

  private static String absolute(String classPath) {
    List<String> places = new ArrayList<>();
    for (String place : classPath.split(File.pathSeparator, -1)) {
      if (!place.isEmpty()) {
        places.add(Path.of(place).toAbsolutePath().toString());
      }
    }
    return String.join(File.pathSeparator, places);
  }

  private static boolean holdsWorker(Path place) throws IOException {
    String name = MAIN.replace('.', '/') + ".class";
    if (Files.isDirectory(place)) {
      return Files.exists(place.resolve(name));
    }
    try (ZipFile jar = new ZipFile(place.toFile())) {
      return jar.getEntry(name) != null;
    } catch (IOException e) {
      throw new IOException("no jar or folder of engines: " + place, e);
    }
  }

  private static Path placeOf(Class<?> type) throws IOException {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL place = source == null ? null : source.getLocation();
    try {
      if (place != null) {
        return Path.of(place.toURI());
      }
    } catch (URISyntaxException | RuntimeException e) {
      throw new IOException("a worker cannot be started from " + place, e);
    }
    throw new IOException("a worker cannot be started: nobody knows where " + type + " is from");
  }
}
