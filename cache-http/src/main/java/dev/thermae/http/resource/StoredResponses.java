package dev.thermae.http.resource;

import dev.thermae.disk.DiskRemoval;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.DiskSurvey;
import dev.thermae.disk.StoredResource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.MemoryStore;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Goes through what a loader keeps, of its own namespace and kind, and takes it back. What comes or
 * goes meanwhile may be missed, and so is what lies in a base below the folder, until it is copied.
 * Thread-safe.
 */
public final class StoredResponses {
  private final ResourceLoader loader;
  private final Store store;

  private StoredResponses(ResourceLoader loader) {
    this.loader = loader;
    this.store = loader.store();
  }

  /** Of a loader, which stays the caller's. */
  public static StoredResponses of(ResourceLoader loader) {
    return new StoredResponses(loader);
  }

  /** Hands over every URL for which anything is stored; one at a time, and each once. */
  public void urls(Consumer<String> visitor) throws IOException {
    String prefix = loader.key("");
    Consumer<String> keys =
        key -> {
          if (key.startsWith(prefix)) {
            visitor.accept(key.substring(prefix.length()));
          }
        };
    if (store instanceof MemoryStore memory) {
      memory.keys().forEach(keys);
    } else if (store instanceof DiskStore disk) {
      walk(DiskSurvey.of(disk), keys);
    }
  }

  private static void walk(DiskSurvey survey, Consumer<String> keys) throws IOException {
    try {
      for (String part : survey.parts()) {
        survey.resources(part, resource -> visit(resource, keys));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void visit(StoredResource resource, Consumer<String> keys) {
    try {
      String key = resource.name().isEmpty() ? null : resource.key();
      if (key != null) {
        keys.accept(key);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Hands over every URL of which a long body is being stored, with the fields of its response. */
  public void underWay(BiConsumer<String, HeaderList> visitor) throws IOException {
    for (Fetched fetched : loader.underWay()) {
      visitor.accept(fetched.url(), fetched.headers());
    }
  }

  /** The fields of every response that is stored for {@code url}, in normal form. */
  public List<HeaderList> headers(String url) throws IOException {
    List<HeaderList> all = new ArrayList<>();
    for (StoredEntry entry : entries(loader.key(url))) {
      try {
        all.add(MetadataCodec.decode(entry.head().metadata()).headers());
      } catch (MetadataException e) {
        all.add(HeaderList.EMPTY); // of another version: stored anew at its next use
      }
    }
    return all;
  }

  /**
   * Makes every response stored for {@code url} unusable, and drops those that are under way (RFC
   * 9111 section 4.4).
   *
   * @return how many were stored
   * @throws FetchException when it is no URL for HTTP
   */
  public int invalidate(String url) throws IOException {
    String key = loader.key(normalize(url));
    int count = entries(key).size();
    loader.invalidated(key);
    long time = loader.now() + 1;
    if (store instanceof DiskStore disk) {
      DiskRemoval.of(disk).invalidate(key, time);
    } else {
      store.invalidate(key, time);
    }
    return count;
  }

  /**
   * Makes every response stored for {@code url} stale as of now: it is validated before its next
   * use, and may stand in for an origin that fails where its own directives allow that (RFC 5861).
   *
   * @return how many were stored
   * @throws FetchException when it is no URL for HTTP
   */
  public int outdate(String url) throws IOException {
    int count = 0;
    for (StoredEntry entry : entries(loader.key(normalize(url)))) {
      EntryHead head = entry.head();
      long lifetime = Math.min(head.lifetime(), head.age(loader.now()));
      EntryHead stale =
          head.validated(
              head.requestTime(),
              head.responseTime(),
              head.initialAge(),
              lifetime,
              head.metadata());
      count += store.withHead(entry, stale) == null ? 0 : 1;
    }
    return count;
  }

  private static String normalize(String url) throws IOException {
    String plain = UrlText.withoutFragment(url);
    return UrlText.isNormal(plain) ? plain : UrlParser.normalize(plain);
  }

  /** Whatever a look-up could select, one entry a variant. */
  private List<StoredEntry> entries(String key) throws IOException {
    if (store instanceof MemoryStore memory) {
      return memory.variants(key);
    }
    List<StoredEntry> entries = new ArrayList<>();
    if (store instanceof DiskStore disk) {
      for (StoredResource.Head read : DiskSurvey.of(disk).resource(key).heads()) {
        EntryHead head = read.head();
        if (head == null) {
          continue;
        }
        StoredEntry entry = store.find(key, any -> head.selecting());
        if (entry != null && entry.head().generation().equals(head.generation())) {
          entries.add(entry);
        }
      }
    }
    return entries;
  }
}
