package dev.thermae.disk;

import dev.thermae.code.Generation;

/**
 * What an index holds of one entry. Immutable.
 *
 * @param generation of its newest body; {@link Generation#NONE} for what no look-up finds
 * @param bytes all its files take, in whole blocks
 * @param slots with code
 * @param slotBytes what marks and code take of {@code bytes}
 * @param lastUse milliseconds
 * @param hits look-ups that found it
 */
record IndexRecord(
    Generation generation, long bytes, long slots, long slotBytes, long lastUse, long hits) {
  IndexRecord used(long times, long last) {
    return new IndexRecord(
        generation, bytes, slots, slotBytes, Math.max(last, lastUse), hits + times);
  }
}
