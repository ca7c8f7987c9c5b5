package dev.thermae.disk;

import dev.thermae.disk.EntryFiles.Item;
import dev.thermae.store.EntryHead;
import dev.thermae.store.Precedence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which files of an entry nobody refers to: pure functions. Whatever is younger than the longest
 * publish takes is left alone, and so is an entry with a head that cannot be read: it may be sealed
 * with somebody else's key.
 */
final class SweepPolicy {
  private static final long TOMBSTONE_MILLIS = 24 * 3_600_000L;

  private SweepPolicy() {}

  /** Whether the names alone leave a doubt, so that the heads are worth reading. */
  static boolean isSuspicious(EntryFiles entry, long now) {
    Set<String> generations = new HashSet<>();
    int heads = 0;
    boolean forgotten = false;
    for (Item item : entry.files()) {
      heads += item.isHead() ? 1 : 0;
      if (!item.generation().isEmpty()) {
        generations.add(item.generation());
      }
      forgotten |= EvictionPolicy.isForgotten(item.modified(), now);
    }
    return forgotten && (heads != generations.size() || !entry.hasHead());
  }

  /**
   * The files to take away, heads of variants before the first.
   *
   * @param heads those that could be read, by the names of their files
   */
  static List<Item> unreferenced(EntryFiles entry, Map<String, EntryHead> heads, long now) {
    for (Item item : entry.files()) {
      if (item.isHead() && !heads.containsKey(item.name())) {
        return List.of();
      }
    }
    EntryHead first = heads.get(entry.name() + ".h");
    Set<String> kept = new HashSet<>();
    List<Item> gone = new ArrayList<>();
    List<Item> last = new ArrayList<>();
    for (Item item : entry.files()) {
      if (item.isHead()) {
        EntryHead head = heads.get(item.name());
        boolean isFirst = item.name().length() == entry.name().length() + 2;
        boolean used =
            head != null
                && first != null
                && (isFirst ? isWorthIt(entry, head, item, now) : isReachable(head, first, now));
        if (used || !EvictionPolicy.isForgotten(item.modified(), now)) {
          if (head != null) {
            kept.add(head.generation().toString());
          }
        } else if (isFirst) {
          last.add(item);
        } else {
          gone.add(item);
        }
      }
    }
    gone.addAll(last);
    for (Item item : entry.files()) {
      if ((item.isSlot() || item.isBody())
          && !kept.contains(item.generation())
          && EvictionPolicy.isForgotten(item.modified(), now)) {
        gone.add(item);
      }
    }
    return gone;
  }

  /** Variants depend on the first head, which says what was invalidated and by what they vary. */
  private static boolean isWorthIt(EntryFiles entry, EntryHead head, Item item, long now) {
    boolean hasBody = false;
    for (Item other : entry.files()) {
      if (other.isHead() && !other.equals(item)) {
        return true;
      }
      hasBody |= other.isBody() && other.generation().equals(head.generation().toString());
    }
    return head.is(EntryHead.TOMBSTONE) ? now - item.modified() <= TOMBSTONE_MILLIS : hasBody;
  }

  private static boolean isReachable(EntryHead variant, EntryHead first, long now) {
    return Precedence.varyAlike(first.selecting(), variant.selecting())
        && (variant.notBefore() == first.notBefore()
            || Precedence.outlives(variant, first.notBefore(), now));
  }

  /** Whether forgetting this head now could let in a response that it keeps out. */
  static boolean isNeeded(EntryHead head, long now) {
    return head.notBefore() != Long.MIN_VALUE && !EvictionPolicy.isForgotten(head.notBefore(), now);
  }
}
