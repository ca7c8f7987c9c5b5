package dev.thermae.http.compile;

import dev.thermae.event.TimeSource;
import dev.thermae.http.proxy.CompileRefusedException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was refused lately, so that a storm of requests costs one compile. Bounded; thread-safe. */
final class Refusals {
  private static final int MOST = 10_000;

  private final TimeSource time;
  private final Map<Object, Refusal> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Refusal> eldest) {
          return size() > MOST;
        }
      };

  Refusals(TimeSource time) {
    this.time = time;
  }

  private record Refusal(CompileRefusedException fault, long since, long nanos) {}

  synchronized void add(Object key, CompileRefusedException fault, Duration kept) {
    known.remove(key); // so that it becomes the youngest
    known.put(key, new Refusal(fault, time.nanos(), kept.toNanos()));
  }

  synchronized @Nullable CompileRefusedException find(Object key) {
    Refusal found = known.get(key);
    if (found == null) {
      return null;
    }
    if (time.nanos() - found.since >= found.nanos) {
      known.remove(key);
      return null;
    }
    return found.fault;
  }
}
