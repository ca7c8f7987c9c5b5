package dev.thermae.disk;

import dev.thermae.code.CodeClaim;
import dev.thermae.code.Rejection;
import dev.thermae.code.SealedFile;
import dev.thermae.store.EntryHead;
import dev.thermae.store.Precedence;
import dev.thermae.store.Seen;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Goes through the files of one entry and changes none. Used by one thread, once. */
final class EntryWalk {
  private final DiskStore store;
  private final EntryName name;
  private final String key;
  private final List<String> files;
  private @Nullable EntryHead first;

  EntryWalk(DiskStore store, EntryName name, String key) {
    this.store = store;
    this.name = name;
    this.key = key;
    this.files = DiskInspection.names(name.folder());
  }

  /** The head that is looked at first sorts before those of other variants. */
  List<StoredVariant> variants() {
    List<StoredVariant> variants = new ArrayList<>();
    for (String file : files) {
      if (file.equals(name.text() + ".h") || file.startsWith(name.text() + ".h.")) {
        StoredVariant variant = variant(new File(name.folder(), file));
        if (variant != null) {
          variants.add(variant);
        }
      }
    }
    return variants;
  }

  private @Nullable StoredVariant variant(File file) {
    byte[] bytes = read(file, DiskStore.MAXIMUM_HEAD);
    if (bytes == null) {
      return null; // gone since
    }
    SealedFile sealed = HeadFile.open(bytes, store.seal());
    Rejection rejection = sealed.rejection();
    EntryHead head = rejection == null ? DiskEntry.head(sealed, store.seal()) : null;
    if (head == null) {
      Rejection reason = rejection == null ? Rejection.LENGTH : rejection;
      return refused(file, reason, sealed.detail());
    }
    if (!head.key().equals(key)) {
      return refused(file, Rejection.KEY, "the head of another key with the same hash");
    }
    if (file.equals(name.head())) {
      first = head;
    }
    DiskEntry entry = store.entry(name, file, head, sealed.section(6));
    StoredVariant.State state = state(file, head);
    File body = name.present(head.generation());
    return new StoredVariant(
        file.getName(),
        entry,
        null,
        "",
        state,
        state == StoredVariant.State.TOMBSTONE ? StoredVariant.Body.NONE : body(entry, body),
        body.lastModified(),
        slots(head));
  }

  private static StoredVariant refused(File file, Rejection rejection, String detail) {
    return new StoredVariant(
        file.getName(),
        null,
        rejection,
        detail,
        StoredVariant.State.REFUSED,
        StoredVariant.Body.NONE,
        0,
        List.of());
  }

  /** As {@link DiskStore#find} would decide for a request that has the variant's fields. */
  private StoredVariant.State state(File file, EntryHead head) {
    EntryHead looked = first;
    if (looked == null) {
      return StoredVariant.State.UNREACHABLE;
    }
    if (head.is(EntryHead.TOMBSTONE)) {
      return StoredVariant.State.TOMBSTONE;
    }
    if (file.equals(name.head())) {
      return StoredVariant.State.USABLE;
    }
    if (!Precedence.varyAlike(looked.selecting(), head.selecting())
        || !file.equals(name.head(head.selecting()))) {
      return StoredVariant.State.UNREACHABLE;
    }
    return store.isValid(head, looked.notBefore())
        ? StoredVariant.State.USABLE
        : StoredVariant.State.INVALIDATED;
  }

  private static StoredVariant.Body body(DiskEntry entry, File file) {
    if (!isFile(file)) {
      return StoredVariant.Body.MISSING;
    }
    return entry.body() == null ? StoredVariant.Body.DAMAGED : StoredVariant.Body.VERIFIED;
  }

  private List<StoredSlot> slots(EntryHead head) {
    String prefix = name.text() + '.' + head.generation() + '.';
    TreeSet<String> ids = new TreeSet<>();
    for (String file : files) {
      boolean slot = file.endsWith(".s") || file.endsWith(".c");
      if (slot && file.startsWith(prefix) && file.length() > prefix.length() + 2) {
        ids.add(file.substring(prefix.length(), file.length() - 2));
      }
    }
    List<StoredSlot> slots = new ArrayList<>();
    for (String id : ids) {
      slots.add(slot(head, id, new File(name.folder(), prefix + id)));
    }
    return slots;
  }

  private StoredSlot slot(EntryHead head, String id, File stem) {
    File marks = new File(stem.getPath() + ".s");
    File code = new File(stem.getPath() + ".c");
    Seen seen = new Seen(marks.length(), marks.lastModified());
    byte[] bytes = read(code, DiskStore.MAXIMUM_CODE);
    if (bytes == null) {
      return new StoredSlot(id, seen, 0, 0, null);
    }
    byte[] source = head.charset().isEmpty() ? null : head.sourceHash();
    CodeClaim claim =
        CodeClaim.read(bytes, store.seal(), source, head.keyHash(), head.generation());
    return new StoredSlot(id, seen, bytes.length, code.lastModified(), claim);
  }

  /** Links are not followed, and pipes not waited for. */
  private static boolean isFile(File file) {
    return Files.isRegularFile(file.toPath(), LinkOption.NOFOLLOW_LINKS);
  }

  private byte @Nullable [] read(File file, long maximum) {
    try {
      return isFile(file) ? DiskStore.read(file, maximum) : null;
    } catch (IOException e) {
      store.counters().onFault(file.getPath(), e);
      return null;
    }
  }
}
