package dev.thermae.http.resource;

import dev.thermae.event.Counters;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.NoRoomException;
import dev.thermae.store.Store;
import java.io.IOException;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Stores bodies that are too long to be held while they pass through. Thread-safe. */
final class FlowWriter {
  private final ResourceLoader loader;
  private final Store store;
  private final Counters counters;
  private final ConcurrentMap<String, Fetched> flows;
  private final long maximumBytes;

  /**
   * @param flows where others find what they can read along, by key
   * @param maximumBytes of a body that is stored
   */
  FlowWriter(
      ResourceLoader loader,
      Store store,
      Counters counters,
      ConcurrentMap<String, Fetched> flows,
      long maximumBytes) {
    this.loader = loader;
    this.store = store;
    this.counters = counters;
    this.flows = flows;
    this.maximumBytes = maximumBytes;
  }

  /** A body that is not stored. */
  static BodyFlow passing(Arriving arriving) {
    return new BodyFlow(arriving, null, 0, new Passing());
  }

  /** A response whose body is stored as it arrives; null where it cannot be. */
  @Nullable Fetched store(
      Exchange exchange, EntryHead head, Metadata received, Answer answer, Arriving arriving) {
    if (arriving.announced() > maximumBytes) {
      counters.onDropped("body of " + exchange.url() + ": exceeds " + maximumBytes + " bytes");
      return null;
    }
    NewBody body = newBody(exchange.url(), head);
    if (body == null) {
      return null;
    }
    Storing storing = new Storing(exchange.url(), head, body);
    Fetched fetched =
        new Fetched(
                loader,
                exchange.url(),
                null,
                head,
                null,
                answer.arrived(),
                Fetched.Outcome.STORED,
                "a new generation, stored as it arrives")
            .received(received)
            .flowing(new BodyFlow(arriving, body, maximumBytes, storing));
    storing.fetched = fetched;
    flows.put(head.key(), fetched);
    return fetched;
  }

  private @Nullable NewBody newBody(String url, EntryHead head) {
    try {
      return store.newBody(head.key());
    } catch (IOException e) {
      lost(url, e);
      return null;
    }
  }

  private void lost(String url, IOException reason) {
    if (reason instanceof NoRoomException) {
      counters.onDropped("body of " + url + ": " + reason.getMessage());
    } else {
      counters.onFault("body of " + url, reason);
    }
  }

  private static final class Passing implements BodyFlow.Keeping {
    @Override
    public void whole(NewBody body, long length) {}

    @Override
    public void given(@Nullable IOException reason) {}

    @Override
    public void over() {}
  }

  private final class Storing implements BodyFlow.Keeping {
    private final String url;
    private final EntryHead head;
    private final NewBody body;
    private @Nullable Fetched fetched;

    Storing(String url, EntryHead head, NewBody body) {
      this.url = url;
      this.head = head;
      this.body = body;
    }

    @Override
    public void whole(NewBody arrived, long length) throws IOException {
      try (arrived) {
        store.put(head.withLength(length), arrived);
      }
      Fetched done = fetched;
      if (done != null) {
        loader.told(url, done.headers());
      }
    }

    @Override
    public void given(@Nullable IOException reason) {
      if (reason != null) {
        lost(url, reason);
      }
      try {
        body.close();
      } catch (IOException e) {
        counters.onFault("body of " + url, e);
      }
    }

    @Override
    public void over() {
      Fetched done = fetched;
      if (done != null) {
        flows.remove(head.key(), done);
      }
    }
  }
}
