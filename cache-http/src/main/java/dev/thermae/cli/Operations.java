package dev.thermae.cli;

import dev.thermae.CodeCache;
import dev.thermae.event.CacheListener;
import dev.thermae.event.CacheListeners;
import dev.thermae.event.TimeSource;
import dev.thermae.event.jfr.JfrListener;
import dev.thermae.http.admin.AccessLog;
import dev.thermae.http.admin.AdminServer;
import dev.thermae.http.admin.AdminToken;
import dev.thermae.http.admin.OtlpPush;
import dev.thermae.http.admin.Purger;
import dev.thermae.http.admin.RequestEvents;
import dev.thermae.http.admin.StatusBoard;
import dev.thermae.http.admin.SurrogateKeys;
import dev.thermae.http.admin.ThermaeMetrics;
import dev.thermae.http.proxy.ProxyServer;
import dev.thermae.http.proxy.ProxyServerBuilder;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceLoaderBuilder;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a served proxy is operated by: listeners, access log, admin listener. Thread-safe. */
final class Operations implements AutoCloseable {
  private static final long SURROGATE_BYTES = 64L << 20;

  private final @Nullable AdminSettings chosen;
  private final @Nullable OtlpSettings otlp;
  private final @Nullable AdminToken token;
  private final StatusBoard board = new StatusBoard(TimeSource.SYSTEM);
  private final ThermaeMetrics metrics = new ThermaeMetrics(board);
  private final SurrogateKeys keys = new SurrogateKeys(SURROGATE_BYTES);
  private final @Nullable AccessLog log;
  private @Nullable Purger purger;
  private @Nullable AdminServer admin;
  private @Nullable OtlpPush push;

  private Operations(OperationsSettings settings, @Nullable AdminToken token) throws IOException {
    this.chosen = settings.admin();
    this.otlp = settings.otlp();
    this.token = token;
    Path file = settings.log();
    this.log = file == null ? null : AccessLog.open(file, settings.format());
    if (log != null) {
      board.watch(log);
    }
  }

  /** Opens the access log, where there is one; the admin's token is read, or made. */
  static Operations open(OperationsSettings settings) throws FailedException {
    AdminSettings admin = settings.admin();
    AdminToken token;
    try {
      token = admin == null ? null : admin.token();
    } catch (IOException e) {
      throw new FailedException("the admin token: " + e.getMessage(), e);
    }
    try {
      return new Operations(settings, token);
    } catch (IOException e) {
      throw new FailedException("cannot write the access log: " + e, e);
    }
  }

  /** Listens to the cache. */
  CacheListener listener() {
    CacheListener events = new JfrListener();
    return counts()
        ? CacheListeners.of(new Faults(), events, board)
        : CacheListeners.of(new Faults(), events);
  }

  /** Whether somebody wants to know. */
  private boolean counts() {
    return chosen != null || otlp != null;
  }

  /** Listens to the proxy. */
  void listenTo(ProxyServerBuilder proxy) {
    proxy.listener(new RequestEvents());
    if (counts()) {
      proxy.listener(board).listener(metrics);
    }
    if (log != null) {
      proxy.listener(log);
    }
  }

  /** Listens to what is stored. */
  void listenTo(ResourceLoaderBuilder loader) {
    if (chosen != null) {
      loader.headListener(keys);
    }
  }

  /** Starts the admin listener, where there is one; what to tell of it, or nothing. */
  String start(CodeCache cache, ResourceLoader loader, ProxyServer proxy) throws IOException {
    board.watch(cache);
    board.watch(proxy);
    if (otlp != null) {
      push = OtlpPush.start(metrics, otlp.url(), otlp.interval());
    }
    if (chosen == null || token == null) {
      return "";
    }
    Purger newPurger = Purger.of(loader, keys, proxy::forgetMemory);
    purger = newPurger;
    AdminServer.Builder builder =
        AdminServer.builder(token, board)
            .bind(chosen.bind())
            .port(chosen.port())
            .metrics(metrics)
            .purger(newPurger)
            .explains(new ProxyExplains(cache, proxy));
    chosen.names().forEach(builder::name);
    AdminServer started = builder.start();
    admin = started;
    return ", admin " + started.url() + ", token " + chosen.place();
  }

  /** After the proxy was closed: until then its state is told. */
  @Override
  public void close() {
    if (admin != null) {
      admin.close();
    }
    if (push != null) {
      push.close();
    }
    if (purger != null) {
      purger.close();
    }
    if (log != null) {
      log.close();
    }
  }
}
