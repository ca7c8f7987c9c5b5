package dev.thermae.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.thermae.code.Ed25519SigningKey;
import dev.thermae.code.SigningKeys;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.KeyFolder;
import dev.thermae.http.compile.CompileWorkersBuilder;
import dev.thermae.http.guard.OriginRules;
import dev.thermae.http.proxy.Compression;
import dev.thermae.http.proxy.ListenerSettings;
import dev.thermae.http.proxy.ProxyServer;
import dev.thermae.http.proxy.ProxyServerBuilder;
import dev.thermae.http.proxy.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
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
 * @param all the same, each with the place it was set at
 */
record ServeSettings(
    ProxyServerBuilder proxy,
    @Nullable Path folder,
    @Nullable SigningKeys keys,
    CacheBounds bounds,
    @Nullable CompileWorkersBuilder compile,
    OperationsSettings operations,
    String text,
    Config all) {
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
      CompileWorkersBuilder compile = CompileSettings.workers(all);
      return new ServeSettings(
          proxy(all),
          folder,
          keys(all, folder),
          new CacheBounds(bytes(all, "cache.size"), bytes(all, "cache.body-size")),
          compile,
          OperationsSettings.of(all, environment),
          Settings.text(all),
          all);
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
    proxy.listener(listener(all));
    Ed25519SigningKey key = CompileSettings.signingKey(all);
    if (key != null) {
      proxy.signWith(key);
    }
    proxy.compileWait(Settings.at(all, "compile.wait", () -> all.getDuration("compile.wait")));
    return Settings.at(all, "name", () -> proxy.name(all.getString("name")))
        .maximumRequestBytes(all.getBytes("listen.body-size"))
        .memory(all.getBytes("cache.memory"))
        .compression(Settings.at(all, "compression", () -> compression(all)))
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

  private static Compression compression(Config all) {
    if (!all.getBoolean("compression.enabled")) {
      return Compression.none();
    }
    long least = all.getBytes("compression.minimum-size");
    return Compression.standard()
        .types(Settings.words(all, "compression.types"))
        .minimumBytes((int) Math.min(Integer.MAX_VALUE, least));
  }

  private static ListenerSettings listener(Config all) {
    ListenerSettings settings = new ListenerSettings().bind(all.getString("listen.bind"));
    settings.sharedPort(all.getBoolean("listen.shared-port"));
    each(all, "port", at -> settings.port(all.getInt(at)));
    each(
        all,
        "head-size",
        at -> settings.maximumHeaderBytes((int) Math.min(Integer.MAX_VALUE, all.getBytes(at))));
    each(all, "connections", at -> settings.maximumConnections(all.getInt(at)));
    each(
        all,
        "connections-per-address",
        at -> settings.maximumConnectionsPerAddress(all.getInt(at)));
    each(all, "idle-timeout", at -> settings.idleTimeout(all.getDuration(at)));
    each(all, "head-timeout", at -> settings.headTimeout(all.getDuration(at)));
    long rate = all.getBytes("listen.minimum-rate");
    each(all, "grace-time", at -> settings.minimumRate(rate, all.getDuration(at)));
    each(all, "stop-timeout", at -> settings.stopTimeout(all.getDuration(at)));
    Path certificates = Settings.path(all, "listen.tls.certificates");
    Path key = Settings.path(all, "listen.tls.key");
    if (certificates == null && key == null) {
      return settings;
    }
    if (certificates == null || key == null) {
      String given = certificates == null ? "listen.tls.key" : "listen.tls.certificates";
      throw new IllegalArgumentException(
          all.getValue(given).origin().description()
              + ": "
              + given
              + ": tls needs both, certificates and key");
    }
    return settings.tls(new TlsFiles(certificates, key));
  }

  /** One setting of the listener, so that what is wrong with it is told of it alone. */
  private static void each(Config all, String name, Function<String, ListenerSettings> taken) {
    String path = "listen." + name;
    Settings.at(all, path, () -> taken.apply(path));
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
