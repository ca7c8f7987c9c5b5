package dev.thermae.cli;

import dev.thermae.code.Seal;
import dev.thermae.code.SigningKeys;
import dev.thermae.disk.DiskInspection;
import dev.thermae.disk.DiskOptions;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.KeyFolder;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.http.report.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command: where the cache is, whose, and how to print. */
final class FolderOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-d", "--dir"},
      paramLabel = "DIR",
      description =
          "The cache folder (default: THERMAE_DIR, else the folder thermae in the user's cache"
              + " home).")
  private @Nullable Path dir;

  @Option(
      names = "--namespace",
      defaultValue = "",
      paramLabel = "NAME",
      description = "Tenant or trust domain: namespaces share nothing (default: the empty one).")
  private String namespace;

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description =
          "The folder of a signed cache's secrets, files named 1.key, 2.key and so on; the highest"
              + " number signs.")
  private @Nullable Path keys;

  @Option(names = "--json", description = "Prints JSON instead of text.")
  private boolean json;

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  FolderOptions() {}

  /** The folder, chosen or by default; it need not exist. */
  Path folder() {
    return dir == null ? DiskStore.defaultFolder() : dir;
  }

  String folderName() {
    return folder().toAbsolutePath().normalize().toString();
  }

  /** The folder, null when none was chosen. */
  @Nullable Path chosen() {
    return dir;
  }

  String namespace() {
    if (namespace.indexOf('\n') >= 0) {
      throw wrong("--namespace", "it has a line break", null);
    }
    return namespace;
  }

  /** The secrets of signed mode; null without. */
  @Nullable SigningKeys keys() {
    if (keys == null) {
      return null;
    }
    try {
      KeyFolder.requireOutside(keys, folder());
      return KeyFolder.read(keys);
    } catch (IOException | IllegalArgumentException e) {
      throw wrong("--keys", String.valueOf(e.getMessage()), e);
    }
  }

  /** The folder of the secrets as it was named; null without. */
  @Nullable String keyFolderName() {
    return keys == null ? null : keys.toString();
  }

  Seal seal() {
    SigningKeys secrets = keys();
    return secrets == null ? Seal.checksum() : Seal.signed(secrets, namespace());
  }

  boolean isJson() {
    return json;
  }

  /** Opens the folder, which must be there, to change it. */
  DiskStore open(Counters counters, TimeSource time, @Nullable DiskOptions bounds)
      throws FailedException {
    requireThere();
    Seal seal = seal();
    try {
      return dir == null
          ? DiskStore.openDefault(seal, counters, time, bounds)
          : DiskStore.open(dir, seal, counters, time, bounds);
    } catch (IOException e) {
      throw new FailedException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Opens the folder, which must be there, to look at it: that changes nothing. */
  DiskStore openToLook(Counters counters, TimeSource time) throws FailedException {
    requireThere();
    Seal seal = seal();
    try {
      return DiskInspection.open(dir, seal, counters, time);
    } catch (IOException e) {
      throw new FailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private void requireThere() throws FailedException {
    if (!DiskInspection.isThere(folder())) {
      throw new FailedException("there is no cache folder at " + folderName(), null);
    }
  }

  /** Prints a report as it was asked for. */
  void print(Record report, String text) {
    say(json ? Json.of(report) : text);
  }

  void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }

  void complain(String message) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("thermae: " + message);
    err.flush();
  }

  /** For an option that does not fit. */
  ParameterException wrong(String option, String why, @Nullable Exception fault) {
    return new ParameterException(spec.commandLine(), option + ": " + why, fault);
  }
}
