package dev.thermae.bench;

import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.V8ScriptOrigin;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.reference.V8Script;
import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.engine.v8.V8Engine;
import dev.thermae.engine.v8.V8Unit;
import dev.thermae.policy.CachePolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A compiler written in JavaScript, on V8: what is stored was harvested after its first run. */
final class V8Workload extends Workload {
  private static final String COMPILE = "V8, compiled";
  private static final String BEFORE =
      "var exports = {}, module = { exports }, self = globalThis, window = globalThis;\n";

  private final String name;
  private final String packed;
  private final String path;
  private final String digest;
  private final String after;
  private final double target;
  private V8Runtime runtime;
  private V8Unit held; // its script is good as long as it is

  private V8Workload(
      String name, String packed, String path, String digest, String after, double target) {
    this.name = name;
    this.packed = packed;
    this.path = path;
    this.digest = digest;
    this.after = after;
    this.target = target;
  }

  static Workload babel() {
    return new V8Workload(
        "v8-babel",
        "@babel/standalone@7.29.13",
        "babel.js",
        "6a650cbcef54f6088df4cd3154803872a02908298a65b755c3da8ca327dd1291",
        "\n;module.exports.version + ' ' + Object.keys(module.exports).length",
        3);
  }

  static Workload typescript() {
    return new V8Workload(
        "v8-typescript",
        "typescript@5.4.5",
        "lib/typescript.js",
        "d4eeb6e18a598a21aa0a5c09a52270856e4b23bd31d9c7c60ab80a22b275b07b",
        "\n;module.exports.version + ' ' + Object.keys(module.exports).length",
        2.5);
  }

  @Override
  String name() {
    return name;
  }

  @Override
  String title() {
    return packed + " on V8 (Javet 5.0.6)";
  }

  @Override
  List<Peer> peers() {
    return List.of(new Peer(COMPILE, target));
  }

  @Override
  byte[] input(Inputs inputs) throws Exception {
    String text = new String(inputs.npm(packed, path, digest), StandardCharsets.UTF_8);
    return (BEFORE + text + after).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  void initialise() throws Exception {
    runtime = V8Host.getV8Instance().createV8Runtime();
    runtime.getExecutor("1").executeVoid();
  }

  @Override
  Object load(String mode, Path folder) throws Exception {
    if (mode.equals(HOT)) {
      held = hot(V8Engine.of(runtime), folder);
      return held.script();
    }
    String text = new String(read(folder), StandardCharsets.UTF_8);
    return runtime.compileV8Script(text, null, new V8ScriptOrigin(name, 0, 0), true);
  }

  @Override
  String run(Object loaded) throws Exception {
    try (V8Value result = ((V8Script) loaded).execute(true)) {
      return String.valueOf(result);
    }
  }

  @Override
  void store(Path folder) throws Exception {
    initialise();
    try (CodeCache cache =
        CodeCache.builder().directory(cache(folder)).policy(CachePolicy.eager()).build()) {
      Compiled<V8Unit> unit = cache.compile(V8Engine.of(runtime), source(folder));
      unit.code().run().close();
      unit.ran();
    }
  }
}
