package dev.thermae.cli;

import dev.thermae.code.Seal;
import dev.thermae.code.SigningKeys;
import dev.thermae.disk.DiskInspection;
import dev.thermae.disk.DiskOptions;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.FolderRefusedException;
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
    Path named = chosen();
    return named == null ? DiskStore.defaultFolder() : named;
  }

  String folderName() {
    return folder().toAbsolutePath().normalize().toString();
  }

  /** The folder, null when none was chosen. */
  @Nullable Path chosen() {
    if (dir != null && dir.toString().isEmpty()) {
      throw wrong("--dir", "it is empty; the current folder is .", null);
    }
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
      return DiskStore.openAboveBases(chosen(), seal, counters, time, bounds);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  /** Opens the folder, which must be there, to look at it: that changes nothing. */
  DiskStore openToLook(Counters counters, TimeSource time) throws FailedException {
    requireThere();
    Seal seal = seal();
    try {
      return DiskInspection.open(chosen(), seal, counters, time);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  private void requireThere() throws FailedException {
    if (!isThere()) {
      throw new FailedException("there is no cache folder at " + folderName(), null);
    }
  }

  /** Whether there is a cache in the folder; false when nothing stands in the way of one. */
  boolean isThere() throws FailedException {
    try {
      return DiskInspection.isUsable(folder(), keys != null);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  /** Who only looks or tidies is not told to remove what another user may well be using. */
  private static FailedException refused(IOException fault) {
    boolean foreign = fault instanceof FolderRefusedException known && known.isForeign();
    String message =
        foreign
            ? ((FolderRefusedException) fault).fault() + ": run it as that user"
            : String.valueOf(fault.getMessage());
    return new FailedException(message, fault);
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
