package dev.thermae.http.commonjs;

import dev.thermae.Compiled;
import dev.thermae.code.Source;
import dev.thermae.file.FileLoader;
import dev.thermae.http.CodeLoader;
import dev.thermae.http.resource.FetchException;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.Fetched.Outcome;
import dev.thermae.http.resource.ResourceRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Script;

/**
 * What is at a URL, asked once. What an earlier process found missing is believed to be, until it
 * is {@link #doubt doubted}. Not thread-safe.
 */
final class Places {
  /** For a script that the file loader reads when it is compiled. */
  private static final byte[] UNREAD = {};

  private final CodeLoader<Script> loader;
  private final @Nullable FileLoader<Script> files;
  private final MissingNames names;
  private final Map<String, Found> found = new HashMap<>();
  private final Set<String> missing = new LinkedHashSet<>();
  private @Nullable Set<String> believed;
  private final Set<String> relied = new HashSet<>();
  private boolean unsaved;

  /** Without {@code files}, what stands in files is compiled as any source. */
  Places(CodeLoader<Script> loader, @Nullable FileLoader<Script> files, MissingNames names) {
    this.loader = loader;
    this.files = files;
    this.names = names;
  }

  /**
   * What is there; null when nothing is.
   *
   * @throws FetchException when that cannot be told
   */
  @Nullable Found at(String url) throws IOException {
    Found known = found.get(url);
    if (known != null || isMissing(url)) {
      return known;
    }
    boolean isFile = url.startsWith("file:");
    Found now = isFile ? file(url) : fetch(url);
    if (now != null) {
      found.put(url, now);
      found.putIfAbsent(now.url(), now);
    } else if (!isFile) {
      unsaved |= missing.add(url);
    }
    return now;
  }

  private boolean isMissing(String url) {
    if (missing.contains(url)) {
      return true;
    }
    boolean believes = believed().contains(url);
    if (believes) {
      relied.add(url);
    }
    return believes;
  }

  private Set<String> believed() {
    Set<String> known = believed;
    if (known == null) {
      known = names.read();
      believed = known;
    }
    return known;
  }

  /** From now on counts on what names it is believed that they are missing. */
  void begin() {
    relied.clear();
  }

  /** Believes it no more of the names that were counted on since {@link #begin}; false for none. */
  boolean doubt() {
    boolean any = believed().removeAll(relied);
    unsaved |= any;
    return any;
  }

  /** Keeps what was missing, if that is news. */
  void save() {
    if (unsaved) {
      unsaved = false;
      Set<String> all = new LinkedHashSet<>(believed());
      all.addAll(missing);
      names.write(all);
    }
  }

  private @Nullable Found file(String url) throws IOException {
    Path file = Path.of(URI.create(url));
    if (!Files.isRegularFile(file)) {
      return null;
    }
    Path real = file.toRealPath();
    boolean reads = files == null || real.toString().endsWith(".json");
    byte[] bytes = reads ? Files.readAllBytes(real) : UNREAD;
    Source source = Source.of(real.toString(), bytes, StandardCharsets.UTF_8);
    return new Found(real.toUri().toString(), source, null, true);
  }

  private @Nullable Found fetch(String url) throws IOException {
    Fetched fetched;
    try {
      fetched = loader.fetch(ResourceRequest.get(url));
    } catch (FetchException e) {
      if (e.status() == 404 || e.status() == 410) {
        return null;
      }
      throw e;
    }
    if (fetched.url().endsWith("/") || isHtml(fetched)) {
      return null;
    }
    Outcome outcome = fetched.outcome();
    boolean changed = outcome == Outcome.STORED || outcome == Outcome.PASSED;
    return new Found(fetched.url(), fetched.source(), fetched, changed);
  }

  private static boolean isHtml(Fetched fetched) throws IOException {
    String type = fetched.headers().first("Content-Type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/html");
  }

  /** The code of what {@link #at} found. */
  Script compile(Found place) throws IOException {
    Fetched fetched = place.fetched();
    if (fetched == null && files != null) {
      return files.load(Path.of(place.source().name())).code();
    }
    Compiled<Script> unit =
        fetched == null ? loader.compile(place.source()) : loader.compile(fetched);
    return unit.code();
  }
}
