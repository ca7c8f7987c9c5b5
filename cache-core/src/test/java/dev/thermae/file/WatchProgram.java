package dev.thermae.file;

import dev.thermae.CodeCache;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.TextEngine;
import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads a file that changes, watching unless told otherwise; says why it does not, and results. */
final class WatchProgram {
  private WatchProgram() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path file = folder.resolve("program.txt");
    Files.writeString(file, "one");
    try (CodeCache cache = CodeCache.builder().directory(folder.resolve("cache")).build();
        FileLoader<TextUnit> loader = loader(cache, folder, arguments.length == 1)) {
      ChildJvm.say(loader.load(file).code().text());
      Files.writeString(file, "two");
      ChildJvm.say(loader.load(file).code().text());
    }
  }

  private static FileLoader<TextUnit> loader(CodeCache cache, Path folder, boolean watches) {
    FileLoader.Builder<TextUnit> builder = FileLoader.builder(cache, new TextEngine());
    return watches ? builder.watch(folder).listener(new Stops()).build() : builder.build();
  }

  private static final class Stops implements FileListener {
    @Override
    public void onChange(Path file, FileChange change) {
      ChildJvm.say(change + " " + file);
    }

    @Override
    public void onStopped(WatchStoppedException reason) {
      ChildJvm.say(reason.fault().name());
    }
  }
}
