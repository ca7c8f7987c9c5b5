package dev.thermae.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a stored script that a hot load reads. */
record StoredFiles(File head, File code) {

  /** Those of all entries in a folder. */
  static List<StoredFiles> in(Path folder) throws IOException {
    Map<String, File> heads = new TreeMap<>();
    Map<String, File> codes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".h")) {
          heads.put(name.substring(0, name.indexOf('.')), file.toFile());
        } else if (name.endsWith(".c")) {
          codes.put(name.substring(0, name.indexOf('.')), file.toFile());
        }
      }
    }
    List<StoredFiles> all = new ArrayList<>();
    for (Map.Entry<String, File> head : heads.entrySet()) {
      all.add(new StoredFiles(head.getValue(), codes.get(head.getKey())));
    }
    return all;
  }
}
