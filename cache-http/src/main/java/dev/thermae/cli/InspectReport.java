package dev.thermae.cli;

import dev.thermae.http.report.Explanation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code thermae inspect} found, as it is printed. Times are UTC. Immutable.
 *
 * @param engine as it runs here, which slots are compared with
 * @param places the private entry, then the shared one, where anything is stored
 * @param builds that slots of these entries belong to, as far as they are recorded
 */
record InspectReport(
    String folder,
    String url,
    String now,
    String engine,
    String policy,
    @Nullable String fingerprint,
    List<Place> places,
    List<Build> builds) {

  /**
   * What is stored under one key.
   *
   * @param kind private or shared
   * @param explained heads, responses and slots, and what would become of a request
   */
  record Place(String kind, Explanation.Url explained, List<File> files, List<Digest> digests) {}

  /** A file of the entry. */
  record File(String name, String kind, long bytes, String modified) {}

  /**
   * What a generation holds.
   *
   * @param bodySha256 of the body as stored; null where it cannot be read
   * @param source hash of charset and decoded bytes, as the head says
   */
  record Digest(String generation, @Nullable String bodySha256, @Nullable String source) {}

  /** A build of an engine, its parts {@code name=value} each. */
  record Build(String engine, String fingerprint, List<String> parts) {}
}
