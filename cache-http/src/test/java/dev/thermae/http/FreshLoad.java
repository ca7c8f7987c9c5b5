package dev.thermae.http;

import java.nio.file.Path;

/** A program that loads one script that is hot, as a new process does. */
final class FreshLoad {
  private FreshLoad() {}

  /** Folder and URL. */
  public static void main(String[] arguments) throws Exception {
    CodeLoader<String> loader =
        CodeLoader.builder(new TextEngine()).directory(Path.of(arguments[0])).build();
    if (arguments.length > 2) {
      Thread.currentThread().interrupt();
    }
    var unit = loader.load(arguments[1]);
    System.out.println(unit.temperature());
    System.out.println(Thread.currentThread().isInterrupted());
    Runtime.getRuntime().halt(0);
  }
}
