package dev.thermae.cli;

import dev.thermae.code.SigningKeys;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.KeyFolder;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the proxy keeps things. */
final class ServedFolder {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-d", "--dir"},
      paramLabel = "DIR",
      description =
          "The cache folder, made where it is missing (default: THERMAE_DIR, else the folder"
              + " thermae in the user's cache home).")
  private @Nullable Path dir;

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description =
          "The folder of a signed cache's secrets, files named 1.key, 2.key and so on; the highest"
              + " number signs.")
  private @Nullable Path keys;

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  ServedFolder() {}

  /** The folder, null when none was chosen. */
  @Nullable Path chosen() {
    return dir;
  }

  /** The secrets of signed mode; null without. */
  @Nullable SigningKeys keys() {
    if (keys == null) {
      return null;
    }
    try {
      KeyFolder.requireOutside(keys, dir == null ? DiskStore.defaultFolder() : dir);
      return KeyFolder.read(keys);
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--keys: " + e.getMessage(), e);
    }
  }
}
