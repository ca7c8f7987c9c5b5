package dev.thermae.disk;

/**
 * What an index holds of one entry. Immutable.
 *
 * @param bytes of its body
 * @param lastUse milliseconds
 * @param hits look-ups that found it
 */
record IndexRecord(long bytes, long lastUse, long hits) {
  IndexRecord usedAt(long time) {
    return new IndexRecord(bytes, time, hits + 1);
  }
}
