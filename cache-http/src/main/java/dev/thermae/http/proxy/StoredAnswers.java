package dev.thermae.http.proxy;

import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.HeaderList;
import dev.thermae.http.resource.LongBody;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.store.UnreadableBodyException;
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

  /** A body may be replaced between being found and being opened, but not for ever. */
  private static final int ATTEMPTS = 3;

  private final SourceFetches fetches;
  private final ResourceLoader loader;
  private final String name;
  private final ProxyCounters counters;
  private final Representations representations;
  private final @Nullable CodeAnswers code;

  /**
   * @param name what the proxy calls itself
   * @param code null where sources are all that is handed out
   */
  StoredAnswers(
      SourceFetches fetches,
      ResourceLoader loader,
      String name,
      ProxyCounters counters,
      Representations representations,
      @Nullable CodeAnswers code) {
    this.fetches = fetches;
    this.loader = loader;
    this.name = name;
    this.counters = counters;
    this.representations = representations;
    this.code = code;
  }

  /**
   * A source that was found.
   *
   * @param headers those of the chosen representation that may go out
   * @param body where that is not held
   * @param notModified whether the client has it
   * @param known the client's own tag for it, where that is not that of the one chosen
   */
  private record Found(
      Fetched fetched,
      Representation chosen,
      @Nullable LongBody body,
      HeaderList headers,
      boolean notModified,
      @Nullable String known,
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
    Accepted accepted = Accepted.of(client);
    boolean takesGzip = accepted.takes(BodyCoding.GZIP);
    CodeWanted wanted = code == null ? null : CodeWanted.of(client);
    Fetched lost = null;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Fetched fetched = fetches.fetch(asked, wanted, takesGzip, lost);
      try {
        if (isAnswered(asked, fetched, wanted, accepted)) {
          return;
        }
      } finally {
        SourceFetches.bring(fetched);
      }
      lost = fetched;
    }
    throw new IOException("the body was gone " + ATTEMPTS + " times");
  }

  /** False, and nothing is sent, where the body is gone meanwhile. */
  private boolean isAnswered(
      Asked asked, Fetched fetched, @Nullable CodeWanted wanted, Accepted accepted)
      throws IOException {
    HttpFields client = asked.fields();
    Trace.of(asked.request()).fetched(fetched);
    Representation chosen =
        wanted == null
            ? representations.choose(asked, fetched, accepted)
            : Representation.of(fetched, accepted.takes(BodyCoding.GZIP));
    LongBody stored = chosen.held() == null ? LongBody.of(fetched) : null;
    LongBody body = stored != null && chosen.decoded() ? stored.gunzipped() : stored;
    HeaderList headers = headers(chosen, asked.target());
    boolean whole = fetched.status() == 200;
    boolean same = whole && ConditionalRequests.isNotModified(client, headers);
    String known = same || !whole ? null : Representations.known(asked, fetched, accepted);
    boolean notModified = same || known != null;
    if (wanted != null && whole && !notModified && sendCode(asked, fetched, headers, wanted)) {
      return true;
    }
    String status =
        wanted == null
            ? CacheStatus.of(name, fetched)
            : CodeAnswers.cold(name, fetched, notModified || !whole);
    Found found = new Found(fetched, chosen, body, headers, notModified, known, status);
    if (asked.isHead() && fetched.entry() == null) {
      varying(asked, wanted);
      sendHead(asked, found);
      return true;
    } else if (body == null) {
      send(asked, found, wanted);
      return true;
    }
    return isSent(asked, found, body, wanted);
  }

  /** A line of our own beside the origin's, where code was asked for. */
  private static void varying(Asked asked, @Nullable CodeWanted wanted) {
    if (wanted != null) {
      asked.response().getHeaders().add("Vary", "Accept");
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
    name(response, found);
    Reply.head(response, found.fetched.status(), found.notModified, found.chosen, asked.callback());
  }

  /** A source that is held, as much of it as is wanted; others may have it from memory. */
  private void send(Asked asked, Found found, @Nullable CodeWanted wanted) throws IOException {
    ByteBuffer body = found.chosen.bytes();
    head(asked, found, wanted, true);
    Response response = asked.response();
    if (wanted == null) {
      representations.offer(asked, found.chosen, response.getHeaders(), body);
    }
    if (found.notModified) {
      counters.notModified.increment();
      name(response, found);
      Reply.notModified(response, asked.callback());
    } else {
      String range = isRanged(asked, found) ? asked.fields().get("Range") : null;
      sendBody(asked, body, ByteRange.parse(range, body.limit()));
    }
  }

  /** A client that has another representation is told that this one is good still. */
  private static void name(Response response, Found found) {
    if (found.known != null) {
      response.getHeaders().put("ETag", found.known);
    }
  }

  /** A source that is not held; false, and nothing is sent, where it is gone meanwhile. */
  private boolean isSent(Asked asked, Found found, LongBody body, @Nullable CodeWanted wanted)
      throws IOException {
    boolean headAlone = found.notModified || asked.isHead();
    LongReply reply = LongReply.open(asked, body, isRanged(asked, found), headAlone);
    if (reply == null) {
      return false;
    }
    try {
      head(asked, found, wanted, reply.length() >= 0);
      if (wanted == null) {
        representations.offer(asked, found.chosen, asked.response().getHeaders(), null);
      }
    } catch (IOException | RuntimeException e) {
      reply.drop();
      throw e;
    }
    if (found.notModified) {
      counters.notModified.increment();
      name(asked.response(), found);
      Reply.notModified(asked.response(), asked.callback());
    } else {
      reply.send(reason -> lost(found.fetched, reason));
    }
    return true;
  }

  /** A body broke off: what is damaged is not sent a second time. */
  private void lost(Fetched fetched, IOException reason) {
    counters.failed.increment();
    if (reason instanceof UnreadableBodyException) {
      representations.forget(fetched.url());
      try {
        loader.invalidate(fetched.url());
      } catch (IOException e) {
        loader.counters().onFault("head of " + fetched.url(), e);
      }
    }
  }

  /** The head, but for the length. */
  private void head(Asked asked, Found found, @Nullable CodeWanted wanted, boolean ranges) {
    varying(asked, wanted);
    Fetched fetched = found.fetched;
    counters.count(fetched.outcome());
    Response response = asked.response();
    response.setStatus(fetched.status());
    Reply.fields(response, found.headers, name, found.cacheStatus);
    age(response, fetched);
    if (ranges && found.isWhole() && !response.getHeaders().contains("Accept-Ranges")) {
      response.getHeaders().put("Accept-Ranges", "bytes");
    }
  }

  private boolean isRanged(Asked asked, Found found) throws IOException {
    return found.isWhole()
        && !asked.isHead()
        && representations.allowsRange(asked, found.chosen, found.headers);
  }

  private static void sendBody(Asked asked, ByteBuffer body, @Nullable ByteRange range) {
    Response response = asked.response();
    HttpFields.Mutable fields = response.getHeaders();
    if (range == null) {
      Reply.body(response, asked.isHead(), body.slice(), asked.callback());
      return;
    }
    fields.put("Content-Range", range.contentRange(body.limit()));
    if (range.isSatisfiable()) {
      response.setStatus(206);
      ByteBuffer part = body.slice((int) range.first(), (int) range.length());
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
