package dev.thermae.bench;

import dev.thermae.CodeCache;
import dev.thermae.code.Coding;
import dev.thermae.disk.DiskOptions;
import dev.thermae.disk.DiskOptions.Packing;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;

/**
 * A script on Rhino, stored as interpreter code, which is the default, and as class files beside.
 *
 * <p>TypeScript is beyond the limits of class files, so it has no row of them: what lies in their
 * slot is interpreter code too.
 */
final class RhinoWorkload extends Workload {
  /** Our cache, hot, with class files. */
  static final String CLASS_FILES = "Thermae, class files";

  /** Our cache, hot, with bodies and code packed. */
  static final String DEFLATED = "Thermae, deflated";

  private static final String INTERPRETER = "Rhino, interpreter";
  private static final String DEFAULT = "Rhino, default";
  private static final String TRANSPILED =
      """
      module.exports.transpileModule(
          "interface Point { x: number; y: number }\\n" +
          "enum Axis { X, Y }\\n" +
          "export class Line<T extends Point> {\\n" +
          "  constructor(private from: T, private to: T) {}\\n" +
          "  length = (): number => Math.hypot(this.to.x - this.from.x, this.to.y - this.from.y);\\n" +
          "}\\n",
          { compilerOptions: { module: 1, target: 1 } }).outputText""";

  private final String name;
  private final String title;
  private final String script;
  private final boolean transpiles;
  private final List<Peer> peers;
  private Stage stage;

  private RhinoWorkload(
      String name, String title, String script, boolean transpiles, List<Peer> peers) {
    this.name = name;
    this.title = title;
    this.script = script;
    this.transpiles = transpiles;
    this.peers = peers;
  }

  static Workload typescript() {
    return new RhinoWorkload(
        "rhino-typescript",
        "typescript 3.9.10 on Rhino 1.9.2",
        "typescript",
        false,
        List.of(new Peer(INTERPRETER, 5), new Peer(DEFAULT, 8)));
  }

  static Workload transpile() {
    return new RhinoWorkload(
        "rhino-transpile",
        "typescript 3.9.10 on Rhino 1.9.2 transpiles one file",
        "typescript",
        true,
        List.of(new Peer(INTERPRETER, 3), new Peer(DEFAULT, 0)));
  }

  /** A library without ways beside ours, for {@link NashornTable}. */
  static Workload library(String script) {
    return new RhinoWorkload("rhino-" + script, script, script, false, List.of());
  }

  @Override
  String name() {
    return name;
  }

  @Override
  String title() {
    return title;
  }

  @Override
  List<Peer> peers() {
    return peers;
  }

  @Override
  byte[] input(Inputs inputs) throws IOException {
    return transpiles ? Scripts.followed(script, TRANSPILED) : Scripts.exporting(script);
  }

  @Override
  void initialise() {
    stage = new Stage();
  }

  @Override
  Object load(String mode, Path folder) throws Exception {
    return switch (mode) {
      case HOT -> hot(RhinoEngine.create(), folder);
      case DEFLATED -> hot(RhinoEngine.create(), folder, deflated(folder));
      case CLASS_FILES -> hot(RhinoEngine.create().withClassFiles(), folder, classFiles(folder));
      case INTERPRETER, DEFAULT -> {
        String text = new String(read(folder), StandardCharsets.UTF_8);
        yield stage.compile(text, name, mode.equals(INTERPRETER));
      }
      default -> throw new IllegalArgumentException("no way " + mode);
    };
  }

  @Override
  String run(Object loaded) {
    return Context.toString(stage.run((Script) loaded)).replaceAll("\\s+", " ");
  }

  @Override
  void store(Path folder) throws IOException {
    fill(RhinoEngine.create(), folder);
    fill(RhinoEngine.create().withClassFiles(), folder, classFiles(folder));
    Packing packing = new Packing(Coding.DEFLATE, Coding.DEFLATE, Packing.NOTHING.minimumBytes());
    try (CodeCache cache =
        CodeCache.builder()
            .directory(deflated(folder))
            .policy(CachePolicy.eager())
            .disk(DiskOptions.DEFAULTS.packing(packing))
            .build()) {
      cache.compile(RhinoEngine.create(), source(folder));
    }
  }

  /** The cache that is packed. */
  static Path deflated(Path folder) {
    return folder.resolve("deflated");
  }

  /** The cache of class files. */
  static Path classFiles(Path folder) {
    return folder.resolve("class-files");
  }
}
