package dev.thermae.cli;

import com.typesafe.config.Config;
import dev.thermae.code.Ed25519KeyFolder;
import dev.thermae.code.Ed25519SigningKey;
import dev.thermae.http.compile.CompileWorkers;
import dev.thermae.http.compile.CompileWorkersBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How {@code serve} makes code, and signs it. Stateless. */
final class CompileSettings {
  static final String ENGINES = "compile.engines";
  static final String ENGINE_PATH = "compile.engine-path";
  private static final String KEY = "compile.signing-key";
  private static final String NUMBER = "compile.signing-key-id";

  private CompileSettings() {}

  /**
   * Those who compile; null without engines.
   *
   * @throws IllegalArgumentException when something is wrong, saying where
   */
  static @Nullable CompileWorkersBuilder workers(Config all) {
    List<String> engines = Settings.words(all, ENGINES);
    if (engines.isEmpty()) {
      return null;
    }
    if (all.getIsNull(KEY)) {
      throw new IllegalArgumentException(
          "code is handed out signed: where engines are named, a --signing-key is needed, or "
              + KEY
              + "; 'thermae keys pair DIR' makes one");
    }
    CompileWorkersBuilder workers =
        Settings.at(all, ENGINES, () -> CompileWorkers.builder(engines.toArray(new String[0])));
    each(all, "engine-path", at -> workers.enginePath(places(Settings.words(all, at))));
    each(all, "heap", at -> workers.heapBytes(all.getBytes(at)));
    each(all, "niceness", at -> workers.niceness(all.getInt(at)));
    each(all, "workers", at -> workers.workers(all.getInt(at)));
    each(all, "time", at -> workers.time(all.getDuration(at)));
    each(all, "queue", at -> workers.queue(all.getInt(at)));
    return workers.warm(true);
  }

  /** One setting, so that what is wrong with it is told of it alone. */
  private static void each(Config all, String name, Function<String, CompileWorkersBuilder> taken) {
    String path = "compile." + name;
    Settings.at(all, path, () -> taken.apply(path));
  }

  /** Each word may be several places, written as a class path is. */
  private static List<Path> places(List<String> words) {
    List<Path> places = new ArrayList<>();
    for (String word : words) {
      for (String place : word.split(File.pathSeparator, -1)) {
        if (!Files.exists(Path.of(place))) {
          throw new IllegalArgumentException("nothing is at " + place);
        }
        places.add(Path.of(place));
      }
    }
    return places;
  }

  /**
   * What code is signed with; null without. Its number is set, or part of its file's name.
   *
   * @throws IllegalArgumentException when it is no key, saying where it was set and what to do
   */
  static @Nullable Ed25519SigningKey signingKey(Config all) {
    Path file = Settings.path(all, KEY);
    if (file == null) {
      return null;
    }
    int number =
        all.getIsNull(NUMBER)
            ? Ed25519KeyFolder.number(file)
            : Settings.at(all, NUMBER, () -> number(all.getInt(NUMBER)));
    return Settings.at(all, KEY, () -> read(number, file));
  }

  private static int number(int given) {
    if (given < 1) {
      throw new IllegalArgumentException("a key's number is 1 and more, not " + given);
    }
    return given;
  }

  private static Ed25519SigningKey read(int number, Path file) {
    try {
      return Ed25519SigningKey.read(number, file);
    } catch (IOException e) {
      String remedy = Files.exists(file) ? "" : "; 'thermae keys pair DIR' makes one";
      throw new IllegalArgumentException(e.getMessage() + remedy, e);
    }
  }
}
