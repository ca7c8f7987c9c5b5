package dev.thermae.disk;

import dev.thermae.code.Rejection;
import dev.thermae.store.StoredEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A head in a folder and what belongs to it, as one look found it. Immutable.
 *
 * @param file name of the head's file
 * @param entry the entry; null when the head was refused
 * @param rejection why the head was refused; null when it was not
 * @param detail the rejection in words, or empty
 * @param state whether a look-up could select it
 * @param body what became of its body
 * @param stored when the body's file was written, in milliseconds; 0 where there is none
 * @param slots of its generation, in the order of their ids
 */
public record StoredVariant(
    String file,
    @Nullable StoredEntry entry,
    @Nullable Rejection rejection,
    String detail,
    State state,
    Body body,
    long stored,
    List<StoredSlot> slots) {

  /** Whether a look-up could select a variant. */
  public enum State {
    /** It could. */
    USABLE,
    /** No: its head was refused. */
    REFUSED,
    /** No: it is the note of an invalidation. */
    TOMBSTONE,
    /** No: the resource was invalidated since. */
    INVALIDATED,
    /** No: the head that is looked at first is missing, refused, or varies on other fields. */
    UNREACHABLE
  }

  /** What became of a body. */
  public enum Body {
    /** Every byte is as it was stored. */
    VERIFIED,
    /** It has another length, or does not match its digests. */
    DAMAGED,
    /** There is no file. */
    MISSING,
    /** None belongs to it. */
    NONE
  }

  public StoredVariant {
    slots = List.copyOf(slots);
  }
}
