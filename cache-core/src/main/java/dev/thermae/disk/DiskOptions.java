package dev.thermae.disk;

import dev.thermae.code.Coding;
import java.nio.file.Path;
import java.util.List;

/**
 * How a disk store is kept. Immutable.
 *
 * @param maximumBytes allocated blocks of all files, the index included
 * @param maximumEntries resources; {@link Long#MAX_VALUE} for no bound
 * @param durability what is forced to the device
 * @param keptFingerprints of each engine, the latest ones, however long ago they were used
 * @param unusedDays after which a fingerprint that is not among those is dead
 * @param bases folders that are only read, looked into after this one, in order
 * @param packing how code and bodies are packed
 */
public record DiskOptions(
    long maximumBytes,
    long maximumEntries,
    Durability durability,
    int keptFingerprints,
    int unusedDays,
    List<Path> bases,
    Packing packing) {
  /**
   * 1 GiB, any number of entries, {@link Durability#RENAME}, 3 fingerprints, 30 days, no bases,
   * nothing packed.
   */
  public static final DiskOptions DEFAULTS =
      new DiskOptions(
          1L << 30, Long.MAX_VALUE, Durability.RENAME, 3, 30, List.of(), Packing.NOTHING);

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException naming the one that is out of range
   */
  public DiskOptions {
    require(maximumBytes > 0, "a folder is bounded by a positive number of bytes");
    require(maximumEntries > 0, "a folder is bounded by a positive number of entries");
    require(keptFingerprints >= 1, "at least one fingerprint of an engine is kept");
    require(unusedDays >= 0, "fingerprints go unused for 0 days or more");
    bases = List.copyOf(bases);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }

  public DiskOptions maximumBytes(long bytes) {
    return new DiskOptions(
        bytes, maximumEntries, durability, keptFingerprints, unusedDays, bases, packing);
  }

  public DiskOptions maximumEntries(long entries) {
    return new DiskOptions(
        maximumBytes, entries, durability, keptFingerprints, unusedDays, bases, packing);
  }

  public DiskOptions durability(Durability chosen) {
    return new DiskOptions(
        maximumBytes, maximumEntries, chosen, keptFingerprints, unusedDays, bases, packing);
  }

  /**
   * Keeps code of the {@code kept} latest builds of an engine, and of those used in {@code days}.
   */
  public DiskOptions fingerprints(int kept, int days) {
    return new DiskOptions(maximumBytes, maximumEntries, durability, kept, days, bases, packing);
  }

  public DiskOptions bases(List<Path> folders) {
    return new DiskOptions(
        maximumBytes, maximumEntries, durability, keptFingerprints, unusedDays, folders, packing);
  }

  /** Packs what is stored from now on; whatever is there already is read as it is. */
  public DiskOptions packing(Packing chosen) {
    return new DiskOptions(
        maximumBytes, maximumEntries, durability, keptFingerprints, unusedDays, bases, chosen);
  }

  /**
   * How code and bodies are packed when they are stored. A first hit reads both, so each coding
   * costs a fresh process what {@link Coding} says; the default packs nothing. {@link BodyPacking}
   * packs what is there.
   *
   * @param code of code
   * @param bodies of bodies
   * @param minimumBytes of a body that is packed
   */
  public record Packing(Coding code, Coding bodies, long minimumBytes) {
    /** What a fresh process reads fastest. */
    public static final Packing NOTHING = new Packing(Coding.NONE, Coding.NONE, 16 << 10);

    /**
     * Checks that the codings can be had.
     *
     * @throws IllegalArgumentException naming what is missing
     */
    public Packing {
      // By itself: asking the class around this one would initialize it first, without NOTHING.
      if (minimumBytes < 0) {
        throw new IllegalArgumentException("bodies of 0 bytes or more are packed");
      }
      if (!code.isAvailable() || !bodies.isAvailable()) {
        throw new IllegalArgumentException(
            "ZSTD takes com.github.luben:zstd-jni on the class path");
      }
    }
  }
}
