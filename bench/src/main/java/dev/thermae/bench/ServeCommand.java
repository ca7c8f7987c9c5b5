package dev.thermae.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How {@code thermae serve} is started. Immutable. */
final class ServeCommand {
  /** What it prints when it takes requests begins so. */
  static final String READY = "thermae: http";

  private final List<String> program;

  private ServeCommand(List<String> program) {
    this.program = List.copyOf(program);
  }

  /** The command's jar. */
  static ServeCommand jar(Path jar) {
    return new ServeCommand(List.of(ChildJvm.java(), "-jar", jar.toString()));
  }

  /** The words of the command: in front of {@code origin}, with its cache in {@code folder}. */
  List<String> words(String origin, int port, Path folder, String... options) {
    List<String> words = new ArrayList<>(program);
    words.addAll(List.of("serve", "--origin", origin, "--port", Integer.toString(port)));
    words.addAll(List.of("--dir", folder.resolve("cache").toString()));
    words.addAll(List.of(options));
    return words;
  }

  /**
   * Starts it and waits until it says that it is ready.
   *
   * @param name of its log and its settings in {@code folder}
   * @param settings lines of a file for {@code --config}
   */
  ServerProcess start(
      String name, String origin, int port, Path folder, String settings, String... options)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve(name + ".conf"), settings);
    List<String> words = words(origin, port, folder, options);
    words.addAll(List.of("--config", file.toString()));
    return ServerProcess.start(name, port, folder.resolve(name + ".log"), words)
        .awaitPrinted(READY);
  }
}
