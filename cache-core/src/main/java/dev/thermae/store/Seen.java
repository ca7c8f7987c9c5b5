package dev.thermae.store;

/**
 * The mark of a slot. Immutable.
 *
 * @param count how many runs compiled without attaching
 * @param last when the last of them was, in milliseconds
 */
public record Seen(long count, long last) {}
