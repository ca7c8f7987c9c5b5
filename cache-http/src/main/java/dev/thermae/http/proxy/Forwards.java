package dev.thermae.http.proxy;

import dev.thermae.http.resource.HeaderList;
import dev.thermae.http.resource.ResourceLoader;
import java.io.IOException;
import java.util.Set;

/**
 * Hands methods that are not cached on to the origin, and lets go of what they may have changed.
 * Thread-safe.
 */
final class Forwards {
  private static final System.Logger LOG = System.getLogger("dev.thermae");

  /** RFC 9110 section 9.2.1, and the WebDAV methods that only read. */
  private static final Set<String> SAFE = Set.of("OPTIONS", "PROPFIND", "REPORT", "SEARCH");

  private final PassThrough passThrough;
  private final ResourceLoader loader;
  private final HotResponses hot;
  private final ProxyCounters counters;

  Forwards(
      PassThrough passThrough, ResourceLoader loader, HotResponses hot, ProxyCounters counters) {
    this.passThrough = passThrough;
    this.loader = loader;
    this.hot = hot;
    this.counters = counters;
  }

  /**
   * To be asked before the body is read.
   *
   * @throws IOException when its announced length exceeds the limit
   */
  void check(Asked asked) throws IOException {
    counters.forwarded.increment();
    passThrough.check(asked.request());
  }

  /**
   * Answers with what the origin says.
   *
   * @param start of the client's body
   * @throws IOException when it cannot be asked, or the client's body cannot be read
   */
  void forward(Asked asked, BodyStart start, Target.Forward target) throws IOException {
    boolean safe = SAFE.contains(asked.request().getMethod());
    passThrough.forward(
        asked.request(),
        start,
        target.url(),
        asked.response(),
        asked.callback(),
        (status, headers) -> {
          Trace.of(asked.request()).forwarded();
          if (!safe && status >= 200 && status < 400) {
            invalidate(target, headers);
          }
        });
  }

  /** RFC 9111 section 4.4; a store that fails must not keep the answer from the client. */
  private void invalidate(Target.Forward target, HeaderList headers) {
    forget(target.url());
    for (String field : new String[] {"Location", "Content-Location"}) {
      String reference = headers.first(field);
      String other = reference == null ? null : target.origin().resolve(target.url(), reference);
      if (other != null) {
        forget(other);
      }
    }
  }

  private void forget(String url) {
    hot.forget(url);
    try {
      loader.invalidate(url);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, url + " could not be invalidated: " + e.getMessage());
    }
  }
}
