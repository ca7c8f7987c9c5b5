package dev.thermae.bench;

import dev.thermae.engine.quickjs.QuickJsEngine;
import dev.thermae.engine.quickjs.QuickJsUnit;
import io.roastedroot.quickjs4j.core.Engine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** three.js on QuickJS, which no engine written in Java parses. */
final class ThreeWorkload extends Workload {
  private static final String COMPILE = "quickjs4j, compiled";
  private static final String BEFORE =
      "var exports = {}, module = { exports }, self = globalThis, window = globalThis;\n";
  private static final String AFTER =
      "\n;console.log(exports.REVISION + ' ' + Object.keys(exports).length);";

  private Engine runtime;

  @Override
  String name() {
    return "three";
  }

  @Override
  String title() {
    return "three.js r147 on QuickJS (quickjs4j 0.1.0)";
  }

  @Override
  List<Peer> peers() {
    return List.of(new Peer(COMPILE, 4));
  }

  @Override
  byte[] input(Inputs inputs) throws Exception {
    byte[] text =
        inputs.npm(
            "three@0.147.0",
            "build/three.js",
            "8aea2e122f8e0ade5a321a91388c7b7ace7f5432bb9914e755dc5a3914de87b3");
    return (BEFORE + new String(text, StandardCharsets.UTF_8) + AFTER)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  void initialise() {
    runtime = Engine.builder().build();
  }

  @Override
  Object load(String mode, Path folder) throws Exception {
    if (mode.equals(HOT)) {
      QuickJsUnit unit = hot(QuickJsEngine.create(), folder);
      return runtime.writeCompiled(unit.bytecode());
    }
    return runtime.compileRaw(read(folder));
  }

  @Override
  String run(Object loaded) {
    runtime.exec((Integer) loaded);
    return runtime.stdout().strip();
  }

  @Override
  void store(Path folder) throws Exception {
    fill(QuickJsEngine.create(), folder);
  }
}
