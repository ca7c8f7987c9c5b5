package dev.thermae.disk;

/**
 * What an index knows of a folder. Never exact: other processes work on the folder too.
 *
 * @param entries resources
 * @param bytes their files take, in whole blocks
 * @param hits look-ups that found them, since the index was built
 * @param limit bytes that all files may take
 * @param slots with code
 * @param kind {@code chronicle} or {@code heap}
 */
public record DiskUsage(long entries, long bytes, long hits, long limit, long slots, String kind) {}
