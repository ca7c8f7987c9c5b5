package dev.thermae.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.thermae.code.Ed25519SigningKey;
import dev.thermae.code.SigningKeys;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.KeyFolder;
import dev.thermae.http.compile.CompileWorkers;
import dev.thermae.http.compile.CompileWorkersBuilder;
import dev.thermae.http.guard.OriginRules;
import dev.thermae.http.proxy.ListenerSettings;
import dev.thermae.http.proxy.ProxyServer;
import dev.thermae.http.proxy.ProxyServerBuilder;
import dev.thermae.http.proxy.TlsFiles;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@code serve} was told, understood. Immutable but for the builder in it.
 *
 * @param proxy not started
 * @param folder of the cache; null for the default
 * @param keys of a signed cache; null without
 * @param bounds of what is kept
 * @param compile not started; null without engines
 * @param operations listener and log, neither opened
 * @param text all settings, as a file would say them
 */
record ServeSettings(
    ProxyServerBuilder proxy,
    @Nullable Path folder,
    @Nullable SigningKeys keys,
    CacheBounds bounds,
    @Nullable CompileWorkersBuilder compile,
    OperationsSettings operations,
    String text) {
  private static final String DEFAULTS = "serve.conf";

  /**
   * Puts file, environment and options together.
   *
   * @param options by their names, each with the words it was given
   * @throws IllegalArgumentException when something is unknown, missing or wrong, saying where
   */
  static ServeSettings of(
      @Nullable Path file, Map<String, String> environment, Map<String, List<String>> options) {
    List<Path> files = file == null ? List.of() : List.of(file);
    Config all = Settings.of(DEFAULTS, files, environment, options, ServeOptions.paths());
    try {
      Path folder = Settings.path(all, "cache.directory");
      CompileWorkersBuilder compile = compile(all);
      if (compile != null && all.getIsNull("compile.signing-key")) {
        throw new IllegalArgumentException(
            "code is handed out signed: where engines are named, a --signing-key is needed, or"
                + " compile.signing-key");
      }
      return new ServeSettings(
          proxy(all),
          folder,
          keys(all, folder),
          new CacheBounds(bytes(all, "cache.size"), bytes(all, "cache.body-size")),
          compile,
          OperationsSettings.of(all, environment),
          Settings.text(all));
    } catch (ConfigException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The defaults, as a file with comments. */
  static String defaults() {
    try (InputStream in = ServeSettings.class.getResourceAsStream(DEFAULTS)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProxyServerBuilder proxy(Config all) {
    List<String> origins = all.getStringList("origins");
    List<String> allowed = all.getStringList("fetch.allow");
    if (origins.isEmpty() && allowed.isEmpty()) {
      throw new IllegalArgumentException(
          "where to? --origin URL or --allow ORIGIN, or origins or fetch.allow in the file of"
              + " --config");
    }
    ProxyServerBuilder proxy = ProxyServer.builder();
    Settings.at(all, "origins", () -> route(proxy, origins));
    proxy.fetch(
        Settings.at(all, "fetch.allow", () -> rules(allowed, all.getBoolean("fetch.internal"))));
    ListenerSettings listener = Settings.at(all, "listen", () -> listener(all));
    proxy.listener(Settings.at(all, "listen.port", () -> listener.port(all.getInt("listen.port"))));
    Path key = Settings.path(all, "compile.signing-key");
    if (key != null) {
      proxy.signWith(Settings.at(all, "compile.signing-key", () -> signingKey(all, key)));
    }
    proxy.compileWait(Settings.at(all, "compile.wait", () -> all.getDuration("compile.wait")));
    return Settings.at(all, "name", () -> proxy.name(all.getString("name")))
        .maximumRequestBytes(all.getBytes("listen.body-size"))
        .memory(all.getBytes("cache.memory"))
        .streamFrom(bytes(all, "cache.stream-from"))
        .maximumThreads(
            Settings.at(all, "listen.threads", () -> positive(all.getInt("listen.threads"))));
  }

  /** Each a URL, or FROM=URL. */
  private static ProxyServerBuilder route(ProxyServerBuilder proxy, List<String> origins) {
    for (String origin : origins) {
      int equals = origin.indexOf('=');
      boolean routed = equals >= 0 && equals < origin.indexOf("://");
      String from = routed ? origin.substring(0, equals) : "/";
      proxy.route(from, routed ? origin.substring(equals + 1) : origin);
    }
    return proxy;
  }

  private static OriginRules rules(List<String> allowed, boolean internal) {
    OriginRules rules = OriginRules.none();
    for (String origin : allowed) {
      boolean exact = internal && !OriginRules.isPattern(origin);
      rules = exact ? rules.allowInternal(origin) : rules.allow(origin);
    }
    return rules;
  }

  private static ListenerSettings listener(Config all) {
    ListenerSettings settings =
        new ListenerSettings()
            .bind(all.getString("listen.bind"))
            .sharedPort(all.getBoolean("listen.shared-port"))
            .maximumHeaderBytes((int) Math.min(Integer.MAX_VALUE, all.getBytes("listen.head-size")))
            .maximumConnections(all.getInt("listen.connections"))
            .maximumConnectionsPerAddress(all.getInt("listen.connections-per-address"))
            .idleTimeout(all.getDuration("listen.idle-timeout"))
            .headTimeout(all.getDuration("listen.head-timeout"))
            .minimumRate(all.getBytes("listen.minimum-rate"), all.getDuration("listen.grace-time"))
            .stopTimeout(all.getDuration("listen.stop-timeout"));
    Path certificates = Settings.path(all, "listen.tls.certificates");
    Path key = Settings.path(all, "listen.tls.key");
    if (certificates == null && key == null) {
      return settings;
    }
    if (certificates == null || key == null) {
      throw new IllegalArgumentException("tls needs both, certificates and key");
    }
    return settings.tls(new TlsFiles(certificates, key));
  }

  private static @Nullable CompileWorkersBuilder compile(Config all) {
    List<String> engines = Settings.words(all, "compile.engines");
    if (engines.isEmpty()) {
      return null;
    }
    CompileWorkersBuilder workers =
        Settings.at(
            all, "compile.engines", () -> CompileWorkers.builder(engines.toArray(new String[0])));
    return Settings.at(
        all,
        "compile",
        () ->
            workers
                .enginePath(places(Settings.words(all, "compile.engine-path")))
                .heapBytes(all.getBytes("compile.heap"))
                .niceness(all.getInt("compile.niceness"))
                .workers(all.getInt("compile.workers"))
                .time(all.getDuration("compile.time"))
                .queue(all.getInt("compile.queue"))
                .warm(true));
  }

  /** Each word may be several places, written as a class path is. */
  private static List<Path> places(List<String> words) {
    List<Path> places = new ArrayList<>();
    for (String word : words) {
      for (String place : word.split(File.pathSeparator, -1)) {
        if (!Files.exists(Path.of(place))) {
          throw new IllegalArgumentException("nothing is at " + place);
        }
        places.add(Path.of(place));
      }
    }
    return places;
  }

  private static Ed25519SigningKey signingKey(Config all, Path file) {
    try {
      return Ed25519SigningKey.read(all.getInt("compile.signing-key-id"), file);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static int positive(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("1 and more, not " + number);
    }
    return number;
  }

  private static long bytes(Config all, String path) {
    return Settings.at(
        all,
        path,
        () -> {
          long bytes = all.getBytes(path);
          if (bytes < 1) {
            throw new IllegalArgumentException("1 byte and more, not " + bytes);
          }
          return bytes;
        });
  }

  private static @Nullable SigningKeys keys(Config all, @Nullable Path folder) {
    Path keys = Settings.path(all, "cache.keys");
    if (keys == null) {
      return null;
    }
    return Settings.at(
        all,
        "cache.keys",
        () -> {
          try {
            KeyFolder.requireOutside(keys, folder == null ? DiskStore.defaultFolder() : folder);
            return KeyFolder.read(keys);
          } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
          }
        });
  }
}
