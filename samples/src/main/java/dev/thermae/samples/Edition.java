package dev.thermae.samples;

/** A body that the origin serves, and what its exercise returns without a cache. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Edition(byte[] body, String result) {}
