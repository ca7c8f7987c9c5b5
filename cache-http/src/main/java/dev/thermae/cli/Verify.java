package dev.thermae.cli;

import dev.thermae.disk.Damage;
import dev.thermae.disk.DiskRemoval;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.DiskSurvey;
import dev.thermae.disk.DiskVerification;
import dev.thermae.disk.StoredFile;
import dev.thermae.disk.StoredResource;
import dev.thermae.engine.Engine;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.http.compile.Engines;
import dev.thermae.http.report.CurrentEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thermae verify}: every file of a folder, checked. */
@Command(
    name = "verify",
    description = {
      "Checks every file of a cache folder: heads, bodies, code, records, names, references.",
      "",
      "Ends with 1 when something is damaged, or could not be checked. Damage costs a load its cached code and nothing else:"
          + " readers check for themselves. Files that a killed process left behind are listed and"
          + " are no damage. Other processes may be using the folder. What cannot be read, and what"
          + " is signed with keys that are not given or for another namespace, cannot be checked: it"
          + " is counted apart, and --delete leaves it alone."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {"", "Example:", "  thermae verify --recompile --dir /var/cache/app/thermae"})
final class Verify implements Callable<Integer> {
  @Mixin private FolderOptions options;

  @Option(
      names = "--recompile",
      description = "Compiles stored sources anew, and compares stored code of this engine.")
  private boolean recompile;

  @Option(
      names = "--engine",
      defaultValue = "rhino",
      paramLabel = "NAME",
      description = "What compiles, with --recompile (default: ${DEFAULT-VALUE}).")
  private String engine;

  @Option(names = "--delete", description = "Deletes what is damaged, and what nobody needs.")
  private boolean delete;

  private final TimeSource time = TimeSource.SYSTEM;
  private final List<VerifyReport.Finding> findings = new ArrayList<>();
  private @Nullable Recompiler recompiler;
  private long resources;
  private long files;
  private long bytes;

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  Verify() {}

  @Override
  public Integer call() throws FailedException {
    try (DiskStore store = options.openToLook(new Counters(null), time)) {
      if (recompile) {
        CurrentEngine current = CurrentEngine.of(engine(), store);
        recompiler = new Recompiler(store, current, time.millis());
      }
      check(store);
    } catch (IOException e) {
      throw new FailedException(String.valueOf(e.getMessage()), e);
    }
    long unchecked = findings.stream().filter(VerifyReport.Finding::unchecked).count();
    long harmless = findings.stream().filter(VerifyReport.Finding::harmless).count();
    long damaged = findings.size() - unchecked - harmless;
    VerifyReport report =
        new VerifyReport(
            options.folderName(),
            resources,
            files,
            bytes,
            damaged,
            unchecked,
            findings,
            recompiler == null ? null : recompiler.report(engine));
    options.print(report, VerifyText.of(report));
    return damaged + unchecked == 0 ? 0 : 1;
  }

  private Engine<?> engine() {
    try {
      Engine<?> known = Engines.named(engine);
      if (known.harvest() == Engine.Harvest.AFTER_RUN) {
        throw new IllegalArgumentException(
            engine + "'s code depends on what ran; no compile tells");
      }
      return known;
    } catch (IllegalArgumentException e) {
      throw options.wrong("--engine", String.valueOf(e.getMessage()), e);
    }
  }

  private void check(DiskStore store) throws IOException {
    DiskSurvey survey = DiskSurvey.of(store);
    DiskVerification verification =
        DiskVerification.of(
            store, time.millis(), key -> StoredKey.of(key).namespace().equals(options.namespace()));
    DiskRemoval removal = DiskRemoval.of(store);
    List<String> parts = survey.parts();
    try (Progress progress = Progress.of("verify", parts.size(), options.isJson())) {
      for (String part : parts) {
        List<StoredResource> found = new ArrayList<>();
        survey.resources(part, found::add);
        for (StoredResource resource : found) {
          check(resource, verification, removal);
        }
        progress.step();
      }
    }
    List<StoredFile> others = survey.others();
    count(others);
    List<Damage> damage = verification.checkOthers(others);
    if (delete) {
      removal.remove(damage);
    }
    tell(damage);
    tell(survey.unread());
  }

  private void check(StoredResource resource, DiskVerification verification, DiskRemoval removal)
      throws IOException {
    List<Damage> damage = verification.check(resource);
    resources += resource.name().isEmpty() ? 0 : 1;
    count(resource.files());
    if (delete && !damage.isEmpty()) {
      removal.remove(resource, damage);
    }
    tell(damage);
    String key = recompiler == null ? null : resource.key();
    if (key != null && recompiler != null) {
      findings.addAll(recompiler.compare(key));
    }
  }

  private void count(List<StoredFile> seen) {
    files += seen.size();
    bytes += seen.stream().mapToLong(StoredFile::bytes).sum();
  }

  private void tell(List<Damage> damage) {
    for (Damage one : damage) {
      findings.add(
          new VerifyReport.Finding(
              one.path().toString(),
              one.flaw().name().toLowerCase(Locale.ROOT),
              one.rejection() == null ? null : one.rejection().name(),
              detail(one),
              one.flaw().isHarmless(),
              one.flaw().isUnchecked(),
              delete && !java.nio.file.Files.exists(one.path())));
    }
  }

  /** In the words of the options. */
  private String detail(Damage one) {
    String keys = options.keyFolderName();
    return one.flaw() == Damage.Flaw.FOREIGN && keys == null
        ? "signed, and no --keys was given"
        : one.detail().replace("the keys given", String.valueOf(keys));
  }
}
