package dev.thermae.disk;

/**
 * What an index knows of a folder. Never exact: other processes work on the folder too.
 *
 * @param entries resources
 * @param bytes of their bodies
 * @param hits look-ups that found them, since the index was built
 * @param kind {@code chronicle} or {@code heap}
 */
public record DiskUsage(long entries, long bytes, long hits, String kind) {}
