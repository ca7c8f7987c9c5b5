package dev.thermae.http.proxy;

import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.HeaderList;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** Answers GET and HEAD from the store, or from the origin through the store. Thread-safe. */
final class StoredAnswers {
  /** What speaks for a whole host, and so must not come from one of many origins (/fetch/). */
  private static final List<String> HOST_WIDE =
      List.of(
          "Set-Cookie",
          "Alt-Svc",
          "Clear-Site-Data",
          "Service-Worker-Allowed",
          "Strict-Transport-Security");

  private final Hops hops;
  private final ResourceLoader loader;
  private final String name;
  private final ProxyCounters counters;
  private final HotResponses hot;
  private final @Nullable CodeAnswers code;

  /**
   * @param name what the proxy calls itself
   * @param code null where sources are all that is handed out
   */
  StoredAnswers(
      Hops hops,
      ResourceLoader loader,
      String name,
      ProxyCounters counters,
      HotResponses hot,
      @Nullable CodeAnswers code) {
    this.hops = hops;
    this.loader = loader;
    this.name = name;
    this.counters = counters;
    this.hot = hot;
    this.code = code;
  }

  /**
   * A source that was found.
   *
   * @param headers those of the chosen representation that may go out
   * @param notModified whether the client has it
   */
  private record Found(
      Fetched fetched,
      Representation chosen,
      HeaderList headers,
      boolean notModified,
      String cacheStatus) {
    boolean isWhole() {
      return fetched.status() == 200;
    }
  }

  /**
   * Answers with code where it is wanted and there is some, else with the source.
   *
   * @throws IOException when neither store nor origin has an answer
   */
  void answer(Asked asked) throws IOException {
    HttpFields client = asked.fields();
    boolean takesGzip = AcceptEncoding.takesGzip(client.getValuesList("Accept-Encoding"));
    CodeWanted wanted = code == null ? null : CodeWanted.of(client);
    Fetched fetched = fetch(asked, wanted, takesGzip);
    Trace.of(asked.request()).fetched(fetched);
    Representation chosen = Representation.of(fetched, takesGzip);
    HeaderList headers = headers(chosen, asked.target());
    boolean whole = fetched.status() == 200;
    boolean notModified = whole && ConditionalRequests.isNotModified(client, headers);
    if (wanted != null) {
      if (whole && !notModified && sendCode(asked, fetched, headers, wanted)) {
        return;
      }
      asked.response().getHeaders().add("Vary", "Accept"); // a line of our own beside the origin's
    }
    String status =
        wanted == null
            ? CacheStatus.of(name, fetched)
            : CodeAnswers.cold(name, fetched, notModified || !whole);
    Found found = new Found(fetched, chosen, headers, notModified, status);
    if (asked.isHead() && fetched.entry() == null) {
      sendHead(asked, found);
    } else {
      send(asked, found, wanted == null);
    }
  }

  private static HeaderList headers(Representation chosen, Target target) {
    HeaderList headers = chosen.headers();
    if (target instanceof Target.Fetch) {
      for (String field : HOST_WIDE) {
        headers = headers.without(field);
      }
    }
    return headers;
  }

  private Fetched fetch(Asked asked, @Nullable CodeWanted code, boolean takesGzip)
      throws IOException {
    boolean head = asked.isHead();
    HttpFields client = asked.fields();
    HttpFields sent = code == null ? client : code.forOrigin(client);
    if (asked.target() instanceof Target.Fetch wanted) {
      HttpFields trusted = HttpFields.build(sent).remove("Cookie");
      if (code != null) {
        return fetch(wanted.url(), trusted, takesGzip, head); // code is of one URL: no redirects
      }
      HttpFields strange = HttpFields.build(trusted).remove("Authorization");
      return hops.follow(
          wanted, (url, known) -> fetch(url, known ? trusted : strange, takesGzip, head));
    }
    return fetch(((Target.Forward) asked.target()).url(), sent, takesGzip, head);
  }

