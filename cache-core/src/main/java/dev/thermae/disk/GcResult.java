package dev.thermae.disk;

/**
 * What a sweep removed.
 *
 * @param entriesEvicted resources
 * @param slotsRemoved of engines or generations that are gone
 * @param filesSwept that nobody needed
 * @param bytesFreed in all of them
 */
public record GcResult(long entriesEvicted, long slotsRemoved, long filesSwept, long bytesFreed) {}
