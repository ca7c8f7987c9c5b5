package dev.thermae.cli;

import java.util.List;

/**
 * What {@code thermae purge} removed, or would, as it is printed. Immutable.
 *
 * @param codeOnly whether the responses stayed
 * @param dryRun whether everything stayed
 * @param bytes in all files that are gone
 */
record PurgeReport(
    String folder, boolean codeOnly, boolean dryRun, List<Purged> purged, long files, long bytes) {

  /** A resource. */
  record Purged(String kind, String namespace, String url, long files, long bytes) {}
}
