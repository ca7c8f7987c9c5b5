package dev.thermae.samples;

import dev.thermae.Compiled;
import dev.thermae.code.Ed25519PublicKeys;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.http.CodeLoader;
import dev.thermae.http.ProxyTier;
import dev.thermae.policy.CachePolicy;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.mozilla.javascript.Script;

/**
 * A worker of a fleet: loads and exercises one script after the other, as it is told, and knows of
 * the proxy no more than its address and public key.
 */
final class FleetWorker {
  /** Longer than the proxy lets a request for code wait. */
  private static final Duration PATIENCE = Duration.ofSeconds(70);

  private FleetWorker() {}

  /** Arguments: folder, URL of the proxy, origin behind it, file of the public key. */
  public static void main(String[] args) throws Exception {
    DataOutputStream answer = new DataOutputStream(System.out);
    System.setOut(System.err);
    DataInputStream orders = new DataInputStream(System.in);
    DeepStack.call(() -> work(args, orders, answer));
  }

  private static Void work(String[] args, DataInputStream orders, DataOutputStream answer)
      throws IOException {
    CountingEngine<Script> engine = new CountingEngine<>(RhinoEngine.create());
    ProxyTier proxy =
        ProxyTier.builder(args[1], Ed25519PublicKeys.read(1, Path.of(args[3])))
            .origin(args[2])
            .timeout(PATIENCE)
            .limit(PATIENCE)
            .build();
    try (CodeLoader<Script> loader =
        CodeLoader.builder(engine)
            .directory(Path.of(args[0]))
            .policy(CachePolicy.eager())
            .proxy(proxy)
            .build()) {
      for (String name = next(orders); !name.isEmpty(); name = next(orders)) {
        load(loader, engine, args[2], ScriptLibrary.one(name), answer);
      }
    }
    return null;
  }

  /** The name of a script; empty at the end. */
  private static String next(DataInputStream orders) throws IOException {
    try {
      return orders.readUTF();
    } catch (EOFException e) {
      return "";
    }
  }

  private static void load(
      CodeLoader<Script> loader,
      CountingEngine<Script> engine,
      String origin,
      ScriptLibrary library,
      DataOutputStream answer)
      throws IOException {
    int before = engine.compiles();
    try (Stage stage = Stage.open()) {
      long start = System.nanoTime();
      Compiled<Script> unit = loader.load(origin + '/' + library.name() + ".js");
      long load = System.nanoTime() - start;
      stage.run(unit.code());
      String result = stage.exercise(library);
      loader.cache().flush();
      answer.writeUTF(unit.temperature().name());
      answer.writeInt(engine.compiles() - before);
      answer.writeLong(load);
      byte[] text = result.getBytes(StandardCharsets.UTF_8);
      answer.writeInt(text.length);
      answer.write(text);
      answer.flush();
    }
  }
}
