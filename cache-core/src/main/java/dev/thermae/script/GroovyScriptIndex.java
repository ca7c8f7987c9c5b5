package dev.thermae.script;

import groovy.util.ResourceConnector;
import groovy.util.ResourceException;
import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.jspecify.annotations.Nullable;

/** The scripts that an engine has loaded, and whether their files have changed. Thread-safe. */
final class GroovyScriptIndex {
  private final ResourceConnector connector;
  private final LongSupplier clock;
  private final Supplier<CompilerConfiguration> configuration;
  private final Map<String, GroovyScriptState> states = new ConcurrentHashMap<>();

  GroovyScriptIndex(
      ResourceConnector connector,
      LongSupplier clock,
      Supplier<CompilerConfiguration> configuration) {
    this.connector = connector;
    this.clock = clock;
    this.configuration = configuration;
  }

  /** A connection to a file; null when there is none. */
  @Nullable URLConnection open(String name) {
    try {
      return connector.getResourceConnection(name);
    } catch (ResourceException e) {
      return null;
    }
  }

  /** The class of a script that is loaded; null when there is none. */
  @Nullable Class<?> type(String path) {
    GroovyScriptState state = states.get(path);
    return state == null ? null : state.type();
  }

  /** The script that a class name stands for: its class, or only its file if that is newer. */
  @Nullable Found find(String name, CompilerConfiguration settings) {
    String file = name.replace('.', '/');
    for (String extension : settings.getScriptExtensions()) {
      URLConnection connection = open(file + '.' + extension);
      if (connection == null) {
        continue;
      }
      URL url = connection.getURL();
      close(connection);
      String path = url.toExternalForm();
      if (isNewer(path)) {
        return new Found(url, path, null);
      }
      Class<?> type = type(path);
      if (type != null) {
        return new Found(url, path, type);
      }
    }
    return null;
  }

  /** Whether a script has to be compiled, because of its own file or of one that it uses. */
  boolean isNewer(String path) {
    GroovyScriptState main = states.get(path);
    if (main == null) {
      return true;
    }
    boolean newer = false;
    long now = clock.getAsLong();
    long interval = configuration.get().getMinimumRecompilationInterval();
    for (String use : main.uses()) {
      GroovyScriptState used = states.get(use);
      if (used == null || used.stale()) {
        return true;
      }
      if (main.checked() < used.modified()) {
        newer = true;
      } else if (used.checked() + interval <= now) {
        try {
          long modified = modified(use);
          boolean changed = used.modified() < modified;
          states.put(use, changed ? used.changedAt(modified) : used.checkedAt(now));
          newer |= changed;
        } catch (ResourceException e) {
          return true;
        }
      }
    }
    return newer;
  }

  /** Notes what was compiled, or found compiled. */
  void add(List<GroovyScriptFile> files, Function<String, @Nullable Class<?>> types) {
    long now = clock.getAsLong();
    Map<String, GroovyScriptState> made = new HashMap<>();
    for (GroovyScriptFile each : files) {
      Class<?> type = types.apply(each.type());
      if (type != null) {
        long modified;
        try {
          modified = modified(each.path());
        } catch (ResourceException e) {
          modified = now;
        }
        made.put(each.path(), new GroovyScriptState(type, modified, now, each.uses(), false));
      }
    }
    states.putAll(made);
  }

  private long modified(String path) throws ResourceException {
    URLConnection connection = connector.getResourceConnection(path);
    try {
      return connection.getLastModified();
    } finally {
      close(connection);
    }
  }

  /** A connection holds its file until its stream is closed. */
  static void close(URLConnection connection) {
    try {
      connection.getInputStream().close();
    } catch (IOException ignored) {
      // Nothing is open then.
    }
  }

  /** A script by the name of its class; {@code type} is null while it has to be compiled. */
  record Found(URL url, String path, @Nullable Class<?> type) {}
}
