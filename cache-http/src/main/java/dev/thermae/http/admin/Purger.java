package dev.thermae.http.admin;

import dev.thermae.http.resource.FetchException;
import dev.thermae.http.resource.HeaderList;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.StoredResponses;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes back what a proxy has stored. Thread-safe. */
public final class Purger implements AutoCloseable {
  private final StoredResponses stored;
  private final SurrogateKeys keys;
  private final Runnable memory;
  private @Nullable Thread filling;

  private Purger(StoredResponses stored, SurrogateKeys keys, Runnable memory) {
    this.stored = stored;
    this.keys = keys;
    this.memory = memory;
  }

  /**
   * Of what {@code loader} keeps, which tells {@code keys} of its heads; what is stored already is
   * read in the background.
   *
   * @param memory lets go of what is held above the store; called after each purge
   */
  public static Purger of(ResourceLoader loader, SurrogateKeys keys, Runnable memory) {
    Purger purger = new Purger(StoredResponses.of(loader), keys, memory);
    purger.start();
    return purger;
  }

  private void start() {
    Thread thread = new Thread(this::fill, "thermae-surrogate-keys");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    filling = thread;
    thread.start();
  }

  private void fill() {
    try {
      keys.fill(stored);
    } catch (IOException | RuntimeException e) {
      System.getLogger("dev.thermae")
          .log(System.Logger.Level.WARNING, "surrogate keys are looked up without index: " + e);
    }
  }

  /** Nothing above the store holds what was purged. */
  void forgetMemory() {
    memory.run();
  }

  /** How responses are taken back. */
  public enum Mode {
    /** They are gone. */
    HARD,
    /** They are stale: validated before their next use, and there when the origin fails. */
    SOFT
  }

  /**
   * What was purged.
   *
   * @param resources URLs of which anything was stored
   * @param responses that were stored for them, every variant
   * @param index how much the index of surrogate keys knew
   */
  public record Purged(String mode, long resources, long responses, String index) {
    Purged plus(Purged more) {
      return new Purged(mode, resources + more.resources, responses + more.responses, more.index);
    }
  }

  /**
   * Every response stored for these URLs.
   *
   * @throws FetchException when one of them is no URL for HTTP; those before it are purged
   */
  public Purged urls(Collection<String> urls, Mode mode) throws IOException {
    long resources = 0;
    long responses = 0;
    for (String url : urls) {
      int count = mode == Mode.HARD ? stored.invalidate(url) : stored.outdate(url);
      resources += count > 0 ? 1 : 0;
      responses += count;
    }
    return new Purged(
        word(mode), resources, responses, keys.state().name().toLowerCase(Locale.ROOT));
  }

  /**
   * Every response whose URL, in normal form, begins like that. Goes through all that is stored,
   * and drops what is just being stored.
   */
  public Purged prefix(String prefix, Mode mode) throws IOException {
    Set<String> found = new LinkedHashSet<>();
    Consumer<String> visitor =
        url -> {
          if (url.startsWith(prefix)) {
            found.add(url);
          }
        };
    stored.urls(visitor);
    stored.underWay((url, headers) -> visitor.accept(url));
    return urls(found, mode);
  }

  /** Every response of a URL of which a stored response has one of these surrogate keys. */
  public Purged surrogateKeys(Set<String> wanted, Mode mode) throws IOException {
    Set<String> found = new LinkedHashSet<>();
    stored.underWay(
        (url, headers) -> {
          if (SurrogateKeys.keysOf(headers).stream().anyMatch(wanted::contains)) {
            found.add(url);
          }
        });
    for (String url : keys.candidates(wanted, stored)) {
      Set<String> own = new LinkedHashSet<>();
      for (HeaderList headers : stored.headers(url)) {
        own.addAll(SurrogateKeys.keysOf(headers));
      }
      boolean none = own.isEmpty();
      if (own.stream().anyMatch(wanted::contains)) {
        found.add(url);
      }
      if (none) {
        keys.forget(wanted, url, stored); // evicted, or stored anew without keys
      }
    }
    return urls(found, mode);
  }

  private static String word(Mode mode) {
    return mode == Mode.HARD ? "hard" : "soft";
  }

  /** Ends reading in the background. */
  @Override
  public void close() {
    Thread thread = filling;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
