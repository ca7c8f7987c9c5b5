package dev.thermae.http.report;

import dev.thermae.code.CodeClaim;
import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Rejection;
import dev.thermae.code.SealedFile;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskInspection;
import dev.thermae.disk.RecordedFingerprint;
import dev.thermae.disk.StoredSlot;
import dev.thermae.disk.StoredVariant;
import dev.thermae.engine.Engine;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.EntryHead;
import dev.thermae.store.Seen;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells whose the slots of a variant are, and what a load would make of its own. Thread-safe. */
final class SlotReader {
  private final Store store;
  private final CurrentEngine current;
  private final List<RecordedFingerprint> recorded;
  private final CachePolicy policy;

  SlotReader(
      Store store, CurrentEngine current, List<RecordedFingerprint> recorded, CachePolicy policy) {
    this.store = store;
    this.current = current;
    this.recorded = recorded;
    this.policy = policy;
  }

  /** Why a load would not use what its slot holds. */
  private record Refusal(Rejection reason, String detail) {}

  /** {@code source} is null where the body is none. */
  List<Explanation.Slot> slots(StoredVariant variant, @Nullable Source source) {
    String own = source == null ? null : current.slot(source);
    String ownId = own == null ? null : DiskInspection.slotId(own);
    Refusal refusal = source == null ? null : refusal(variant, source);
    List<Explanation.Slot> slots = new ArrayList<>();
    for (StoredSlot slot : variant.slots()) {
      boolean isOwn = own == null ? isCurrent(slot) : slot.id().equals(ownId);
      slots.add(slot(slot, isOwn, isOwn ? refusal : null, source));
    }
    return slots;
  }

  /** By what its code claims, where there is no source that would name the slot. */
  private boolean isCurrent(StoredSlot slot) {
    CodeClaim claim = slot.claim();
    return claim != null
        && current.fingerprint() != null
        && claim.fingerprint().equals(current.fingerprint());
  }

  private Explanation.Slot slot(
      StoredSlot slot, boolean isOwn, @Nullable Refusal found, @Nullable Source source) {
    CodeClaim claim = slot.claim();
    RecordedFingerprint record = record(slot, source);
    Fingerprint fingerprint = record == null ? null : record.fingerprint();
    if (claim != null && !claim.fingerprint().equals(Fingerprint.NONE)) {
      fingerprint = claim.fingerprint();
    }
    Fingerprint ours = current.fingerprint();
    String difference =
        isOwn || ours == null || record == null
            ? null
            : ours.difference(record.fingerprint().parts());
    String rejected = claim == null ? null : rejected(claim, found);
    return new Explanation.Slot(
        slot.id(),
        record != null ? record.engine() : isOwn ? current.engine().id() : null,
        isOwn,
        fingerprint == null ? null : fingerprint.toString(),
        claim == null || claim.shape().isEmpty() ? null : claim.shape().trim(),
        difference,
        slot.seen().count(),
        slot.seen().count() == 0 ? null : Words.time(slot.seen().last()),
        claim == null ? "none" : rejected == null ? "verified" : "rejected",
        slot.codeBytes(),
        claim == null ? null : Words.time(slot.attached()),
        rejected);
  }

  private static @Nullable String rejected(CodeClaim claim, @Nullable Refusal found) {
    Rejection rejection = claim.rejection();
    if (rejection != null) {
      return rejection + ": " + claim.detail();
    }
    return found == null ? null : found.reason + ": " + found.detail;
  }

  /** By the code's own claim; a slot with marks alone is known by the name of its files. */
  private @Nullable RecordedFingerprint record(StoredSlot slot, @Nullable Source source) {
    CodeClaim claim = slot.claim();
    for (RecordedFingerprint record : recorded) {
      boolean claimed = claim != null && record.fingerprint().equals(claim.fingerprint());
      if (claimed || source != null && slot.id().equals(idOf(record, source))) {
        return record;
      }
    }
    return null;
  }

  private static String idOf(RecordedFingerprint record, Source source) {
    return DiskInspection.slotId(
        StoredEntry.slot(record.fingerprint(), Shape.SCRIPT, source.charset()));
  }

  /** What the next load of {@code source} finds in its slot. */
  Forecast forecast(StoredVariant variant, Source source, long now) {
    String own = current.slot(source);
    if (own == null) {
      return Forecast.ofMemoryOnly();
    }
    String id = DiskInspection.slotId(own);
    Seen seen = new Seen(0, 0);
    boolean hasCode = false;
    for (StoredSlot slot : variant.slots()) {
      if (slot.id().equals(id)) {
        seen = slot.seen();
        hasCode = slot.claim() != null;
      }
    }
    Refusal refusal = hasCode ? refusal(variant, source) : null;
    Rejection reason = refusal == null ? null : refusal.reason;
    return Forecast.of(policy, seen, hasCode, reason, source.bytes().length, now);
  }

  /** Opens the slot as a load does, the engine's own reading included; null when it may be used. */
  private @Nullable Refusal refusal(StoredVariant variant, Source source) {
    StoredEntry entry = variant.entry();
    String slot = current.slot(source);
    Fingerprint fingerprint = current.fingerprint();
    if (entry == null || slot == null || fingerprint == null) {
      return null;
    }
    Engine<?> engine = current.engine();
    Shape shape = current.shape(source.name());
    try {
      byte[] code = entry.code(slot);
      if (code == null) {
        return null;
      }
      EntryHead head = entry.head();
      CodeKey key = new CodeKey("", source, shape, fingerprint); // no part of what is sealed
      SealedFile file = key.open(code, store.seal(), head.keyHash(), head.generation());
      Rejection rejection = file.rejection();
      if (rejection != null) {
        return new Refusal(rejection, file.detail());
      }
      int start = file.start(CodeKey.PAYLOAD);
      engine.restore(file.bytes(), start, file.length(CodeKey.PAYLOAD), source, shape);
      return null;
    } catch (IOException | RuntimeException | LinkageError | StackOverflowError e) {
      return new Refusal(Rejection.ENGINE, String.valueOf(e.getMessage()));
    }
  }
}
