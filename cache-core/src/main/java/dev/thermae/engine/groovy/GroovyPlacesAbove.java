package dev.thermae.engine.groovy;

import dev.thermae.engine.ClassPathIdentity;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The jars and folders on the class path of a loader, as they were seen once. Immutable. */
final class GroovyPlacesAbove {
  private final Set<File> places;

  private GroovyPlacesAbove(Set<File> places) {
    this.places = places;
  }

  static GroovyPlacesAbove of(@Nullable ClassLoader loader) {
    List<File> seen = ClassPathIdentity.seen(loader);
    Set<File> places = new HashSet<>();
    for (File each : seen == null ? List.<File>of() : seen) {
      try {
        places.add(each.getCanonicalFile());
      } catch (IOException e) {
        places.add(each.getAbsoluteFile());
      }
    }
    return new GroovyPlacesAbove(places);
  }

  /** Whether a resource lies in one of them. */
  boolean holds(URL resource) {
    try {
      if (resource.getProtocol().equals("jar")) {
        URL jar = ((JarURLConnection) resource.openConnection()).getJarFileURL();
        return places.contains(file(jar));
      }
      if (!resource.getProtocol().equals("file")) {
        return false;
      }
      File each = file(resource);
      while (each != null && !places.contains(each)) {
        each = each.getParentFile();
      }
      return each != null;
    } catch (IOException | URISyntaxException | IllegalArgumentException | ClassCastException e) {
      return false;
    }
  }

  private static File file(URL url) throws IOException, URISyntaxException {
    return new File(new URI(url.toString().replace(" ", "%20"))).getCanonicalFile();
  }
}
