package dev.thermae.engine;

import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which classes a class loader can see: the JDK by its version, every jar and folder on the way up
 * by its contents.
 *
 * <p>Jars that other jars name in their manifests are seen as well. Null where a loader on the way
 * does not say where its classes come from. What a place lacks, such as a jar that the class path
 * names and nobody put there, is part of it too. Stateless; reads the artifacts at each call.
 */
public final class ClassPathIdentity {
  private ClassPathIdentity() {}

  /** Lengths and checksums, cheap to read, or null. */
  public static @Nullable String surroundings(@Nullable ClassLoader loader) {
    List<File> places = places(loader);
    return places == null ? null : surroundings(places);
  }

  /** The same of a class path that is known. */
  public static @Nullable String surroundings(List<File> places) {
    List<File> all = ManifestPath.withNamed(places);
    if (all == null) {
      return null;
    }
    StringBuilder text = new StringBuilder(jdk());
    for (File place : all) {
      String told = place.exists() ? ArtifactIdentity.surroundings(place) : "missing";
      if (told == null) {
        return null;
      }
      text.append(", ").append(told);
    }
    return text.toString();
  }

  /** SHA-256 over all of it, or null. */
  public static @Nullable String digest(@Nullable ClassLoader loader) {
    List<File> places = places(loader);
    return places == null ? null : digest(places);
  }

  /** The same of a class path that is known. */
  public static @Nullable String digest(List<File> places) {
    List<File> all = ManifestPath.withNamed(places);
    if (all == null) {
      return null;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(jdk().getBytes(StandardCharsets.UTF_8));
      for (File place : all) {
        String told = place.exists() ? ArtifactDigest.of(place) : "missing";
        if (told == null) {
          return null;
        }
        digest.update(told.getBytes(StandardCharsets.UTF_8));
      }
      return "sha256:" + HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The JDK that runs: its classes are those of its version and build. */
  public static String jdk() {
    return System.getProperty("java.vendor") + ' ' + System.getProperty("java.runtime.version");
  }

  /** The jars and folders whose contents {@link #surroundings} tells, or null. */
  public static @Nullable List<File> seen(@Nullable ClassLoader loader) {
    List<File> places = places(loader);
    return places == null ? null : ManifestPath.withNamed(places);
  }

  /** The jars and folders that {@code loader} and its parents look into, or null. */
  public static @Nullable List<File> places(@Nullable ClassLoader from) {
    List<File> places = new ArrayList<>();
    ClassLoader system = ClassLoader.getSystemClassLoader();
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    for (ClassLoader each = from; each != null && each != platform; each = each.getParent()) {
      if (each == system) {
        addPath(places, System.getProperty("java.class.path", ""));
        addPath(places, System.getProperty("jdk.module.path", ""));
      } else if (!(each instanceof URLClassLoader) || !addAll(places, (URLClassLoader) each)) {
        return null;
      }
    }
    return places;
  }

  private static void addPath(List<File> places, String path) {
    for (String name : path.split(File.pathSeparator, -1)) {
      if (!name.isEmpty()) {
        places.add(new File(name));
      }
    }
  }

  private static boolean addAll(List<File> places, URLClassLoader loader) {
    for (URL url : loader.getURLs()) {
      if (!url.getProtocol().equals("file") || !url.getHost().isEmpty()) {
        return false;
      }
      try {
        places.add(new File(URI.create(url.toString().replace(" ", "%20"))));
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    return true;
  }
}
