package dev.thermae.disk;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks into a folder on behalf of people: everything is verified, nothing is changed, nothing is
 * quick. Thread-safe.
 */
public final class DiskInspection {
  private final DiskStore store;

  private DiskInspection(DiskStore store) {
    this.store = store;
  }

  /**
   * Opens a store for whoever only looks: other than {@link DiskStore#open}, no look-up counts as a
   * use.
   *
   * @param folder null for the default one; above bases as {@link DiskStore#openAboveBases} says
   */
  public static DiskStore open(@Nullable Path folder, Seal seal, Counters counters, TimeSource time)
      throws IOException {
    DiskStore store = DiskStore.openAboveBases(folder, seal, counters, time, null);
    store.close(); // ends noting uses, and nothing else
    return store;
  }

  /** Looks into an open store, which stays the caller's. */
  public static DiskInspection of(DiskStore store) {
    return new DiskInspection(store);
  }

  /** Whether {@code folder} holds anything of this format, so that opening it creates nothing. */
  public static boolean isThere(Path folder) {
    return folder.resolve(DiskStore.FORMAT).toFile().isDirectory();
  }

  /**
   * Whether {@code folder} holds anything of this format, as {@link #isThere} says.
   *
   * @param signed whether others may write it, because everything in it is signed
   * @throws FolderRefusedException when it is not there, and what is there of its path cannot be
   *     used; in the words that opening it would have
   */
  public static boolean isUsable(Path folder, boolean signed) throws IOException {
    return isThere(folder) || FolderCreation.isNothingYet(folder, signed);
  }

  /** What a slot's files are named by; see {@link dev.thermae.store.StoredEntry#slot}. */
  public static String slotId(String slot) {
    return EntryName.slotText(slot);
  }

  /**
   * Every head that is stored for {@code key}, the one that is looked at first before others, and
   * those of bases last.
   */
  public List<StoredVariant> variants(String key) {
    List<StoredVariant> all = new EntryWalk(store, store.name(key), key).variants();
    for (DiskStore base : store.bases()) {
      all.addAll(new EntryWalk(base, base.name(key), key).variants());
    }
    return all;
  }

  /** Where the files of {@code key} are, or would be: all of them begin like that. */
  public String place(String key) {
    EntryName name = store.name(key);
    return new File(name.folder(), name.text()).getPath();
  }

  /** All fingerprints that were recorded and verify, in no order. */
  public List<RecordedFingerprint> fingerprints() {
    List<RecordedFingerprint> records = new ArrayList<>();
    read(store, records);
    for (DiskStore base : store.bases()) {
      read(base, records);
    }
    return records;
  }

  private static void read(DiskStore folder, List<RecordedFingerprint> records) {
    for (FingerprintUse use : of(folder).uses(file -> {})) {
      records.add(new RecordedFingerprint(use.engine(), use.fingerprint()));
    }
  }

  /** All records with the times of their last uses, in no order; the rest goes elsewhere. */
  List<FingerprintUse> uses(Consumer<File> unreadable) {
    List<FingerprintUse> uses = new ArrayList<>();
    for (File file : FolderWalk.list(new File(store.root(), "fingerprints"))) {
      SealedFile record = fingerprint(file);
      if (record.rejection() != null) {
        unreadable.accept(file);
      } else if (record.length(0) == Fingerprint.LENGTH) {
        Fingerprint fingerprint = Fingerprint.recorded(record.section(0), record.text(3));
        uses.add(new FingerprintUse(file, record.text(2), fingerprint, file.lastModified()));
      }
    }
    return uses;
  }

  private SealedFile fingerprint(File file) {
    byte[] bytes = null;
    try {
      bytes = DiskStore.read(file, DiskStore.MAXIMUM_HEAD);
    } catch (IOException e) {
      store.counters().onFault("fingerprint record", e);
    }
    byte[] known = bytes == null ? new byte[0] : bytes;
    return SealedFile.open(known, DiskStore.FINGERPRINT_MAGIC, 1, 4, store.seal());
  }

  /** Names in a folder, sorted; none where there is no folder. */
  static List<String> names(File folder) {
    String[] names = folder.list();
    if (names == null) {
      return List.of();
    }
    Arrays.sort(names);
    return List.of(names);
  }
}
