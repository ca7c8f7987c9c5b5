package dev.thermae.http.admin;

import dev.thermae.http.resource.HeadListener;
import dev.thermae.http.resource.HeaderList;
import dev.thermae.http.resource.StoredResponses;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * From the keys in {@code Surrogate-Key} fields to the URLs of the responses that have them. Filled
 * by every response that the loader stores, and once from what was stored before. What it knows is
 * bounded; what it does not know is found by reading every stored head, so that a purge is slower
 * then, and never incomplete. Thread-safe.
 *
 * <p>Keys are separated by white space. Of one response the first 256 count, each of at most 1,024
 * characters.
 */
public final class SurrogateKeys implements HeadListener {
  private static final String FIELD = "Surrogate-Key";
  private static final int MOST_KEYS = 256;
  private static final int LONGEST_KEY = 1024;

  /** Roughly, in bytes, what an entry of a map or a set takes beside its characters. */
  private static final int OVERHEAD = 100;

  private final long maximumBytes;
  private final Map<String, Set<String>> urls = new HashMap<>();
  private long bytes;
  private State state = State.FILLING;

  /** How much the index knows. */
  public enum State {
    /** What was stored before this process is not all in it. */
    FILLING,
    /** Everything. */
    COMPLETE,
    /** Nothing: there were more keys than it may hold. */
    FULL
  }

  /** An empty index that takes about so many bytes of the heap at most. */
  public SurrogateKeys(long maximumBytes) {
    this.maximumBytes = maximumBytes;
  }

  @Override
  public void onHead(String url, HeaderList headers) {
    Set<String> keys = keysOf(headers);
    if (!keys.isEmpty()) {
      add(url, keys);
    }
  }

  private synchronized void add(String url, Set<String> keys) {
    for (String key : keys) {
      if (state == State.FULL) {
        return;
      }
      Set<String> known = urls.get(key);
      if (known == null) {
        known = new LinkedHashSet<>();
        urls.put(key, known);
        bytes += OVERHEAD + 2L * key.length();
      }
      if (known.add(url)) {
        bytes += OVERHEAD + 2L * url.length();
      }
      if (bytes > maximumBytes) {
        urls.clear();
        bytes = 0;
        state = State.FULL;
      }
    }
  }

  /** The keys of a response, in their order. */
  static Set<String> keysOf(HeaderList headers) {
    Set<String> keys = new LinkedHashSet<>();
    for (String value : headers.all(FIELD)) {
      for (String key : value.trim().split("\\s+", -1)) {
        if (!key.isEmpty() && key.length() <= LONGEST_KEY && keys.size() < MOST_KEYS) {
          keys.add(key);
        }
      }
    }
    return keys;
  }

  /** Reads what is stored already; ends early when the thread is interrupted. */
  void fill(StoredResponses stored) throws IOException {
    boolean[] ended = new boolean[1];
    stored.urls(
        url -> {
          ended[0] |= Thread.currentThread().isInterrupted() || state() == State.FULL;
          if (!ended[0]) {
            addStored(url, stored);
          }
        });
    synchronized (this) {
      if (!ended[0] && state == State.FILLING) {
        state = State.COMPLETE;
      }
    }
  }

  private void addStored(String url, StoredResponses stored) {
    try {
      for (HeaderList headers : stored.headers(url)) {
        onHead(url, headers);
      }
    } catch (IOException e) {
      // A resource whose heads cannot be read is not served either.
      System.getLogger("dev.thermae").log(System.Logger.Level.DEBUG, url + ": " + e);
    }
  }

  /** How much it knows. */
  public synchronized State state() {
    return state;
  }

  /**
   * URLs that may have responses with one of these keys, all of them: from the index where that is
   * complete, else every URL that is stored.
   */
  Set<String> candidates(Set<String> keys, StoredResponses stored) throws IOException {
    Set<String> found = new LinkedHashSet<>();
    synchronized (this) {
      if (state == State.COMPLETE) {
        for (String key : keys) {
          found.addAll(urls.getOrDefault(key, Set.of()));
        }
        return found;
      }
    }
    stored.urls(found::add);
    return found;
  }

  /** A resource has these keys no more, unless it was stored again just now. */
  void forget(Set<String> keys, String url, StoredResponses stored) {
    synchronized (this) {
      for (String key : keys) {
        Set<String> known = urls.get(key);
        if (known != null && known.remove(url)) {
          bytes -= OVERHEAD + 2L * url.length();
          if (known.isEmpty()) {
            urls.remove(key);
            bytes -= OVERHEAD + 2L * key.length();
          }
        }
      }
    }
    addStored(url, stored);
  }
}
