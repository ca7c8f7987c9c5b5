package dev.thermae.http.commonjs;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Undefined;

/**
 * Runs before each module: gives it its names, and notes that it is being loaded by this thread, so
 * that a cycle sees what {@code module.exports} is by then. Thread-safe.
 */
final class Loading implements Script {
  private final ThreadLocal<Map<String, Scriptable>> modules =
      ThreadLocal.withInitial(HashMap::new);

  @Override
  public Object exec(Context context, Scriptable scope, Scriptable exports) {
    Scriptable module = (Scriptable) ScriptableObject.getProperty(scope, "module");
    String url = Context.toString(ScriptableObject.getProperty(module, "uri"));
    boolean isFile = url.startsWith("file:");
    String name = isFile ? Path.of(URI.create(url)).toString() : url;
    int end = Math.max(name.lastIndexOf('/'), isFile ? name.lastIndexOf('\\') : -1);
    ScriptableObject.putProperty(scope, "__filename", name);
    ScriptableObject.putProperty(scope, "__dirname", name.substring(0, Math.max(end, 0)));
    modules.get().put(url, module);
    return Undefined.instance;
  }

  /** What the module exports so far; null when this thread is not loading it. */
  @Nullable Object exports(String url) {
    Scriptable module = modules.get().get(url);
    return module == null ? null : ScriptableObject.getProperty(module, "exports");
  }

  /** The module is loaded, or failed to; says whether it was the outermost one. */
  boolean ended(String url) {
    Map<String, Scriptable> mine = modules.get();
    mine.remove(url);
    if (mine.isEmpty()) {
      modules.remove();
      return true;
    }
    return false;
  }
}
