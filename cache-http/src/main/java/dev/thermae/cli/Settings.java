package dev.thermae.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings from a file, stronger than the defaults; from the environment, stronger than the file;
 * and from the command line, stronger than all. What the defaults do not know is refused. Pure but
 * for reading the files. What reads them says where a wrong one was set.
 */
final class Settings {
  private static final String PREFIX = "THERMAE_SERVE_";

  private Settings() {}

  /**
   * All of them together.
   *
   * @param defaults the name of a resource beside this class
   * @param files the strongest last; usually one, or none
   * @param options by their names, each with the words it was given
   * @param paths of the settings that options are, by the options' names
   * @throws IllegalArgumentException when something is unknown or no setting, saying where
   */
  static Config of(
      String defaults,
      List<Path> files,
      Map<String, String> environment,
      Map<String, List<String>> options,
      Map<String, String> paths) {
    Config known = ConfigFactory.parseResources(Settings.class, defaults, strict());
    Config all = known;
    try {
      for (Path file : files) {
        all = checked(read(file), known).withFallback(all);
      }
      all = ofEnvironment(environment, known).withFallback(all);
      for (Map.Entry<String, List<String>> option : options.entrySet()) {
        String path = paths.get(option.getKey());
        if (path != null) {
          all = all.withValue(path, value(option.getValue(), path, known, option.getKey()));
        }
      }
      return all;
    } catch (ConfigException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
  }

  private static ConfigParseOptions strict() {
    return ConfigParseOptions.defaults().setAllowMissing(false);
  }

  private static Config read(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new IllegalArgumentException(file + " is no file that can be read");
    }
    boolean json = file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
    ConfigSyntax syntax = json ? ConfigSyntax.JSON : ConfigSyntax.CONF;
    return ConfigFactory.parseFile(file.toFile(), strict().setSyntax(syntax)).resolve();
  }

  private static Config checked(Config given, Config known) {
    requireKnown(given.root(), known.root(), "");
    return given;
  }

  private static void requireKnown(ConfigObject given, ConfigObject known, String above) {
    for (Map.Entry<String, ConfigValue> each : given.entrySet()) {
      String path = above + each.getKey();
      ConfigValue there = known.get(each.getKey());
      ConfigValue here = each.getValue();
      if (there == null) {
        throw new IllegalArgumentException(
            here.origin().description()
                + ": no setting is called "
                + path
                + "; known here: "
                + String.join(", ", known.keySet().stream().sorted().toList()));
      }
      boolean group = there.valueType() == ConfigValueType.OBJECT;
      if (group != (here.valueType() == ConfigValueType.OBJECT)) {
        throw new IllegalArgumentException(
            here.origin().description()
                + ": "
                + path
                + (group ? " is a group of settings" : " is no group of settings"));
      }
      if (group) {
        requireKnown((ConfigObject) here, (ConfigObject) there, path + ".");
      }
    }
  }

  /** Variables are named like their settings, in capitals and with underscores. */
  private static Config ofEnvironment(Map<String, String> environment, Config known) {
    Map<String, String> paths = new LinkedHashMap<>();
    collect(known.root(), "", paths);
    Config all = ConfigFactory.empty();
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (variable.getKey().startsWith(PREFIX)) {
        String path = paths.get(variable.getKey());
        if (path == null) {
          throw new IllegalArgumentException(
              "the environment: no setting is called " + variable.getKey());
        }
        List<String> words = List.of(variable.getValue());
        all = all.withValue(path, value(words, path, known, variable.getKey()));
      }
    }
    return all;
  }

  private static void collect(ConfigObject known, String above, Map<String, String> paths) {
    for (Map.Entry<String, ConfigValue> each : known.entrySet()) {
      String path = above + each.getKey();
      if (each.getValue().valueType() == ConfigValueType.OBJECT) {
        collect((ConfigObject) each.getValue(), path + ".", paths);
      } else {
        paths.put(PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'), path);
      }
    }
  }

  /** A list where the defaults have one: as many words as there are, or one with commas. */
  private static ConfigValue value(List<String> words, String path, Config known, String from) {
    if (!known.getIsNull(path) && known.getValue(path).valueType() == ConfigValueType.LIST) {
      List<String> items = words.size() == 1 ? List.of(words.get(0).split(" *, *", -1)) : words;
      return ConfigValueFactory.fromIterable(items, from);
    }
    String last = words.isEmpty() ? "true" : words.get(words.size() - 1); // a flag has no words
    return ConfigValueFactory.fromAnyRef(last, from);
  }

  /** As a file would say it. */
  static String text(Config settings) {
    return settings
        .root()
        .render(
            ConfigRenderOptions.defaults()
                .setJson(false)
                .setComments(false)
                .setOriginComments(false));
  }

  /** A file or folder; null where none is set. */
  static @Nullable Path path(Config from, String path) {
    return from.getIsNull(path) ? null : Path.of(from.getString(path));
  }

  /** An empty word is none, so that a variable can stand for nothing. */
  static List<String> words(Config all, String path) {
    return all.getStringList(path).stream().filter(word -> !word.isBlank()).toList();
  }

  /** Takes a setting, or some. */
  interface Step<T> {
    T take();
  }

  /** Says of which setting a value is wrong, and where it was set. */
  static <T> T at(Config all, String path, Step<T> step) {
    try {
      return step.take();
    } catch (IllegalArgumentException e) {
      String where = all.getValue(path).origin().description();
      throw new IllegalArgumentException(where + ": " + path + ": " + e.getMessage(), e);
    }
  }
}
