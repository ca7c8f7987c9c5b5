package dev.thermae.bench;

import com.dylibso.chicory.compiler.Cache;
import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import dev.thermae.engine.wasm.WasmEngine;
import dev.thermae.engine.wasm.WasmUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** SQLite as WebAssembly, until it is runnable; then a query. */
final class SqliteWorkload extends Workload {
  private static final String COMPILE = "Chicory, compiled";
  private static final String OWN_CACHE = "Chicory, its cache";
  private static final String JAR = "chicory.jar";

  @Override
  String name() {
    return "sqlite";
  }

  @Override
  String title() {
    return "SQLite 3.53.4 as WebAssembly: until it is runnable, and a query";
  }

  @Override
  List<Peer> peers() {
    return List.of(new Peer(COMPILE, 8), new Peer(OWN_CACHE, 2));
  }

  @Override
  boolean targetsLoading() {
    return true;
  }

  @Override
  byte[] input(Inputs inputs) throws Exception {
    return inputs.npm(
        "@sqlite.org/sqlite-wasm@3.53.4-build2",
        "dist/sqlite3.wasm",
        "2ee8f3dab694532afc8840e07703127287662d08b74e6ff50491ce63f00d5752");
  }

  @Override
  Object load(String mode, Path folder) throws Exception {
    if (mode.equals(HOT)) {
      WasmUnit unit = hot(WasmEngine.create(), folder);
      return SqliteHost.start(unit.instance(), unit.wasmModule());
    }
    WasmModule module = Parser.parse(read(folder));
    MachineFactoryCompiler.Builder compiler =
        MachineFactoryCompiler.builder(module).withInterpreterFallback(InterpreterFallback.SILENT);
    if (mode.equals(OWN_CACHE)) {
      compiler.withCache(new OneFile(folder.resolve(JAR)));
    }
    return SqliteHost.start(
        Instance.builder(module).withMachineFactory(compiler.compile()), module);
  }

  @Override
  String run(Object loaded) {
    return SqliteHost.query((Instance) loaded);
  }

  @Override
  void store(Path folder) throws Exception {
    fill(WasmEngine.create(), folder);
    load(OWN_CACHE, folder);
  }

  /** The plainest cache that Chicory can be given: its jar in a file that nobody checks. */
  private record OneFile(Path file) implements Cache {
    @Override
    public byte[] get(String key) throws IOException {
      return Files.exists(file) ? Files.readAllBytes(file) : null;
    }

    @Override
    public void putIfAbsent(String key, byte[] data) throws IOException {
      Files.write(file, data);
    }
  }
}
