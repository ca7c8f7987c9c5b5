package dev.thermae.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The jars or folders that decide an engine's code, where they are several: each has a name and is
 * told by a class out of it, best a small one. They keep the order in which they were added.
 *
 * <p>Not thread-safe: made, asked once and dropped, since the classes are held strongly.
 */
public final class EngineArtifacts {
  private final Map<String, Class<?>> types = new LinkedHashMap<>();

  /** Adds the artifact that {@code type} was loaded from, and returns this. */
  public EngineArtifacts and(String name, Class<?> type) {
    types.put(name, type);
    return this;
  }

  /**
   * {@link ArtifactIdentity#surroundings} of all of them, with {@code separator} between; null
   * where one cannot be identified.
   */
  public @Nullable String surroundings(String separator) {
    StringBuilder text = new StringBuilder(256);
    for (Class<?> type : types.values()) {
      String told = ArtifactIdentity.surroundings(type);
      if (told == null) {
        return null;
      }
      text.append(text.length() == 0 ? "" : separator).append(told);
    }
    return text.toString();
  }

  /**
   * Puts the {@link ArtifactIdentity#digest} of each under its name into {@code parts}.
   *
   * @throws IllegalStateException when one cannot be identified; those before it are in {@code
   *     parts} then
   */
  public void describe(Map<String, String> parts) {
    for (Map.Entry<String, Class<?>> each : types.entrySet()) {
      String digest = ArtifactIdentity.digest(each.getValue());
      if (digest == null) {
        throw new IllegalStateException("the jar cannot be identified: " + each.getKey());
      }
      parts.put(each.getKey(), digest);
    }
  }
}
