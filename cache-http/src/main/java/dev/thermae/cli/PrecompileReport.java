package dev.thermae.cli;

import java.util.List;

/**
 * What {@code thermae precompile} did, as it is printed. Immutable.
 *
 * @param compiled scripts whose code was added
 * @param found whose code was there
 * @param failed that have no code in the folder now
 */
record PrecompileReport(
    String folder, String engine, long compiled, long found, long failed, List<Script> scripts) {

  /**
   * A script.
   *
   * @param outcome compiled, found, not_kept or failed
   * @param why in words; empty for code that is in the folder
   */
  record Script(String name, String outcome, long sourceBytes, double millis, String why) {}
}
