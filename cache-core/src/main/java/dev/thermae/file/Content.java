package dev.thermae.file;

import dev.thermae.code.Source;
import dev.thermae.store.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * What a file held when it was looked at. Immutable.
 *
 * @param entry what code is attached to; null where it stays in memory
 */
record Content(Source source, @Nullable StoredEntry entry) {}
