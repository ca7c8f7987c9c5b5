package dev.thermae.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.script.Compilable;
import javax.script.CompiledScript;
import javax.script.ScriptEngine;
import org.openjdk.nashorn.api.scripting.NashornScriptEngineFactory;

/**
 * A library on Nashorn with its persistent code cache, whose folder is a property of the JVM.
 *
 * <p>The cache keeps two kinds of code apart, with optimistic types and without, in two folders. A
 * file is written by the thread that compiled, before the code runs ({@code CodeStore} of 15.7), so
 * that whatever ended has stored. Without {@link Mode#EAGER} there is a file for each function that
 * was called, and for each list of types that it was called with.
 */
final class NashornWorkload extends Workload {
  /** The property that tells where the cache is. */
  static final String FOLDER = "nashorn.persistent.code.cache";

  /** Our {@link Stage} as a script; Nashorn's compiler is started by it, outside of the clock. */
  private static final String STAGE =
      "var module = {exports: {}}, exports = module.exports, console = {log: function() {}};";

  /** How Nashorn compiles. */
  enum Mode {
    /** The default: functions when they are called, types as they are known. */
    LAZY("Nashorn, default", List.of()),
    /** Functions when they are called, with types that are guessed, and again if wrongly. */
    OPTIMISTIC("Nashorn, optimistic", List.of("--optimistic-types=true")),
    /** Everything at once, which excludes optimistic types. */
    EAGER("Nashorn, eager", List.of("--lazy-compilation=false"));

    private final String title;
    private final List<String> options;

    Mode(String title, List<String> options) {
      this.title = title;
      this.options = options;
    }
  }

  private final String script;
  private final Mode kind;
  private ScriptEngine engine;

  NashornWorkload(String script, Mode kind) {
    this.script = script;
    this.kind = kind;
  }

  @Override
  String name() {
    return kind + "-" + script;
  }

  @Override
  String title() {
    return kind.title;
  }

  @Override
  List<Peer> peers() {
    return List.of();
  }

  @Override
  byte[] input(Inputs inputs) throws IOException {
    return Scripts.exporting(script);
  }

  @Override
  void initialise() throws Exception {
    List<String> options = new ArrayList<>(List.of("--persistent-code-cache=true"));
    options.addAll(kind.options);
    engine = new NashornScriptEngineFactory().getScriptEngine(options.toArray(new String[0]));
    engine.eval(STAGE);
  }

  @Override
  Object load(String mode, Path folder) throws Exception {
    String text = new String(read(folder), StandardCharsets.UTF_8);
    engine.put(ScriptEngine.FILENAME, script);
    return ((Compilable) engine).compile(text);
  }

  @Override
  String run(Object loaded) throws Exception {
    return String.valueOf(((CompiledScript) loaded).eval());
  }

  /** Nothing: Nashorn stores what it runs. */
  @Override
  void store(Path folder) {}
}
