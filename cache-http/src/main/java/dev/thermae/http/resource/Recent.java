package dev.thermae.http.resource;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was learned of a key a short while ago, and is believed until its time is over. Bounded: one
 * piece of news too many and all are forgotten, which costs a request. Thread-safe.
 *
 * @param <V> what was learned
 */
final class Recent<V> {
  private static final int LIMIT = 1024;

  private final ConcurrentHashMap<String, News<V>> known = new ConcurrentHashMap<>();

  private record News<V>(V value, long since, long until) {
    /** A clock that was set back ends it, too. */
    boolean counts(long now) {
      return now >= since && now < until;
    }
  }

  /** What is known at {@code now}, in milliseconds; null when there is nothing. */
  @Nullable V of(String key, long now) {
    News<V> news = known.isEmpty() ? null : known.get(key);
    if (news == null) {
      return null;
    }
    if (news.counts(now)) {
      return news.value();
    }
    known.remove(key, news);
    return null;
  }

  /** Believed for {@code millis} from {@code now} on; nothing is remembered for zero. */
  void learn(String key, V value, long now, long millis) {
    if (millis <= 0) {
      return;
    }
    if (known.size() >= LIMIT) {
      known.values().removeIf(news -> !news.counts(now));
    }
    if (known.size() >= LIMIT) {
      known.clear();
    }
    known.put(key, new News<>(value, now, now + millis));
  }
}
