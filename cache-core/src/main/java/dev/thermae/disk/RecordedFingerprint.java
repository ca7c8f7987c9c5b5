package dev.thermae.disk;

import dev.thermae.code.Fingerprint;

/**
 * A fingerprint that a process recorded in a folder. Immutable.
 *
 * @param engine the engine's id
 * @param fingerprint with its parts
 */
public record RecordedFingerprint(String engine, Fingerprint fingerprint) {}
