package dev.thermae.cli;

import dev.thermae.CodeCache;
import dev.thermae.code.Fingerprint;
import dev.thermae.http.admin.AdminServer;
import dev.thermae.http.compile.Engines;
import dev.thermae.http.proxy.ProxyServer;
import dev.thermae.http.report.CurrentEngine;
import dev.thermae.http.report.Explainer;
import dev.thermae.http.report.Explanation;
import dev.thermae.http.report.Words;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the admin listener's {@code /explain} says: by the fingerprints of those who compile for the
 * proxy, and where nobody does by Rhino's of this program. Thread-safe.
 */
record ProxyExplains(CodeCache cache, ProxyServer proxy) implements AdminServer.Explains {
  private static final String ENGINE = "rhino";

  /** An engine by the name that settings call it. */
  private record Named(String name, CurrentEngine engine) {}

  @Override
  public Explanation explain(String asked) throws IOException {
    String origin = proxy.origin();
    if (asked.startsWith("/") && origin.indexOf(',') >= 0) {
      throw new IllegalArgumentException("which origin? Say the whole URL: " + origin);
    }
    String url = asked.startsWith("/") ? origin + asked : asked;
    Explanation first = null;
    for (Named each : engines(url)) {
      Explanation explained = explain(url, each);
      if (explained.urls().stream().anyMatch(hop -> hop.nextRun().temperature().equals("hot"))) {
        return explained;
      }
      first = first == null ? explained : first;
    }
    return first == null
        ? explain(url, new Named(ENGINE, CurrentEngine.of(Engines.named(ENGINE), cache.store())))
        : first;
  }

  /** Those that such a URL may be for, by its end; all of them where it tells nothing. */
  private List<Named> engines(String url) {
    List<Named> fitting = new ArrayList<>();
    List<Named> all = new ArrayList<>();
    int query = url.indexOf('?');
    String path = query < 0 ? url : url.substring(0, query);
    for (Map.Entry<Fingerprint, String> made : proxy.producible().entrySet()) {
      String name = made.getValue();
      Named each =
          new Named(name, CurrentEngine.elsewhere(name, Engines.bakesName(name), made.getKey()));
      all.add(each);
      if (path.endsWith(Engines.files(name).replace("*", ""))) {
        fitting.add(each);
      }
    }
    return fitting.isEmpty() ? all : fitting;
  }

  private Explanation explain(String url, Named by) throws IOException {
    long now = cache.time().millis();
    Explainer.Rules rules = new Explainer.Rules("", true, CachePolicy.eager());
    // The proxy asks for gzip, always.
    ResourceRequest request = ResourceRequest.get(url).header("Accept-Encoding", "gzip");
    Fingerprint fingerprint = by.engine.fingerprint();
    return new Explanation(
        "",
        true,
        "",
        true,
        by.name,
        fingerprint == null ? null : fingerprint.toString(),
        "eager",
        Words.time(now),
        Explainer.urls(cache.store(), by.engine, rules, request, now));
  }
}
