package dev.thermae.cli;

import dev.thermae.disk.DiskRemoval;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.DiskSurvey;
import dev.thermae.disk.StoredFile;
import dev.thermae.disk.StoredResource;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.http.report.Words;
import dev.thermae.http.resource.Inquiry;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceLoaderBuilder;
import dev.thermae.store.EntryHead;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thermae purge}: takes resources, or their code, out of a folder. */
@Command(
    name = "purge",
    description = {
      "Invalidates what is stored for URLs, or removes its code alone.",
      "",
      "Asks nothing and lists what it removed. Responses that are on their way meanwhile are not"
          + " stored. Private and shared responses of the namespace are meant; --all means all"
          + " namespaces, and sources without a URL."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {"", "Example:", "  thermae purge --prefix https://example.org/scripts/ --dry-run"})
final class Purge implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FolderOptions options;

  @Parameters(arity = "0..*", paramLabel = "URL", description = "What to purge.")
  private List<String> urls = new ArrayList<>();

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "Everything whose URL begins like that; may be given several times.")
  private List<String> prefixes = new ArrayList<>();

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "Everything from a host, whatever the port; may be given several times.")
  private List<String> hosts = new ArrayList<>();

  @Option(names = "--all", description = "Everything.")
  private boolean all;

  @Option(names = "--code-only", description = "Removes code and marks; the responses stay.")
  private boolean codeOnly;

  @Option(
      names = {"-n", "--dry-run"},
      description = "Removes nothing, and lists what would be removed.")
  private boolean dryRun;

  private final TimeSource time = TimeSource.SYSTEM;

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  Purge() {}

  @Override
  public Integer call() throws FailedException {
    if (!all && urls.isEmpty() && prefixes.isEmpty() && hosts.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "what to purge? Name a URL, --prefix, --host or --all");
    }
    List<PurgeReport.Purged> purged = new ArrayList<>();
    try (DiskStore store = options.open(new Counters(new Faults()), time, null)) {
      Inquiry privately = Inquiry.of(settings(store, false));
      Inquiry shared = Inquiry.of(settings(store, true));
      Set<String> keys = new HashSet<>();
      for (String url : urls) {
        keys.add(privately.key(privately.normalize(url)));
        keys.add(shared.key(shared.normalize(url)));
      }
      for (StoredResource resource : chosen(DiskSurvey.of(store), keys)) {
        purge(store, resource, purged);
      }
      for (String key : codeOnly ? Set.<String>of() : keys) {
        hide(store, key, purged);
      }
    } catch (IOException e) {
      throw new FailedException(String.valueOf(e.getMessage()), e);
    }
    PurgeReport report =
        new PurgeReport(
            options.folderName(),
            codeOnly,
            dryRun,
            purged,
            purged.stream().mapToLong(PurgeReport.Purged::files).sum(),
            purged.stream().mapToLong(PurgeReport.Purged::bytes).sum());
    options.print(report, text(report));
    return 0;
  }

  private ResourceLoaderBuilder settings(DiskStore store, boolean shared) {
    return ResourceLoader.builder(store).namespace(options.namespace()).shared(shared);
  }

  /** URLs are looked up; for all else the folder is gone through. */
  private List<StoredResource> chosen(DiskSurvey survey, Set<String> keys) throws IOException {
    List<StoredResource> chosen = new ArrayList<>();
    if (!all && prefixes.isEmpty() && hosts.isEmpty()) {
      for (String key : keys) {
        chosen.add(survey.resource(key));
      }
      return chosen;
    }
    for (String part : survey.parts()) {
      List<StoredResource> found = new ArrayList<>();
      survey.resources(part, found::add);
      for (StoredResource resource : found) {
        String key = resource.key();
        boolean meant =
            key == null
                ? all && !resource.name().isEmpty()
                : keys.contains(key) || isMeant(StoredKey.of(key));
        if (meant) {
          chosen.add(resource);
        }
      }
    }
    return chosen;
  }

  private boolean isMeant(StoredKey key) {
    if (all) {
      return true;
    }
    if (key.url().isEmpty() || !key.namespace().equals(options.namespace())) {
      return false;
    }
    String host = key.host();
    return prefixes.stream().anyMatch(key.url()::startsWith)
        || host != null && hosts.stream().anyMatch(host::equalsIgnoreCase);
  }

  private void purge(DiskStore store, StoredResource resource, List<PurgeReport.Purged> purged)
      throws IOException {
    String key = resource.key();
    List<StoredFile> going = going(resource, key == null && all);
    if (going.isEmpty()) {
      return;
    }
    DiskRemoval removal = DiskRemoval.of(store);
    if (!dryRun && codeOnly) {
      removal.removeCode(resource);
    } else if (!dryRun && key != null) {
      removal.invalidate(key, time.millis() + 1);
    } else if (!dryRun) {
      removal.removeAll(resource);
    }
    StoredKey parts = key == null ? StoredKey.UNREADABLE : StoredKey.of(key);
    long bytes = going.stream().mapToLong(StoredFile::bytes).sum();
    purged.add(
        new PurgeReport.Purged(parts.kind(), parts.namespace(), parts.url(), going.size(), bytes));
  }

  /** What lies in a base stays there, and is not found any more. */
  private void hide(DiskStore store, String key, List<PurgeReport.Purged> purged)
      throws IOException {
    StoredKey parts = StoredKey.of(key);
    boolean told =
        purged.stream()
            .anyMatch(one -> one.url().equals(parts.url()) && one.kind().equals(parts.kind()));
    if (told || store.find(key, fields -> fields) == null) {
      return;
    }
    if (!dryRun) {
      DiskRemoval.of(store).invalidate(key, time.millis() + 1);
    }
    purged.add(new PurgeReport.Purged(parts.kind(), parts.namespace(), parts.url(), 0, 0));
  }

  /** Files that a purge removes; none when the resource was invalidated already. */
  private List<StoredFile> going(StoredResource resource, boolean unreadable) throws IOException {
    boolean lives = unreadable;
    for (StoredResource.Head read : resource.heads()) {
      lives |= read.head() != null && !read.head().is(EntryHead.TOMBSTONE);
    }
    List<StoredFile> going = new ArrayList<>();
    for (StoredFile file : resource.files()) {
      boolean code = file.kind() == StoredFile.Kind.CODE || file.kind() == StoredFile.Kind.MARKS;
      if (codeOnly ? code : lives) {
        going.add(file);
      }
    }
    return going;
  }

  private static String text(PurgeReport report) {
    StringBuilder text = new StringBuilder();
    for (PurgeReport.Purged one : report.purged()) {
      StoredKey key = new StoredKey(one.kind(), one.namespace(), one.url());
      text.append(
          String.format(
              Locale.ROOT,
              "%s: %d files, %s%n",
              key.text(),
              one.files(),
              Words.bytes(one.bytes())));
    }
    return text
        + String.format(
            Locale.ROOT,
            "%s: %s%s of %,d resources, %,d files, %s",
            report.folder(),
            report.dryRun() ? "would remove " : "removed ",
            report.codeOnly() ? "code" : "everything",
            report.purged().size(),
            report.files(),
            Words.bytes(report.bytes()));
  }
}
