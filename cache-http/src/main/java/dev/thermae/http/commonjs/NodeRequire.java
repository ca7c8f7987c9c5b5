package dev.thermae.http.commonjs;

import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.JavaScriptException;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.commonjs.module.ModuleScope;
import org.mozilla.javascript.commonjs.module.ModuleScript;
import org.mozilla.javascript.commonjs.module.Require;

/**
 * Rhino's {@code require}, given the URL that Node's order of looking finds for an id: a module is
 * one module whatever it is called by.
 */
final class NodeRequire extends Require {
  private static final long serialVersionUID = 1;

  private final transient Scriptable natives;
  private final transient Places places;
  private final transient Loading loading;
  private final URI root;

  NodeRequire(Context context, Scriptable natives, URI root, Places places) {
    this(context, natives, root, places, new Loading());
  }

  private NodeRequire(
      Context context, Scriptable natives, URI root, Places places, Loading loading) {
    super(
        context,
        natives,
        (running, url, uri, base, paths) -> script(places, url),
        loading,
        null,
        false);
    this.natives = natives;
    this.root = root;
    this.places = places;
    this.loading = loading;
  }

  private static @Nullable ModuleScript script(Places places, String url) throws IOException {
    synchronized (places) {
      Found found = places.at(url);
      if (found == null) {
        return null;
      }
      boolean json = found.url().endsWith(".json");
      return new ModuleScript(
          json ? new JsonModule(found) : places.compile(found), URI.create(found.url()), null);
    }
  }

  @Override
  public Object call(Context context, Scriptable scope, Scriptable self, Object[] arguments) {
    if (arguments.length == 0 || !(arguments[0] instanceof CharSequence)) {
      throw ScriptRuntime.typeError("require needs a string");
    }
    String url = url(context, referrer(scope, self), arguments[0].toString());
    Object soFar = loading.exports(url);
    if (soFar != null) {
      return soFar;
    }
    try {
      return super.call(context, scope, self, new Object[] {url});
    } finally {
      ended(url);
    }
  }

  @Override
  public Scriptable requireMain(Context context, String id) {
    String url = url(context, root, id);
    try {
      return super.requireMain(context, url);
    } finally {
      ended(url);
    }
  }

  private void ended(String url) {
    if (loading.ended(url)) {
      synchronized (places) {
        places.save();
      }
    }
  }

  /** The module that calls; the root where a script does that is none. */
  private URI referrer(@Nullable Scriptable scope, @Nullable Scriptable self) {
    if (self instanceof ModuleScope) {
      return ((ModuleScope) self).getUri();
    }
    Scriptable top = scope == null ? null : ScriptableObject.getTopLevelScope(scope);
    return top instanceof ModuleScope ? ((ModuleScope) top).getUri() : root;
  }

  private String url(Context context, URI from, String id) {
    Found found;
    try {
      synchronized (places) {
        found = id.isEmpty() ? null : new Lookup(context, natives, places).find(from, id);
      }
    } catch (IOException e) {
      throw Context.throwAsScriptRuntimeEx(e);
    }
    if (found == null) {
      throw missing(context, id, from);
    }
    return found.url();
  }

  private JavaScriptException missing(Context context, String id, URI from) {
    JavaScriptException error =
        ScriptRuntime.throwError(
            context, natives, "Cannot find module '" + id + "' required from " + from);
    ScriptableObject.putProperty((Scriptable) error.getValue(), "code", "MODULE_NOT_FOUND");
    return error;
  }
}
