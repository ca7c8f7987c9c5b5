package dev.thermae.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Child processes under other users, which only root can start, through {@code setpriv}. They run
 * our classes alone, from a copy that they may read.
 */
public final class OtherUser {
  private final int uid;
  private final int group;
  private final Path classes;

  private OtherUser(int uid, int group, Path classes) {
    this.uid = uid;
    this.group = group;
    this.classes = classes;
  }

  /** Whether there are other users to be had here. */
  public static boolean isPossible() throws IOException {
    return Files.isDirectory(Path.of("/proc/self"))
        && (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0
        && Files.isExecutable(Path.of("/usr/bin/setpriv"));
  }

  /** Copies our classes into {@code folder}, where everybody may read them. */
  public static Path classesIn(Path folder) throws IOException {
    Path copy = Files.createDirectories(folder.resolve("classes"));
    String own = System.getProperty("surefire.test.class.path", "");
    String path = own.isEmpty() ? System.getProperty("java.class.path") : own;
    for (String element : path.split(File.pathSeparator, -1)) {
      Path from = Path.of(element);
      if (Files.isDirectory(from) && Files.isDirectory(from.resolve("dev/thermae"))) {
        copy(from, copy);
      }
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path1 : all.toList()) {
        Files.setAttribute(path1, "unix:mode", Files.isDirectory(path1) ? 0755 : 0644);
      }
    }
    return copy;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.filter(file -> file.toString().endsWith(".class")).toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        Files.createDirectories(target.getParent());
        Files.copy(path, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** A user with a group of the same number. */
  public static OtherUser of(int uid, Path classes) {
    return new OtherUser(uid, uid, classes);
  }

  /** The same user, in one more group. */
  public OtherUser in(int extra) {
    return new OtherUser(uid, extra, classes);
  }

  /** Starts {@code main} as this user. */
  public ChildJvm start(Class<?> main, String... arguments) throws IOException {
    List<String> prefix = new ArrayList<>(prefix());
    return ChildJvm.start(prefix, classes.toString(), main, arguments);
  }

  private List<String> prefix() {
    List<String> prefix =
        new ArrayList<>(List.of("/usr/bin/setpriv", "--reuid=" + uid, "--regid=" + uid));
    prefix.add(group == uid ? "--clear-groups" : "--groups=" + group);
    return prefix;
  }

  /** Runs a command as this user, and waits for its end. */
  public void run(String... command) throws IOException, InterruptedException {
    List<String> all = prefix();
    all.addAll(List.of(command));
    Process process =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(all + " failed");
    }
  }

  /** Gives a path, and all below it, to this user. */
  public void own(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path below : all.toList()) {
        Files.setAttribute(below, "unix:uid", uid, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(below, "unix:gid", uid, java.nio.file.LinkOption.NOFOLLOW_LINKS);
      }
    }
  }
}
