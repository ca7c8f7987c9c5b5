package dev.thermae.http.commonjs;

import dev.thermae.file.FileLoader;
import dev.thermae.http.CodeLoader;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.commonjs.module.Require;

/**
 * CommonJS: Rhino's own {@code require}, its modules found over HTTP and in files in the order that
 * Node documents, fetched and compiled through a {@link CodeLoader}. Thread-safe.
 *
 * <pre>{@code
 * CommonJs modules = CommonJs.of(loader, "https://example.org/app/");
 * Require require = modules.require(context, scope);
 * Scriptable exports = require.requireMain(context, "./main");
 * }</pre>
 *
 * <p>An id that begins with {@code ./}, {@code ../} or {@code /} is a file, the same with {@code
 * .js} or {@code .json} added, or a folder; any other is looked for in the folders {@code
 * node_modules} from the module's own up. A folder stands for what {@code main} of its {@code
 * package.json} names, else for its {@code index.js} or {@code index.json}. {@code exports} of
 * {@code package.json}, Node's own modules and modules at URLs are not known. Where modules require
 * each other in a cycle, who comes second sees what the first has exported so far.
 *
 * <p>Modules see {@code exports}, {@code module}, {@code require}, {@code __filename} and {@code
 * __dirname}; the latter are URLs for what came over HTTP. A module is a script with a scope of its
 * own and not a function body: {@code return} outside of functions is an error.
 *
 * <p>Over HTTP a name is missing when the answer is 404, 410, a folder (a URL that ends with a
 * slash) or HTML. Names that were missing are remembered in the store and not asked for again by
 * later processes, while what was found in their stead is unchanged: a 200 of a module or a {@code
 * package.json} has its id looked up anew, as does an id that leads nowhere. Files are looked for
 * every time, and read, unless a {@link #files FileLoader} knows that they are unchanged.
 *
 * <p>A module that cannot be found is an {@code Error} with {@code code} {@code MODULE_NOT_FOUND},
 * which scripts can catch; one that does not compile is a {@link
 * dev.thermae.engine.CompileException}.
 */
public final class CommonJs {
  private final CodeLoader<Script> loader;
  private final URI root;
  private final @Nullable FileLoader<Script> files;

  private CommonJs(CodeLoader<Script> loader, URI root, @Nullable FileLoader<Script> files) {
    this.loader = loader;
    this.root = root;
    this.files = files;
  }

  /**
   * Modules below a URL, whose last segment counts when a slash follows it; {@code http}, {@code
   * https} and {@code file}.
   *
   * @throws IllegalArgumentException when {@code root} is no such URL
   */
  public static CommonJs of(CodeLoader<Script> loader, String root) {
    URI uri = URI.create(root);
    String scheme = uri.getScheme();
    if (scheme == null || uri.isOpaque() || !scheme.matches("https?|file")) {
      throw new IllegalArgumentException("neither http, https nor file: " + root);
    }
    return new CommonJs(loader, uri, null);
  }

  /** Modules in a folder, which has to exist. */
  public static CommonJs of(CodeLoader<Script> loader, Path folder) {
    return of(loader, folder.toUri().toString());
  }

  /**
   * The same, with scripts in files loaded through {@code files}, which stays the caller's and may
   * watch them: then modules that did not change are answered from memory, a changed one is seen by
   * the next {@link #require}, and nothing but that one is compiled. A {@code require} keeps the
   * modules it has loaded; the listener of {@code files} says when to make another.
   *
   * <pre>{@code
   * FileLoader<Script> files =
   *     FileLoader.builder(loader.cache(), engine).watch(folder).listener(this).build();
   * CommonJs modules = CommonJs.of(loader, folder).files(files);
   * }</pre>
   *
   * <p>Which file an id means is looked up in each {@code require}, and {@code package.json} and
   * modules in JSON are read there.
   */
  public CommonJs files(FileLoader<Script> files) {
    return new CommonJs(loader, root, files);
  }

  /**
   * A new {@code require} with modules of its own, for a program: {@link Require#requireMain} loads
   * its main module, {@link Require#install} lets scripts that are no modules require from the
   * root. Each URL is asked for once.
   *
   * @param scope the standard objects that modules see
   */
  public Require require(Context context, Scriptable scope) {
    Places places = new Places(loader, files, new MissingNames(loader.cache(), root.toString()));
    return new NodeRequire(context, scope, root, places);
  }
}
