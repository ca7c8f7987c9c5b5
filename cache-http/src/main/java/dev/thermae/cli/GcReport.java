package dev.thermae.cli;

/** What {@code thermae gc} removed, as it is printed. Immutable. */
record GcReport(
    String folder,
    long maximumBytes,
    long entriesEvicted,
    long slotsRemoved,
    long filesSwept,
    long bytesFreed) {}