  /** Gzip is asked for always, so that one copy serves all; unless it must not be undone. */
  private Fetched fetch(String url, HttpFields client, boolean takesGzip, boolean head)
      throws IOException {
    ResourceRequest get = RequestFields.get(url, client, name);
    ResourceRequest request = head ? get.asHead() : get;
    Fetched fetched = loader.fetch(request.header("Accept-Encoding", "gzip"));
    boolean unwanted = !takesGzip && Representation.isGzip(fetched.headers());
    return unwanted && Representation.isUntouchable(fetched.headers())
        ? loader.fetch(request.header("Accept-Encoding", "identity"))
        : fetched;
  }

  /**
   * Sends code where there is some; false, and nothing is sent, where the source is all there is. A
   * client that has the source is told so before, whatever else it takes.
   */
  private boolean sendCode(Asked asked, Fetched fetched, HeaderList headers, CodeWanted wanted)
      throws IOException {
    CodeAnswers.Container container =
        code == null ? null : code.find(fetched, headers, wanted, asked.fields(), asked.isHead());
    if (container == null) {
      return false;
    }
    counters.count(fetched.outcome());
    Response response = asked.response();
    response.setStatus(200);
    Reply.fields(response, container.headers(), name, container.cacheStatus(name, fetched));
    age(response, fetched);
    if (container.isAt(asked.fields())) {
      counters.notModified.increment();
      Reply.notModified(response, asked.callback());
    } else {
      ByteBuffer body = ByteBuffer.wrap(container.bytes());
      Reply.body(response, asked.isHead(), body, asked.callback());
    }
    return true;
  }

  /** What the origin said of a body that nobody has. */
  private void sendHead(Asked asked, Found found) {
    counters.count(found.fetched.outcome());
    Response response = asked.response();
    Reply.fields(response, found.headers, name, found.cacheStatus);
    Reply.head(response, found.fetched.status(), found.notModified, found.chosen, asked.callback());
  }

  /** A source, as much of it as is wanted; {@code kept} in memory where others may have it. */
  private void send(Asked asked, Found found, boolean kept) throws IOException {
    byte[] body = found.chosen.body();

    Fetched fetched = found.fetched;
    counters.count(fetched.outcome());
    Response response = asked.response();
    response.setStatus(fetched.status());
    Reply.fields(response, found.headers, name, found.cacheStatus);
    age(response, fetched);
    if (found.isWhole() && !response.getHeaders().contains("Accept-Ranges")) {
      response.getHeaders().put("Accept-Ranges", "bytes");
    }
    if (kept) {
      hot.offer(asked.request(), asked.target(), found.chosen, response.getHeaders(), body);
    }
    if (found.notModified) {
      counters.notModified.increment();
      Reply.notModified(response, asked.callback());
    } else {
      boolean ranged =
          found.isWhole()
              && !asked.isHead()
              && ConditionalRequests.allowsRange(asked.fields(), found.headers);
      ByteRange range = ranged ? ByteRange.parse(asked.fields().get("Range"), body.length) : null;
      sendBody(asked, body, range);
    }
  }

  private static void sendBody(Asked asked, byte[] body, @Nullable ByteRange range) {
    Response response = asked.response();
    HttpFields.Mutable fields = response.getHeaders();
    if (range == null) {
      Reply.body(response, asked.isHead(), ByteBuffer.wrap(body), asked.callback());
      return;
    }
    fields.put("Content-Range", range.contentRange(body.length));
    if (range.isSatisfiable()) {
      response.setStatus(206);
      ByteBuffer part = ByteBuffer.wrap(body, range.first(), range.length());
      Reply.body(response, asked.isHead(), part, asked.callback());
    } else {
      fields.remove("Content-Encoding").remove("ETag").remove("Last-Modified");
      asked.line(416, "416 Range Not Satisfiable");
    }
  }

  /**
   * RFC 9111 section 5.1, in seconds. Left out where the origin has just answered and the response
   * had no age on arrival; one that is not stored keeps the age that it came with.
   */
  private static void age(Response response, Fetched fetched) {
    long seconds = Math.max(0, fetched.age() / 1000);
    boolean aged =
        switch (fetched.outcome()) {
          case FRESH, STALE -> true;
          case REVALIDATED, STORED, KEPT -> seconds > 0;
          case PASSED -> false;
        };
    if (aged) {
      response.getHeaders().put("Age", seconds);
    }
  }
}
