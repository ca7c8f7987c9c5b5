package dev.thermae.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code thermae verify} found, as it is printed. Immutable.
 *
 * @param resources and all their files, which were checked
 * @param damaged findings that are neither harmless nor unchecked
 * @param unchecked findings of which nothing can be told: no permission, or no key for them
 * @param recompiled null when nothing was compiled
 */
record VerifyReport(
    String folder,
    long resources,
    long files,
    long bytes,
    long damaged,
    long unchecked,
    List<Finding> findings,
    @Nullable Recompiled recompiled) {

  /**
   * A file that is not as it should be.
   *
   * @param rejection the reason for which a reader would refuse it; null where there is none
   * @param harmless whether readers never come across it
   * @param unchecked whether it could not be checked
   */
  record Finding(
      String path,
      String flaw,
      @Nullable String rejection,
      String detail,
      boolean harmless,
      boolean unchecked,
      boolean deleted) {}

  /**
   * Stored code beside that of a fresh compile.
   *
   * @param same byte for byte
   * @param different listed among the findings
   * @param otherBuilds slots of other builds, engines or options, which cannot be compared here
   * @param uncompared whose source or shape cannot be had
   */
  record Recompiled(String engine, long same, long different, long otherBuilds, long uncompared) {}
}
