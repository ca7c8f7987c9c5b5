package dev.thermae.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code thermae precompile} did, as it is printed. Immutable.
 *
 * @param compiled scripts whose code was added
 * @param found whose code was there
 * @param fromProxy of these, whose code came from the proxy just now; null where none was named
 * @param failed that have no code in the folder now
 */
record PrecompileReport(
    String folder,
    String engine,
    long compiled,
    long found,
    @Nullable Long fromProxy,
    long failed,
    List<Script> scripts) {

  /**
   * A script.
   *
   * @param outcome compiled, found, not_kept or failed
   * @param why in words; empty for code that is in the folder
   */
  record Script(String name, String outcome, long sourceBytes, double millis, String why) {}
}
