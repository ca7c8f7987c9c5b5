package dev.thermae.engine;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/** The jars and folders that jars of a class path name in their manifests. Stateless. */
final class ManifestPath {
  private ManifestPath() {}

  /** {@code places} and all that they name, each once; null where one of those is in no file. */
  static @Nullable List<File> withNamed(List<File> places) {
    List<File> all = new ArrayList<>(places);
    Set<File> seen = new HashSet<>();
    for (File each : places) {
      seen.add(each.getAbsoluteFile());
    }
    for (int i = 0; i < all.size(); i++) {
      List<File> named = named(all.get(i));
      if (named == null) {
        return null;
      }
      for (File each : named) {
        if (seen.add(each)) {
          all.add(each);
        }
      }
    }
    return all;
  }

  private static @Nullable List<File> named(File place) {
    if (!place.isFile()) {
      return List.of();
    }
    String path;
    try {
      path = classPath(place);
    } catch (IOException e) {
      return List.of(); // No jar: its identity says so.
    }
    List<File> files = new ArrayList<>();
    URI from = place.getAbsoluteFile().toURI();
    for (String each : path.trim().split("\\s+", -1)) {
      if (!each.isEmpty()) {
        try {
          files.add(new File(from.resolve(new URI(each))).getAbsoluteFile());
        } catch (URISyntaxException | IllegalArgumentException e) {
          return null;
        }
      }
    }
    return files;
  }

  private static String classPath(File place) throws IOException {
    try (JarFile jar = new JarFile(place, false)) {
      ZipEntry entry = jar.getEntry(JarFile.MANIFEST_NAME);
      if (entry == null) {
        return "";
      }
      byte[] bytes;
      try (InputStream in = jar.getInputStream(entry)) {
        bytes = in.readAllBytes();
      }
      // Most have none, and parsing is dear where every class has a checksum.
      String text = new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
      if (!text.contains("class-path")) {
        return "";
      }
      Attributes main = new Manifest(new ByteArrayInputStream(bytes)).getMainAttributes();
      String path = main.getValue(Attributes.Name.CLASS_PATH);
      return path == null ? "" : path;
    }
  }
}
