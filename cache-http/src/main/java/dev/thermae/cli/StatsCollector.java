package dev.thermae.cli;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import dev.thermae.disk.Damage;
import dev.thermae.disk.DiskInspection;
import dev.thermae.disk.DiskSurvey;
import dev.thermae.disk.RecordedFingerprint;
import dev.thermae.disk.StoredFile;
import dev.thermae.disk.StoredResource;
import dev.thermae.http.report.Words;
import dev.thermae.store.EntryHead;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds up what a survey comes across. Used by one thread, once. */
final class StatsCollector {
  private static final String UNKNOWN = "";

  /** Files, bytes, allocated bytes. */
  private final Map<StoredFile.Kind, long[]> kinds = new EnumMap<>(StoredFile.Kind.class);

  /** Slots and bytes by fingerprint. */
  private final Map<String, long[]> builds = new HashMap<>();

  /** Resources and bytes by origin. */
  private final Map<String, long[]> origins = new HashMap<>();

  private final Map<String, Map<String, String>> slotIds = new HashMap<>();
  private final List<RecordedFingerprint> recorded;
  private final List<StatsReport.Uncounted> uncounted = new ArrayList<>();
  private final long block;
  private long resources;
  private long invalidated;
  private long refused;
  private long oldest = Long.MAX_VALUE;
  private long newest = Long.MIN_VALUE;

  StatsCollector(List<RecordedFingerprint> recorded, long block) {
    this.recorded = recorded;
    this.block = block;
  }

  /** Goes through the folder; {@code stepped} runs after each part. */
  void collect(DiskSurvey survey, List<String> parts, Runnable stepped) throws IOException {
    for (String part : parts) {
      List<StoredResource> found = new ArrayList<>();
      survey.resources(part, found::add);
      for (StoredResource resource : found) {
        add(resource);
      }
      stepped.run();
    }
    for (StoredFile file : survey.others()) {
      add(file);
    }
    for (Damage place : survey.unread()) {
      uncounted.add(new StatsReport.Uncounted(place.path().toString(), place.detail()));
    }
  }

  private void add(StoredFile file) {
    long[] sums = kinds.computeIfAbsent(file.kind(), any -> new long[3]);
    sums[0]++;
    sums[1] += file.bytes();
    sums[2] += allocated(file.bytes());
  }

  private long allocated(long bytes) {
    return (bytes + block - 1) / block * block;
  }

  private void add(StoredResource resource) throws IOException {
    Map<String, EntryHead> generations = new HashMap<>();
    String key = null;
    boolean lives = false;
    for (StoredResource.Head read : resource.heads()) {
      EntryHead head = read.head();
      if (head == null) {
        refused++;
      } else {
        key = head.key();
        lives |= !head.is(EntryHead.TOMBSTONE);
        generations.put(head.generation().toString(), head);
      }
    }
    if (key != null) {
      resources++;
      invalidated += lives ? 0 : 1;
    }
    long bytes = 0;
    for (StoredFile file : resource.files()) {
      add(file);
      bytes += file.bytes();
      if (file.kind() == StoredFile.Kind.BODY) {
        oldest = Math.min(oldest, file.modified());
        newest = Math.max(newest, file.modified());
      } else if (file.kind() == StoredFile.Kind.CODE) {
        addCode(resource, file, generations);
      }
    }
    if (key != null) {
      long[] sums = origins.computeIfAbsent(StoredKey.of(key).origin(), any -> new long[2]);
      sums[0]++;
      sums[1] += bytes;
    }
  }

  private void addCode(StoredResource resource, StoredFile file, Map<String, EntryHead> generations)
      throws IOException {
    EntryHead head = generations.get(resource.generation(file));
    String fingerprint = UNKNOWN;
    if (head != null && !head.charset().isEmpty()) {
      String known = ids(head.charset()).get(resource.slot(file));
      Fingerprint claimed = known == null ? resource.fingerprint(file, head) : null;
      fingerprint = known != null ? known : claimed == null ? UNKNOWN : claimed.toString();
    }
    long[] sums = builds.computeIfAbsent(fingerprint, any -> new long[2]);
    sums[0]++;
    sums[1] += file.bytes();
  }

  /** Names of the slots of all recorded builds; other shapes are looked at one by one. */
  private Map<String, String> ids(String charset) {
    return slotIds.computeIfAbsent(
        charset,
        any -> {
          Map<String, String> ids = new HashMap<>();
          try {
            Charset known = Charset.forName(charset);
            for (RecordedFingerprint record : recorded) {
              String slot = StoredEntry.slot(record.fingerprint(), Shape.SCRIPT, known);
              ids.put(DiskInspection.slotId(slot), record.fingerprint().toString());
            }
          } catch (IllegalArgumentException e) {
            return ids; // stored by a JVM that has more charsets than this one
          }
          return ids;
        });
  }

  StatsReport report(String folder, String now, long limit, String index, int top) {
    return new StatsReport(
        folder,
        now,
        resources,
        invalidated,
        refused,
        files(StoredFile.Kind.HEAD),
        files(StoredFile.Kind.BODY),
        files(StoredFile.Kind.CODE),
        files(StoredFile.Kind.MARKS),
        files(StoredFile.Kind.FINGERPRINT),
        files(StoredFile.Kind.INDEX),
        files(StoredFile.Kind.TEMPORARY),
        sum(files(StoredFile.Kind.HOUSEKEEPING), files(StoredFile.Kind.UNKNOWN)),
        List.copyOf(uncounted),
        kinds.values().stream().mapToLong(sums -> sums[2]).sum(),
        limit,
        time(oldest, Long.MAX_VALUE),
        time(newest, Long.MIN_VALUE),
        index,
        builds(),
        origins(top));
  }

  private static @Nullable String time(long millis, long none) {
    return millis == none ? null : Words.time(millis);
  }

  private StatsReport.Files files(StoredFile.Kind kind) {
    long[] sums = kinds.getOrDefault(kind, new long[3]);
    return new StatsReport.Files(sums[0], sums[1], sums[2]);
  }

  private static StatsReport.Files sum(StatsReport.Files a, StatsReport.Files b) {
    return new StatsReport.Files(
        a.count() + b.count(), a.bytes() + b.bytes(), a.allocatedBytes() + b.allocatedBytes());
  }

  private List<StatsReport.Build> builds() {
    List<StatsReport.Build> all = new ArrayList<>();
    for (Map.Entry<String, long[]> build : builds.entrySet()) {
      RecordedFingerprint record = null;
      for (RecordedFingerprint known : recorded) {
        record = known.fingerprint().toString().equals(build.getKey()) ? known : record;
      }
      all.add(
          new StatsReport.Build(
              record == null ? null : record.engine(),
              build.getKey(),
              record == null ? List.of() : record.fingerprint().parts().lines().toList(),
              build.getValue()[0],
              build.getValue()[1]));
    }
    all.sort(Comparator.comparingLong(StatsReport.Build::bytes).reversed());
    return all;
  }

  private List<StatsReport.Share> origins(int top) {
    return origins.entrySet().stream()
        .map(
            origin ->
                new StatsReport.Share(origin.getKey(), origin.getValue()[0], origin.getValue()[1]))
        .sorted(
            Comparator.comparingLong(StatsReport.Share::bytes)
                .reversed()
                .thenComparing(StatsReport.Share::origin))
        .limit(top)
        .toList();
  }
}
