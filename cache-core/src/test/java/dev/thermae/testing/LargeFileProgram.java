package dev.thermae.testing;

import dev.thermae.CodeCache;
import dev.thermae.code.Source;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Loads twice, and once more after the files of one kind have grown beyond the heap. */
public final class LargeFileProgram {
  private LargeFileProgram() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    TextEngine engine = new TextEngine();
    ChildJvm.say(load(folder, engine));
    ChildJvm.say(load(folder, engine));
    for (Path file : files(folder, args[1])) {
      try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
        grown.setLength(Long.parseLong(args[2]));
      }
    }
    ChildJvm.say(load(folder, engine));
  }

  private static List<Path> files(Path folder, String end) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(end)).toList();
    }
  }

  private static String load(Path folder, TextEngine engine) {
    try (CodeCache cache =
        CodeCache.builder().directory(folder).policy(CachePolicy.eager()).build()) {
      return cache.compile(engine, Source.of("a.txt", "text")).temperature().name();
    } catch (OutOfMemoryError e) {
      return e.toString();
    }
  }
}
