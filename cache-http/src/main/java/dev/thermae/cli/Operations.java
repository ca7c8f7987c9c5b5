package dev.thermae.cli;

import dev.thermae.CodeCache;
import dev.thermae.event.CacheListener;
import dev.thermae.event.CacheListeners;
import dev.thermae.event.TimeSource;
import dev.thermae.event.jfr.JfrListener;
import dev.thermae.http.admin.AccessLog;
import dev.thermae.http.admin.AdminServer;
import dev.thermae.http.admin.AdminToken;
import dev.thermae.http.admin.Purger;
import dev.thermae.http.admin.RequestEvents;
import dev.thermae.http.admin.StatusBoard;
import dev.thermae.http.admin.SurrogateKeys;
import dev.thermae.http.admin.ThermaeMetrics;
import dev.thermae.http.compile.Engines;
import dev.thermae.http.proxy.ProxyServer;
import dev.thermae.http.proxy.ProxyServerBuilder;
import dev.thermae.http.report.CurrentEngine;
import dev.thermae.http.report.Explainer;
import dev.thermae.http.report.Explanation;
import dev.thermae.http.report.Words;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceLoaderBuilder;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a served proxy is operated by: listeners, access log, admin listener. Thread-safe. */
final class Operations implements AutoCloseable {
  private static final long SURROGATE_BYTES = 64L << 20;
  private static final String ENGINE = "rhino";

  private final @Nullable AdminSettings chosen;
  private final @Nullable AdminToken token;
  private final StatusBoard board = new StatusBoard(TimeSource.SYSTEM);
  private final ThermaeMetrics metrics = new ThermaeMetrics(board);
  private final SurrogateKeys keys = new SurrogateKeys(SURROGATE_BYTES);
  private final @Nullable AccessLog log;
  private @Nullable Purger purger;
  private @Nullable AdminServer admin;

  private Operations(OperationsSettings settings, @Nullable AdminToken token) throws IOException {
    this.chosen = settings.admin();
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
    return chosen == null
        ? CacheListeners.of(new Faults(), events)
        : CacheListeners.of(new Faults(), events, board);
  }

  /** Listens to the proxy. */
  void listenTo(ProxyServerBuilder proxy) {
    proxy.listener(new RequestEvents());
    if (chosen != null) {
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
    if (chosen == null || token == null) {
      return "";
    }
    board.watch(cache);
    board.watch(proxy);
    Purger newPurger = Purger.of(loader, keys, proxy::forgetMemory);
    purger = newPurger;
    AdminServer.Builder builder =
        AdminServer.builder(token, board)
            .bind(chosen.bind())
            .port(chosen.port())
            .metrics(metrics)
            .purger(newPurger)
            .explains(url -> explain(cache, proxy, url));
    chosen.names().forEach(builder::name);
    AdminServer started = builder.start();
    admin = started;
    return ", admin " + started.url() + ", token " + chosen.place();
  }

  private static Explanation explain(CodeCache cache, ProxyServer proxy, String asked)
      throws IOException {
    String origin = proxy.origin();
    if (asked.startsWith("/") && origin.indexOf(',') >= 0) {
      throw new IllegalArgumentException("which origin? Say the whole URL: " + origin);
    }
    String url = asked.startsWith("/") ? origin + asked : asked;
    long now = cache.time().millis();
    CachePolicy policy = CachePolicy.eager();
    CurrentEngine engine = CurrentEngine.of(Engines.named(ENGINE), cache.store());
    Explainer.Rules rules = new Explainer.Rules("", true, policy);
    // The proxy asks for gzip, always.
    ResourceRequest request = ResourceRequest.get(url).header("Accept-Encoding", "gzip");
    return new Explanation(
        "",
        true,
        "",
        true,
        ENGINE,
        engine.fingerprint() == null ? null : engine.fingerprint().toString(),
        "eager",
        Words.time(now),
        Explainer.urls(cache.store(), engine, rules, request, now));
  }

  /** After the proxy was closed: until then its state is told. */
  @Override
  public void close() {
    if (admin != null) {
      admin.close();
    }
    if (purger != null) {
      purger.close();
    }
    if (log != null) {
      log.close();
    }
  }
}
