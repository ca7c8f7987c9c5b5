package dev.thermae.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code thermae stats} found, as it is printed. Times are UTC. Immutable.
 *
 * @param resources that have a readable head; {@code invalidated} among them have no body any more
 * @param refusedHeads heads that cannot be read
 * @param uncounted what could not be looked into, and is in none of the figures
 * @param allocatedBytes of all files, in whole blocks, and of folders
 * @param limitBytes what a cache with default settings keeps to, or the limit asked about
 * @param oldest when the oldest body was stored; null where there is none
 * @param slots code by engine build, the largest first
 * @param origins the ones that take most, the largest first
 */
record StatsReport(
    String folder,
    String now,
    long resources,
    long invalidated,
    long refusedHeads,
    Files heads,
    Files bodies,
    Files code,
    Files marks,
    Files fingerprints,
    Files indexFiles,
    Files temporaries,
    Files others,
    List<Uncounted> uncounted,
    long allocatedBytes,
    long limitBytes,
    @Nullable String oldest,
    @Nullable String newest,
    String index,
    List<Build> slots,
    List<Share> origins) {

  /** A folder or a file that could not be looked into, and why. */
  record Uncounted(String path, String reason) {}

  /** Files of one kind. */
  record Files(long count, long bytes, long allocatedBytes) {}

  /**
   * Code of one build of an engine.
   *
   * @param engine null where its fingerprint is not recorded
   * @param parts of the fingerprint, {@code name=value} each
   */
  record Build(
      @Nullable String engine, String fingerprint, List<String> parts, long slots, long bytes) {}

  /** What one origin takes. */
  record Share(String origin, long resources, long bytes) {}
}
