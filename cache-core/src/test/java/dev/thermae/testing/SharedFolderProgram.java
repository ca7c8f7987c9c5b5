package dev.thermae.testing;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.SigningKeys;
import dev.thermae.code.Source;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that shares a signed folder with processes of other users. */
public final class SharedFolderProgram {
  private SharedFolderProgram() {}

  /** The key of all that share. */
  public static SigningKeys keys() {
    return SigningKeys.of(5, "a secret that they all know".getBytes(StandardCharsets.UTF_8));
  }

  /** Arguments: the folder, then names to load, or to invalidate where they begin with a minus. */
  public static void main(String[] arguments) throws IOException {
    RecordingListener seen = new RecordingListener();
    TextEngine engine = new TextEngine();
    for (int i = 1; i < arguments.length; i++) {
      try (CodeCache cache =
          CodeCache.builder()
              .directory(Path.of(arguments[0]))
              .signed(keys())
              .policy(CachePolicy.eager())
              .listener(seen)
              .build()) {
        String name = arguments[i];
        if (name.startsWith("-")) {
          cache.store().invalidate(name.substring(1), cache.time().millis() + 1);
          ChildJvm.say("invalidated");
        } else {
          Compiled<TextUnit> unit = cache.compile(engine, Source.of(name, "text " + name));
          ChildJvm.say(name + " " + unit.temperature());
          cache.flush();
        }
      }
    }
    ChildJvm.say("faults " + seen.faults() + seen.warnings() + seen.rejections());
  }
}
