package dev.thermae.testing;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.Seal;
import dev.thermae.code.Shape;
import dev.thermae.code.SigningKeys;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.store.EntryHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A process that attacks a folder in use: it swaps files for links, pipes, forgeries and other
 * files, and folders for links, pipes and other folders, until so many swaps have succeeded.
 */
public final class HostileSwapper {
  /** Where an envelope says what it is attached to. */
  private static final int RESOURCE = 28 + 64;

  private final Path folder;
  private final Path tools;
  private final Path outside;
  private final Random random;
  private final Fingerprint fingerprint = EngineFingerprint.compute(new TextEngine());
  private final Seal stranger =
      Seal.signed(
          SigningKeys.of(5, "a secret that nobody knows".getBytes(StandardCharsets.UTF_8)), "");
  private List<Path> files = List.of();
  private List<Path> folders = List.of();
  private long swapped;

  private HostileSwapper(Path folder, Path tools, Path outside, long seed) {
    this.folder = folder;
    this.tools = tools;
    this.outside = outside;
    this.random = new Random(seed);
  }

  /**
   * Arguments: the folder; one of the attacker's own that holds the pipes {@code open} and {@code
   * closed}; the one that links lead to; the number of swaps; the seed.
   */
  public static void main(String[] arguments) throws Exception {
    HostileSwapper swapper =
        new HostileSwapper(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            Path.of(arguments[2]),
            Long.parseLong(arguments[4]));
    long swaps = Long.parseLong(arguments[3]);
    long tries = 0;
    long late = 0;
    for (; swapper.swapped < swaps && tries < 200 * swaps; tries++) {
      try {
        if (tries % 25 == 0) {
          swapper.look();
        }
        swapper.swap();
      } catch (IOException | RuntimeException e) {
        late++; // the victim was quicker
      }
    }
    ChildJvm.say("swaps " + swapper.swapped + " of " + tries + ", too late for " + late);
  }

  /**
   * An envelope that claims what the one at {@code path} claims, its payload another, under a
   * checksum or another secret of the same id.
   */
  private byte[] forgery(Path path) throws IOException {
    byte[] genuine = Files.readAllBytes(path);
    String name = path.getFileName().toString();
    if (!name.endsWith(".c") || genuine.length < RESOURCE + 32) {
      return "no more than noise".repeat(1 + random.nextInt(99)).getBytes(StandardCharsets.UTF_8);
    }
    Generation generation =
        new Generation(
            Long.parseUnsignedLong(name, 33, 49, 16), Long.parseUnsignedLong(name, 49, 65, 16));
    byte[] resource = Arrays.copyOfRange(genuine, RESOURCE, RESOURCE + 32);
    int number = 0;
    while (number < HostileVictim.sources() - 1
        && !Arrays.equals(resource, EntryHead.hashOf(HostileVictim.key(number)))) {
      number++;
    }
    CodeKey key = new CodeKey("", HostileVictim.source(number), Shape.SCRIPT, fingerprint);
    byte[] payload = "TEXT 1\nforged".getBytes(StandardCharsets.UTF_8);
    return key.seal(
        random.nextBoolean() ? Seal.checksum() : stranger, resource, generation, payload);
  }

  private void look() throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> found = Files.walk(folder)) {
      found.forEach(all::add);
    } catch (java.io.UncheckedIOException e) {
      all.add(folder.resolve("v1/locks"));
    }
    files =
        all.stream().filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).toList();
    folders =
        all.stream()
            .filter(path -> !path.equals(folder) && !path.toString().contains("aside"))
            .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
            .toList();
  }

  private void swap() throws IOException {
    if (random.nextInt(3) == 0 && !folders.isEmpty()) {
      swapFolder(folders.get(random.nextInt(folders.size())));
    } else if (random.nextInt(3) == 0) {
      String[] names = folder.resolve("v1/temporary").toFile().list();
      if (names != null && names.length > 0) {
        swapFile(folder.resolve("v1/temporary").resolve(names[random.nextInt(names.length)]));
      }
    } else if (!files.isEmpty()) {
      swapFile(files.get(random.nextInt(files.size())));
    }
  }

  private Path fresh() {
    return folder.resolve("aside" + random.nextLong());
  }

  private void swapFile(Path path) throws IOException {
    Path made = fresh();
    switch (random.nextInt(8)) {
      case 0, 1 -> Files.createSymbolicLink(made, outside.resolve("open"));
      case 2 -> Files.createLink(made, tools.resolve("open"));
      case 3 -> Files.createLink(made, tools.resolve("closed"));
      case 4 -> Files.createLink(made, outside.resolve("open"));
      case 5 -> forge(path, made);
      case 6 -> copy(files.get(random.nextInt(files.size())), made);
      default -> {
        Files.delete(path);
        swapped++;
        return;
      }
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.delete(made);
      return;
    }
    // Not through a folder that is a link just now: this thread puts folders back before it goes
    // on.
    Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
    swapped++;
  }

  private void forge(Path path, Path made) throws IOException {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("no file");
    }
    Files.write(made, forgery(path));
  }

  /** What lies under one name under another; this attacker is alone, so no pipe comes between. */
  private static void copy(Path from, Path to) throws IOException {
    if (!Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("no file");
    }
    Files.copy(from, to);
  }

  private void swapFolder(Path path) throws IOException {
    Path aside = fresh();
    Path planted = fresh();
    switch (random.nextInt(4)) {
      case 0, 1 -> Files.createSymbolicLink(planted, outside.resolve("folder"));
      case 2 -> Files.createLink(planted, tools.resolve(random.nextBoolean() ? "open" : "closed"));
      default -> {
        Files.createDirectory(planted);
        planted.toFile().setWritable(true, false);
      }
    }
    Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.move(planted, path, StandardCopyOption.ATOMIC_MOVE);
      swapped++;
      linger();
    } finally {
      try {
        Files.move(path, fresh(), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private void linger() {
    long until = System.nanoTime() + random.nextInt(400_000);
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }
}
