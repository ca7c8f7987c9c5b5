package dev.thermae.testing;

import dev.thermae.disk.DiskInspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder that no cache has any business in: links lead there, and every change is noticed. */
public final class OutsideWorld {
  private final Path folder;
  private final Map<String, byte[]> before;

  private OutsideWorld(Path folder) throws IOException {
    this.folder = folder;
    this.before = state();
  }

  /**
   * Fills {@code folder}: a file that all may write, so that all may link it, and a folder with
   * files that bear names of a cache's. {@code owner} could write it all.
   */
  public static OutsideWorld in(Path folder, OtherUser owner) throws IOException {
    Path inner = Files.createDirectories(folder.resolve("folder"));
    Files.writeString(folder.resolve("open"), "nobody's business");
    for (String name : List.of("locks", "usage", "a", DiskInspection.slotId("a slot") + ".s")) {
      Files.writeString(inner.resolve(name), "something of " + name);
    }
    if (owner != null) {
      owner.own(folder);
    }
    Files.setAttribute(folder.resolve("open"), "unix:mode", 0666);
    return new OutsideWorld(folder);
  }

  /** The same folder as it is now. */
  public OutsideWorld now() throws IOException {
    return new OutsideWorld(folder);
  }

  public Path folder() {
    return folder;
  }

  private Map<String, byte[]> state() throws IOException {
    Map<String, byte[]> state = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.toList()) {
        Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        state.put(path + " " + mode, file ? Files.readAllBytes(path) : new byte[0]);
      }
    }
    return state;
  }

  /** What is other than it was: names that came, went, or hold other bytes. */
  public List<String> changes() throws IOException {
    Map<String, byte[]> now = state();
    List<String> changes = new ArrayList<>();
    for (Map.Entry<String, byte[]> known : before.entrySet()) {
      byte[] bytes = now.remove(known.getKey());
      if (bytes == null) {
        changes.add("gone: " + known.getKey());
      } else if (!Arrays.equals(bytes, known.getValue())) {
        changes.add("changed: " + known.getKey());
      }
    }
    now.keySet().forEach(name -> changes.add("new: " + name));
    return changes;
  }
}
