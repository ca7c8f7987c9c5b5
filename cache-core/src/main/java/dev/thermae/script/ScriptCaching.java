package dev.thermae.script;

import dev.thermae.CodeCache;
import dev.thermae.CodeCacheBuilder;
import dev.thermae.event.CacheStats;
import dev.thermae.policy.CachePolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The cache behind the script engines of this process, and its switch. Thread-safe.
 *
 * <p>It is opened when a script is first compiled, keeps code at the first load whatever the size,
 * and is never closed; what is still to be kept when the process ends is kept then. System
 * properties are read first, then the environment:
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>property</th><th>variable</th><th>meaning</th></tr>
 * <tr><td>{@code thermae.enabled}</td><td>{@code THERMAE_ENABLED}</td><td>{@code false}, {@code
 * 0}, {@code off} or {@code no} hand out the engines as they are; looked at whenever an engine is
 * made and whenever it compiles</td></tr>
 * <tr><td>{@code thermae.scripts}</td><td>{@code THERMAE_SCRIPTS}</td><td>the languages whose
 * engines are taken over, of {@code groovy} and {@code javascript}, also called {@code rhino},
 * separated by commas; both unless set. Any other name is warned of once</td></tr>
 * <tr><td>{@code thermae.dir}</td><td>{@code THERMAE_DIR}</td><td>the folder of the disk tier;
 * without it {@code thermae} in the user's cache folder. A folder that cannot be used is warned of
 * once, and code stays in memory</td></tr>
 * </table>
 */
public final class ScriptCaching {
  private static volatile @Nullable CodeCache cache;
  private static final List<String> LANGUAGES = List.of("groovy", "javascript", "rhino");
  private static boolean failed;
  private static volatile boolean toldOfUnknown;

  private ScriptCaching() {}

  /** Whether scripts are compiled through the cache. */
  public static boolean isEnabled() {
    return isYes(setting("thermae.enabled", "THERMAE_ENABLED"));
  }

  /** Whether the engines of a language are taken over. */
  static boolean isEnabled(String language) {
    String chosen = setting("thermae.scripts", "THERMAE_SCRIPTS");
    if (chosen.isEmpty()) {
      return isEnabled();
    }
    List<String> languages = List.of(chosen.split("[, ]+", -1));
    warnOfUnknown(languages);
    boolean byEngine = language.equals("javascript") && languages.contains("rhino");
    return isEnabled() && (byEngine || languages.contains(language));
  }

  /** Once: a name that is misspelt looks like a cache that does nothing. */
  private static void warnOfUnknown(List<String> languages) {
    for (String name : languages) {
      if (!LANGUAGES.contains(name) && !toldOfUnknown) {
        toldOfUnknown = true;
        System.getLogger("dev.thermae")
            .log(
                System.Logger.Level.WARNING,
                "thermae.scripts knows no language " + name + ", but " + LANGUAGES);
      }
    }
  }

  private static String setting(String property, String variable) {
    String told = System.getProperty(property);
    if (told == null || told.isEmpty()) {
      told = System.getenv(variable);
    }
    return told == null ? "" : told.trim().toLowerCase(Locale.ROOT);
  }

  private static boolean isYes(String told) {
    return !told.equals("false") && !told.equals("0") && !told.equals("off") && !told.equals("no");
  }

  /**
   * What was counted so far; null while no script was compiled, and so for ever where it is
   * switched off.
   */
  public static @Nullable CacheStats stats() {
    CodeCache known = cache;
    return known == null ? null : known.stats();
  }

  /** Waits until all code compiled so far is kept, for at most five seconds. */
  public static boolean flush() {
    CodeCache known = cache;
    return known == null || known.flush();
  }

  /** The cache, opened at the first call; null when it is switched off or cannot be opened. */
  static @Nullable CodeCache cache() {
    if (!isEnabled()) {
      return null;
    }
    CodeCache known = cache;
    return known == null ? open() : known;
  }

  private static synchronized @Nullable CodeCache open() {
    if (cache == null && !failed) {
      try {
        cache = build();
      } catch (RuntimeException | LinkageError e) {
        failed = true;
        warn("Scripts are compiled without a cache", e);
      }
    }
    return cache;
  }

  private static CodeCache build() {
    CodeCacheBuilder builder = CodeCache.builder().policy(CachePolicy.eager());
    String folder = System.getProperty("thermae.dir");
    return folder == null || folder.isEmpty()
        ? builder.build()
        : builder.directory(Path.of(folder)).build();
  }

  /** For tests: another cache, or the default one anew; answers what there was. */
  static synchronized @Nullable CodeCache replace(@Nullable CodeCache other) {
    CodeCache before = cache;
    cache = other;
    failed = false;
    toldOfUnknown = false;
    return before;
  }

  static void warn(String message, Throwable why) {
    System.getLogger("dev.thermae").log(System.Logger.Level.WARNING, message, why);
  }
}
