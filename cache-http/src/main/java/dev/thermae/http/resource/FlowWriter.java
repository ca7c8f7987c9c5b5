package dev.thermae.http.resource;

import dev.thermae.code.Source;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.BodyReader;
import dev.thermae.store.EntryHead;
import dev.thermae.store.MemoryStore;
import dev.thermae.store.NewBody;
import dev.thermae.store.NoRoomException;
import dev.thermae.store.Store;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Stores bodies that are too long to be held while they pass through. Thread-safe. */
final class FlowWriter {
  private final ResourceLoader loader;
  private final Store store;
  private final Counters counters;
  private final TimeSource time;
  private final long maximumBytes;

  /** What others can read along, by key. */
  private final ConcurrentHashMap<String, Fetched> flows = new ConcurrentHashMap<>();

  /**
   * Stores through {@code store}.
   *
   * @param maximumBytes of a body that is stored
   */
  FlowWriter(
      ResourceLoader loader, Store store, Counters counters, TimeSource time, long maximumBytes) {
    this.time = time;
    this.loader = loader;
    this.store = store;
    this.counters = counters;
    this.maximumBytes =
        store instanceof MemoryStore memory
            ? Math.min(maximumBytes, memory.maximumBytes() / 4)
            : maximumBytes;
  }

  /** What is just being stored under a key; null where nothing is. */
  @Nullable Fetched underWay(String key) {
    return flows.get(key);
  }

  /** Nobody joins it any more. */
  void forget(String key) {
    flows.remove(key);
  }

  /** All that are under way. */
  Collection<Fetched> all() {
    return flows.values();
  }

  /** A response whose body is stored as it arrives; null where it cannot be. */
  @Nullable Fetched store(
      Exchange exchange, EntryHead head, Metadata received, Answer answer, Arriving arriving) {
    String url = exchange.url();
    if (arriving.announced() > maximumBytes) {
      lost(url, tooLong());
      return null;
    }
    NewBody body = newBody(url, head);
    if (body == null) {
      return null;
    }
    Storing storing = new Storing(url, head, body, received);
    Fetched fetched =
        new Fetched(
                loader,
                url,
                null,
                head,
                null,
                answer.arrived(),
                Fetched.Outcome.STORED,
                "a new generation, stored as it arrives")
            .received(received)
            .flowing(new BodyFlow(arriving, body, storing, time::nanos));
    storing.fetched = fetched;
    flows.put(head.key(), fetched);
    return fetched;
  }

  /** A body that can be read while it is written. */
  private @Nullable NewBody newBody(String url, EntryHead head) {
    try {
      NewBody body = store.newBody(head.key());
      if (isReadable(body)) {
        return body;
      }
    } catch (IOException e) {
      lost(url, e);
    }
    return null;
  }

  /** Closes what cannot be. */
  private static boolean isReadable(NewBody body) throws IOException {
    try (BodyReader reader = body.reader()) {
      if (reader != null) {
        return true;
      }
    } catch (IOException e) {
      body.close();
      throw e;
    }
    body.close();
    return false;
  }

  private NoRoomException tooLong() {
    return new NoRoomException("exceeds " + maximumBytes + " bytes");
  }

  private void lost(String url, IOException reason) {
    if (reason instanceof NoRoomException) {
      counters.onDropped("body of " + url + ": " + reason.getMessage());
    } else {
      counters.onFault("body of " + url, reason);
    }
  }

  private final class Storing implements BodyFlow.Keeping {
    private final String url;
    private final EntryHead head;
    private final NewBody body;
    private final PassingText text;
    private long length;
    private @Nullable Fetched fetched;

    Storing(String url, EntryHead head, NewBody body, Metadata received) {
      this.url = url;
      this.head = head;
      this.body = body;
      this.text = new PassingText(received);
    }

    @Override
    public void write(byte[] piece, int count) throws IOException {
      length += count;
      if (length > maximumBytes) {
        throw tooLong();
      }
      body.write(piece, 0, count);
      text.add(piece, count);
    }

    @Override
    public void whole(long arrived) throws IOException {
      over(); // its file takes another name before its head is there
      Heads.SourceText found = text.end();
      String charset = found == null ? "" : found.charset().name();
      byte[] hash = found == null ? new byte[Source.HASH_LENGTH] : found.hash();
      try (text;
          body) {
        store.put(head.withBody(arrived, charset, hash), body);
      }
      Fetched done = fetched;
      if (done != null) {
        loader.told(url, done.headers());
      }
    }

    @Override
    public void given(@Nullable IOException reason) {
      over();
      if (reason != null) {
        lost(url, reason);
      }
      text.close();
      try {
        body.close();
      } catch (IOException e) {
        counters.onFault("body of " + url, e);
      }
    }

    private void over() {
      Fetched done = fetched;
      if (done != null) {
        flows.remove(head.key(), done);
      }
    }
  }
}
