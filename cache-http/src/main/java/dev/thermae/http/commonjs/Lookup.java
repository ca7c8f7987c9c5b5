package dev.thermae.http.commonjs;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.json.JsonParser;

/** What an id means in a module, by the algorithm of Node's documentation. Used once. */
final class Lookup {
  private final Context context;
  private final Scriptable scope;
  private final Places places;
  private boolean changed;

  Lookup(Context context, Scriptable scope, Places places) {
    this.context = context;
    this.scope = scope;
    this.places = places;
  }

  /** The file that {@code id} stands for in the module at {@code from}; null when there is none. */
  @Nullable Found find(URI from, String id) throws IOException {
    Found found;
    do {
      places.begin();
      found = search(from, id);
    } while ((found == null || changed) && places.doubt());
    return found;
  }

  private @Nullable Found search(URI from, String id) throws IOException {
    String path = path(id);
    boolean relative = id.matches("\\.\\.?(/.*)?");
    if (relative || id.startsWith("/")) {
      boolean folder = id.matches("(.*/)?\\.{0,2}");
      return fileOrFolder(from.resolve(relative ? path : '/' + path), folder);
    }
    for (URI folder = from.resolve("."); ; folder = folder.resolve("..")) {
      String above = folder.getRawPath();
      if (!above.endsWith("/node_modules/")) {
        URI target = folder.resolve("node_modules/" + path).normalize();
        Found found = fileOrFolder(target, path.endsWith("/"));
        if (found != null) {
          return found;
        }
      }
      if (above.equals("/") || above.startsWith("/..")) {
        return null;
      }
    }
  }

  /** The id as a path, what a URL cannot hold quoted, without slashes before it. */
  private static String path(String id) throws IOException {
    try {
      String plain = id.replaceFirst("^/+", "");
      return new URI("file", null, '/' + plain, null).getRawPath().substring(1);
    } catch (URISyntaxException e) {
      throw new IOException("not a module id: " + id, e);
    }
  }

  private @Nullable Found fileOrFolder(URI target, boolean folderOnly) throws IOException {
    String url = target.toString();
    Found file = folderOnly || url.endsWith("/") ? null : file(url);
    return file != null ? file : folder(url.endsWith("/") ? url : url + '/');
  }

  private @Nullable Found file(String url) throws IOException {
    Found exact = at(url);
    Found script = exact == null ? at(url + ".js") : exact;
    return script == null ? at(url + ".json") : script;
  }

  private @Nullable Found folder(String url) throws IOException {
    Found manifest = at(url + "package.json");
    String main = manifest == null ? null : main(manifest);
    if (main != null && !main.isEmpty()) {
      String target = URI.create(url).resolve(path(main)).toString();
      Found found = target.endsWith("/") ? null : file(target);
      found = found == null ? index(target.endsWith("/") ? target : target + '/') : found;
      if (found != null) {
        return found;
      }
    }
    return index(url);
  }

  private @Nullable Found index(String url) throws IOException {
    Found script = at(url + "index.js");
    return script == null ? at(url + "index.json") : script;
  }

  private @Nullable Found at(String url) throws IOException {
    Found found = places.at(url);
    changed |= found != null && found.changed();
    return found;
  }

  private @Nullable String main(Found manifest) throws IOException {
    try {
      Object value = new JsonParser(context, scope).parseValue(manifest.source().text());
      Object main =
          value instanceof Scriptable
              ? ScriptableObject.getProperty((Scriptable) value, "main")
              : null;
      return main instanceof CharSequence ? main.toString() : null;
    } catch (JsonParser.ParseException e) {
      throw new IOException("not JSON: " + manifest.url() + ": " + e.getMessage(), e);
    }
  }
}
