package dev.thermae.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a folder takes on disk.
 *
 * @param allocated bytes in blocks, folders included, as {@code du} says
 * @param logical lengths of all files
 * @param code lengths of our files of code, without the copy of the source; 0 where none is ours
 * @param files how many
 */
record DiskUse(long allocated, long logical, long code, int files) {
  static DiskUse of(Path folder) throws IOException, InterruptedException {
    try (Stream<Path> paths = Files.walk(folder)) {
      List<Path> files = paths.filter(Files::isRegularFile).toList();
      long logical = 0;
      long code = 0;
      for (Path file : files) {
        logical += Files.size(file);
        code += file.toString().endsWith(".c") ? Files.size(file) : 0;
      }
      return new DiskUse(allocated(folder), logical, code, files.size());
    }
  }

  private static long allocated(Path folder) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("du", "-sk", folder.toString()).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("du failed");
    }
    return Long.parseLong(said.substring(0, said.indexOf('\t'))) * 1024;
  }
}
