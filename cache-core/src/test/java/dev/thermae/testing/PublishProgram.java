package dev.thermae.testing;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Seal;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskStore;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.Lead;
import dev.thermae.store.NewBody;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that publishes one new version of a resource, with mark, code and a later head, on a
 * thread that does nothing else, so that its system calls can be counted. It says which thread that
 * is, and waits for a line before it begins.
 */
public final class PublishProgram {
  /** The resource that is published. */
  public static final String KEY = "url \nhttps://example.org/published";

  private PublishProgram() {}

  /** Arguments: folder. */
  public static void main(String[] arguments) throws Exception {
    Thread thread = new Thread(() -> work(Path.of(arguments[0])));
    thread.start();
    thread.join();
  }

  private static void work(Path folder) {
    try {
      TimeSource time = TimeSource.SYSTEM;
      Store store = DiskStore.open(folder, Seal.checksum(), new Counters(null), time);
      publish(store, KEY + "/other", "loads the classes", time.millis());
      publish(store, KEY + "/other", "loads the rest of them", time.millis());
      store.invalidate(KEY + "/other", time.millis() + 1);
      String self = Files.readSymbolicLink(Path.of("/proc/thread-self")).toString();
      ChildJvm.say(self.substring(self.lastIndexOf('/') + 1));
      if (System.in.read() >= 0) {
        publish(store, KEY, "new", time.millis());
        ChildJvm.say("published");
      }
    } catch (IOException e) {
      ChildJvm.say("failed " + e);
    }
  }

  /** The source of a version. */
  public static Source source(String version) {
    return Source.of("published.txt", (version + '\n').repeat(300));
  }

  /** Body, mark, code, head, and another head, under the lead. */
  public static void publish(Store store, String key, String version, long millis)
      throws IOException {
    Source source = source(version);
    TextEngine engine = new TextEngine();
    CodeKey code = new CodeKey("", source, Shape.SCRIPT, EngineFingerprint.compute(engine));
    String slot = StoredEntry.slot(code);
    Lead lead = store.lead(key, 0);
    try (NewBody body = store.newBody(key)) {
      body.write(source.bytes());
      StoredEntry stored = store.put(TestHeads.of(key, millis, source.bytes().length), body);
      stored.mark(slot, true);
      stored.mark(slot, false);
      byte[] payload = engine.serialize(engine.compile(source, Shape.SCRIPT));
      stored.attach(
          slot,
          code.seal(store.seal(), stored.head().keyHash(), stored.head().generation(), payload));
      store.withHead(stored, TestHeads.validated(stored.head(), millis + 1));
    } finally {
      lead.close();
    }
  }
}
