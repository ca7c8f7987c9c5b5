package dev.thermae.cli;

import dev.thermae.disk.DiskInspection;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.DiskSurvey;
import dev.thermae.disk.RecordedFingerprint;
import dev.thermae.disk.StoredFile;
import dev.thermae.disk.StoredResource;
import dev.thermae.disk.StoredVariant;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.http.report.CurrentEngine;
import dev.thermae.http.report.Explainer;
import dev.thermae.http.report.Explanation;
import dev.thermae.http.report.Words;
import dev.thermae.http.resource.Inquiry;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.store.EntryHead;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code thermae inspect}: the files of one URL. */
@Command(
    name = "inspect",
    description = {
      "Shows everything that is stored of a URL: files, heads, bodies, slots, engine builds.",
      "",
      "Private and shared entries alike; nothing is sent, and nothing in the folder changes. The"
          + " command explain tells what it means for the next load."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {"", "Example:", "  thermae inspect https://example.org/app.js"})
final class Inspect implements Callable<Integer> {
  @Mixin private CacheOptions options;

  @Parameters(paramLabel = "URL", description = "What to look at.")
  private String url;

  private final TimeSource time = TimeSource.SYSTEM;

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  Inspect() {}

  @Override
  public Integer call() throws FailedException {
    FolderOptions place = options.place();
    ResourceRequest request = options.request(url);
    try (DiskStore store = place.openToLook(new Counters(new Faults()), time)) {
      CurrentEngine current = CurrentEngine.of(options.engine(), store);
      List<InspectReport.Place> places = new ArrayList<>();
      String normal = Explainer.inquiry(store, options.namespace(), false).normalize(request.url());
      for (boolean shared : new boolean[] {false, true}) {
        InspectReport.Place found = look(store, current, request, normal, shared);
        if (!found.files().isEmpty() || !found.explained().variants().isEmpty()) {
          places.add(found);
        }
      }
      InspectReport report =
          new InspectReport(
              place.folderName(),
              normal,
              Words.time(time.millis()),
              options.engineName(),
              options.policy().name().toLowerCase(Locale.ROOT),
              current.fingerprint() == null ? null : current.fingerprint().toString(),
              places,
              builds(places, DiskInspection.of(store).fingerprints()));
      place.print(report, InspectText.of(report));
      return 0;
    } catch (IOException e) {
      throw new FailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private InspectReport.Place look(
      DiskStore store,
      CurrentEngine current,
      ResourceRequest request,
      String normal,
      boolean shared)
      throws IOException {
    Inquiry asked = Explainer.inquiry(store, options.namespace(), shared);
    String key = asked.key(normal);
    StoredResource resource = DiskSurvey.of(store).resource(key);
    List<InspectReport.File> files = new ArrayList<>();
    for (StoredFile file : resource.files()) {
      String kind = file.kind().name().toLowerCase(Locale.ROOT);
      files.add(
          new InspectReport.File(
              file.name(),
              file.regular() ? kind : kind + ", not a file",
              file.bytes(),
              Words.time(file.modified())));
    }
    Explainer.Rules rules =
        new Explainer.Rules(options.namespace(), shared, options.policy().policy());
    Explainer explainer = Explainer.of(store, current, rules, time.millis());
    return new InspectReport.Place(
        shared ? "shared" : "private",
        explainer.explain(request, normal),
        files,
        digests(DiskInspection.of(store).variants(key)));
  }

  private static List<InspectReport.Digest> digests(List<StoredVariant> variants) {
    List<InspectReport.Digest> digests = new ArrayList<>();
    for (StoredVariant variant : variants) {
      StoredEntry entry = variant.entry();
      if (entry == null || entry.head().is(EntryHead.TOMBSTONE)) {
        continue;
      }
      EntryHead head = entry.head();
      byte[] body = variant.body() == StoredVariant.Body.VERIFIED ? entry.body() : null;
      digests.add(
          new InspectReport.Digest(
              head.generation().toString(),
              body == null ? null : sha256(body),
              head.charset().isEmpty() ? null : HexFormat.of().formatHex(head.sourceHash())));
    }
    return digests;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static List<InspectReport.Build> builds(
      List<InspectReport.Place> places, List<RecordedFingerprint> recorded) {
    Set<String> wanted = new HashSet<>();
    for (InspectReport.Place place : places) {
      for (Explanation.Variant variant : place.explained().variants()) {
        for (Explanation.Slot slot : variant.slots()) {
          wanted.add(String.valueOf(slot.fingerprint()));
        }
      }
    }
    List<InspectReport.Build> builds = new ArrayList<>();
    for (RecordedFingerprint record : recorded) {
      if (wanted.remove(record.fingerprint().toString())) {
        builds.add(
            new InspectReport.Build(
                record.engine(),
                record.fingerprint().toString(),
                record.fingerprint().parts().lines().toList()));
      }
    }
    return builds;
  }
}
