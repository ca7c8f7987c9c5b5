package dev.thermae.http.resource;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Requests that are under way: one that comes while another is on its way to the same place waits
 * for that one's answer instead of asking again (RFC 9111 section 4, "collapsed requests").
 * Thread-safe.
 *
 * <p>A thread that asks on behalf of a key never waits for another one, so that a request made
 * while a request is made cannot deadlock.
 */
final class Collapsing {
  private static final ThreadLocal<@Nullable Boolean> ASKING = new ThreadLocal<>();

  private final ConcurrentHashMap<String, CompletableFuture<Fetched>> underWay =
      new ConcurrentHashMap<>();

  /** Asks the origin. */
  interface Ask {
    Fetched ask() throws IOException;
  }

  /** What a request that waited makes of the answer to another one. */
  interface Share {
    /** The answer to this request; null where it has to ask for itself. */
    @Nullable Fetched of(Fetched brought) throws IOException;
  }

  /** Whether somebody asks for {@code key} now. */
  boolean isUnderWay(String key) {
    return underWay.containsKey(key);
  }

  /**
   * Asks, or waits for whoever asks already.
   *
   * @param failsForAll whether those who wait fail, too, when this request does
   * @return null where that brought nothing to share, or was interrupted
   * @throws FetchException what it failed with, as this request's own
   */
  @Nullable Fetched join(String key, String url, boolean failsForAll, Ask ask, Share share)
      throws IOException {
    boolean asking = ASKING.get() != null;
    CompletableFuture<Fetched> own = new CompletableFuture<>();
    CompletableFuture<Fetched> other = underWay.putIfAbsent(key, own);
    if (other == null) {
      return lead(key, own, failsForAll, ask, asking);
    }
    if (asking) {
      return null;
    }
    Fetched brought = await(url, other);
    return brought == null ? null : share.of(brought);
  }

  private Fetched lead(
      String key, CompletableFuture<Fetched> own, boolean failsForAll, Ask ask, boolean nested)
      throws IOException {
    ASKING.set(Boolean.TRUE);
    try {
      Fetched brought = ask.ask();
      underWay.remove(key, own);
      own.complete(brought);
      return brought;
    } catch (IOException e) {
      boolean alone = !failsForAll || Thread.currentThread().isInterrupted();
      underWay.remove(key, own);
      own.completeExceptionally(alone ? new InterruptedIOException() : e);
      throw e;
    } finally {
      if (!nested) {
        ASKING.remove();
      }
      underWay.remove(key, own);
      own.cancel(false); // only where an error was thrown
    }
  }

  private static @Nullable Fetched await(String url, CompletableFuture<Fetched> other)
      throws IOException {
    try {
      return other.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw FetchException.failed(url, new InterruptedIOException("interrupted while waiting"));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FetchException) {
        throw ((FetchException) e.getCause()).again();
      }
      return null;
    } catch (CancellationException e) {
      return null;
    }
  }
}
