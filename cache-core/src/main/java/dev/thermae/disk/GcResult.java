package dev.thermae.disk;

/**
 * What a walk through a folder took away. Immutable.
 *
 * @param entriesEvicted entries that went because others needed the room, or that were purged
 * @param slotsRemoved code of engine builds that nobody uses any more
 * @param filesSwept files nobody referred to: temporary ones, bodies without heads, old generations
 * @param fingerprintsRemoved records of engine builds that nobody uses any more
 * @param bytesFreed by all of these, in whole blocks
 * @param bytesInUse afterwards, of all files
 * @param entries afterwards
 */
public record GcResult(
    long entriesEvicted,
    long slotsRemoved,
    long filesSwept,
    long fingerprintsRemoved,
    long bytesFreed,
    long bytesInUse,
    long entries) {}
