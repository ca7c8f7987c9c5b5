package dev.thermae.disk;

import dev.thermae.code.CodeClaim;
import dev.thermae.store.Seen;
import org.jspecify.annotations.Nullable;

/**
 * A slot of a stored generation, as one look found it. Immutable.
 *
 * @param id the digits that name its files: see {@link DiskInspection#slotId}
 * @param seen its mark
 * @param codeBytes length of its code's file; 0 where there is none
 * @param attached when that was written, in milliseconds
 * @param claim what the code says of itself, verified; null where there is none
 */
public record StoredSlot(
    String id, Seen seen, long codeBytes, long attached, @Nullable CodeClaim claim) {}
