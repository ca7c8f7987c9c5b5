package dev.thermae.http.proxy;

import dev.thermae.http.resource.BodyFlow;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.LongBody;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceRequest;
import java.io.IOException;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/** Fetches sources from the store, or from the origin through the store. Thread-safe. */
final class SourceFetches {
  private final Hops hops;
  private final ResourceLoader loader;
  private final String name;
  private final long streamFrom;

  /**
   * Fetches through {@code loader}.
   *
   * @param name what the proxy calls itself
   * @param streamFrom bytes from which on a body is not held
   */
  SourceFetches(Hops hops, ResourceLoader loader, String name, long streamFrom) {
    this.hops = hops;
    this.loader = loader;
    this.name = name;
    this.streamFrom = streamFrom;
  }

  /**
   * Fetches what is asked for. Whoever gets it calls {@link #bring} in the end, come what may.
   *
   * @param code that is wanted; null where the source is
   * @param lost what was fetched before, and was gone when it was to be read
   * @throws IOException when neither store nor origin has an answer
   */
  Fetched fetch(Asked asked, @Nullable CodeWanted code, boolean takesGzip, @Nullable Fetched lost)
      throws IOException {
    Wanted what = new Wanted(takesGzip, asked.isHead(), code != null, lost);
    HttpFields client = asked.fields();
    HttpFields sent = code == null ? client : code.forOrigin(client);
    if (asked.target() instanceof Target.Fetch wanted) {
      HttpFields trusted = HttpFields.build(sent).remove("Cookie");
      if (code != null) {
        return fetch(wanted.url(), trusted, what); // code is of one URL: no redirects
      }
      HttpFields strange = HttpFields.build(trusted).remove("Authorization");
      return hops.follow(wanted, (url, known) -> fetch(url, known ? trusted : strange, what));
    }
    return fetch(((Target.Forward) asked.target()).url(), sent, what);
  }

  /**
   * How something is fetched.
   *
   * @param isCode whether it is held as long as it may be compiled
   * @param lost what was fetched before, and could not be read
   */
  private record Wanted(
      boolean takesGzip, boolean isHead, boolean isCode, @Nullable Fetched lost) {}

  /** Gzip is asked for always, so that one copy serves all; unless it must not be undone. */
  private Fetched fetch(String url, HttpFields client, Wanted what) throws IOException {
    long held = what.isCode ? Math.max(streamFrom, LongBody.LONGEST_SOURCE) : streamFrom;
    ResourceRequest get = RequestFields.get(url, client, name).streamFrom(held);
    ResourceRequest request = what.isHead ? get.asHead() : get;
    Fetched fetched = fetch(request.header("Accept-Encoding", "gzip"), what.lost);
    boolean unwanted = !what.takesGzip && Representation.isGzip(fetched.headers());
    if (!unwanted || !Representation.isUntouchable(fetched.headers())) {
      return fetched;
    }
    bring(fetched);
    return fetch(request.header("Accept-Encoding", "identity"), what.lost);
  }

  private Fetched fetch(ResourceRequest request, @Nullable Fetched lost) throws IOException {
    return lost != null && lost.url().equals(request.url())
        ? loader.fetchAgain(request, lost)
        : loader.fetch(request);
  }

  /** By this thread, as fast as the origin sends, while any number of clients read along. */
  static void bring(Fetched fetched) {
    BodyFlow flow = fetched.flow();
    if (flow != null) {
      flow.bring();
    }
  }
}
