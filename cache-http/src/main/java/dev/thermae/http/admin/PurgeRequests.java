package dev.thermae.http.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** Reads requests to purge, and answers what was purged. Thread-safe. */
final class PurgeRequests {
  private final Purger purger;
  private final StatusBoard board;

  PurgeRequests(Purger purger, StatusBoard board) {
    this.purger = purger;
    this.board = board;
  }

  /**
   * {@code POST /purge} with {@code url}, {@code prefix} or {@code key} in the query or in a form,
   * and {@code soft=true}; {@code PURGE} with the path of a resource, or with {@code
   * Surrogate-Key}, and {@code Soft-Purge: 1}.
   */
  void answer(Request request, Response response, Callback callback) throws IOException {
    String path = request.getHttpURI().getCanonicalPath();
    boolean form = "/purge".equals(path);
    if (!form && request.getMethod().equals("POST")) {
      AdminReply.problem(response, 404, "there is nothing here", callback);
      return;
    }
    Fields fields = form ? parameters(request) : new Fields();
    String header = request.getHeaders().get("Soft-Purge");
    boolean soft = "1".equals(header) || "true".equals(fields.getValue("soft"));
    Set<String> keys = new LinkedHashSet<>(values(fields, "key"));
    for (String line : request.getHeaders().getValuesList("Surrogate-Key")) {
      keys.addAll(List.of(line.trim().split("\\s+", -1)));
    }
    keys.removeIf(String::isBlank);
    List<String> urls = new ArrayList<>();
    for (String url : values(fields, "url")) {
      urls.add(absolute(url));
    }
    if (!form && (keys.isEmpty() || !"/".equals(path))) {
      urls.add(absolute(request.getHttpURI().getPathQuery()));
    }
    List<String> prefixes = new ArrayList<>();
    for (String prefix : values(fields, "prefix")) {
      prefixes.add(absolute(prefix));
    }
    if (urls.isEmpty() && keys.isEmpty() && prefixes.isEmpty()) {
      throw new IllegalArgumentException("purge what? Say url, prefix or key");
    }
    Purger.Mode mode = soft ? Purger.Mode.SOFT : Purger.Mode.HARD;
    AdminReply.json(response, 200, purge(urls, prefixes, keys, mode), callback);
  }

  private static Fields parameters(Request request) throws IOException {
    try {
      return Request.getParameters(request);
    } catch (Exception e) {
      throw new IOException("the form cannot be read: " + e.getMessage(), e);
    }
  }

  private static List<String> values(Fields fields, String name) {
    List<String> values = new ArrayList<>();
    for (String value : fields.getValuesOrEmpty(name)) {
      if (!value.isBlank()) {
        values.add(value.strip());
      }
    }
    return values;
  }

  /** A path is one at the origin. */
  private String absolute(String url) {
    String origin = board.origin();
    return url.startsWith("/") && origin != null ? origin + url : url;
  }

  private Purger.Purged purge(
      List<String> urls, List<String> prefixes, Set<String> keys, Purger.Mode mode)
      throws IOException {
    try {
      Purger.Purged sum = purger.urls(urls, mode);
      for (String prefix : prefixes) {
        sum = sum.plus(purger.prefix(prefix, mode));
      }
      return keys.isEmpty() ? sum : sum.plus(purger.surrogateKeys(keys, mode));
    } finally {
      purger.forgetMemory();
    }
  }
}
