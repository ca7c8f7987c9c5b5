package dev.thermae.disk;

import dev.thermae.code.CodeClaim;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.code.Source;
import dev.thermae.disk.Damage.Flaw;
import dev.thermae.store.EntryHead;
import dev.thermae.store.StoredEntry;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Checks files against what they say of themselves and of each other, and changes none.
 *
 * <p>Others may be using the folder: what is found is looked at once more, and told only when it
 * was the same both times. Thread-safe.
 */
public final class DiskVerification {
  private static final int LOOKS = 3;

  private final DiskStore store;
  private final long now;
  private final SealJudge judge;

  private DiskVerification(DiskStore store, long now, Predicate<String> isOurs) {
    this.store = store;
    this.now = now;
    this.judge = new SealJudge(store.seal(), isOurs);
  }

  /** Checks in an open store, which stays the caller's, as of {@code now}, in milliseconds. */
  public static DiskVerification of(DiskStore store, long now) {
    return of(store, now, key -> false);
  }

  /**
   * The same in a signed folder: {@code isOurs} tells the keys of the namespace that the store's
   * seal is for. What else does not match its seal may be another namespace's, and no damage.
   */
  public static DiskVerification of(DiskStore store, long now, Predicate<String> isOurs) {
    return new DiskVerification(store, now, isOurs);
  }

  /** What is wrong with a resource, now and a moment later. */
  public List<Damage> check(StoredResource resource) throws IOException {
    List<Damage> found = look(resource);
    for (int look = 1; look < LOOKS && !found.isEmpty() && !resource.name().isEmpty(); look++) {
      List<Damage> again = look(resource.again());
      if (again.equals(found)) {
        break;
      }
      found = again;
    }
    return found;
  }

  private List<Damage> look(StoredResource resource) throws IOException {
    List<Damage> found = new ArrayList<>();
    for (StoredFile file : resource.files()) {
      if (!file.regular()) {
        found.add(damage(file.path(), Flaw.NOT_A_FILE, null, "not a regular file"));
      } else if (file.kind() != StoredFile.Kind.HEAD && !Files.isReadable(file.path())) {
        found.add(damage(file.path(), Flaw.UNREADABLE, null, "no permission"));
      } else if (file.kind() == StoredFile.Kind.UNKNOWN) {
        found.add(damage(file.path(), Flaw.UNKNOWN, null, "no name of this format"));
      }
    }
    Set<String> generations = new HashSet<>();
    boolean allTold = true;
    for (StoredResource.Head read : resource.heads()) {
      EntryHead head = read.head();
      if (head == null) {
        Damage refused = refused(resource, read);
        allTold &= refused.flaw() == Flaw.HEAD;
        found.add(refused);
        continue;
      }
      generations.add(head.generation().toString());
      String misplaced = misplaced(resource, read.file(), head);
      if (misplaced != null) {
        found.add(damage(read.file().path(), Flaw.MISPLACED, Rejection.KEY, misplaced));
      } else if (!head.is(EntryHead.TOMBSTONE)) {
        checkVariant(resource, read.file(), head, found);
      }
    }
    if (allTold) {
      checkReferences(resource, generations, found);
    }
    return found;
  }

  private Damage refused(StoredResource resource, StoredResource.Head read) throws IOException {
    Path path = read.file().path();
    Rejection rejection = read.rejection();
    if (rejection == null) {
      return damage(path, Flaw.UNREADABLE, null, read.detail());
    }
    byte[] bytes = DiskStore.read(path.toFile(), DiskStore.MAXIMUM_HEAD);
    Damage unjudged =
        bytes == null ? null : judge.head(path, rejection, bytes, resource::isPlaceOf);
    return unjudged == null ? damage(path, Flaw.HEAD, rejection, read.detail()) : unjudged;
  }

  private @Nullable String misplaced(StoredResource resource, StoredFile file, EntryHead head) {
    if (!resource.isPlaceOf(head.key())) {
      return "the head of " + head.key().replace('\n', ' ');
    }
    EntryName name = store.name(head.key());
    boolean first = file.path().equals(name.head().toPath());
    boolean right = first || file.path().equals(name.head(head.selecting()).toPath());
    return right ? null : "the head of another variant";
  }

  private void checkVariant(
      StoredResource resource, StoredFile file, EntryHead head, List<Damage> found)
      throws IOException {
    if (!Arrays.equals(head.keyHash(), EntryHead.hashOf(head.key()))) {
      found.add(damage(file.path(), Flaw.HEAD, Rejection.KEY, "not the key's hash"));
      return;
    }
    EntryName name = store.name(head.key());
    for (StoredVariant variant : new EntryWalk(store, name, head.key()).variants()) {
      StoredEntry entry = variant.entry();
      boolean same =
          variant.file().equals(file.name())
              && entry != null
              && entry.head().generation().equals(head.generation());
      if (same && entry != null) {
        checkBody(name.present(head.generation()), variant, entry, found);
        checkCode(resource, head, variant, found);
      }
    }
  }

  private static void checkBody(
      File body, StoredVariant variant, StoredEntry entry, List<Damage> found) {
    if (Files.exists(body.toPath()) && !Files.isReadable(body.toPath())) {
      return; // told of already
    }
    if (variant.body() == StoredVariant.Body.MISSING) {
      boolean pending = Files.exists(body.toPath());
      if (!pending) {
        found.add(damage(body.toPath(), Flaw.BODY_MISSING, Rejection.TRUNCATED, "no such file"));
      }
    } else if (variant.body() == StoredVariant.Body.DAMAGED) {
      found.add(damage(body.toPath(), Flaw.BODY, Rejection.SEAL, "not what the head says"));
    } else if (!isSource(entry)) {
      found.add(damage(body.toPath(), Flaw.BODY, Rejection.SOURCE, "not the source in the head"));
    }
  }

  /**
   * Whether the body is the source that the head tells of; bodies with a coding are passed, and
   * those in charsets that this JVM does not have.
   */
  private static boolean isSource(StoredEntry entry) {
    EntryHead head = entry.head();
    byte[] body = entry.body();
    boolean coded = head.is(EntryHead.ENCODED) || head.is(EntryHead.REDIRECT);
    try {
      return coded
          || head.charset().isEmpty()
          || body == null
          || Arrays.equals(Source.hash(Charset.forName(head.charset()), body), head.sourceHash());
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  private void checkCode(
      StoredResource resource, EntryHead head, StoredVariant variant, List<Damage> found)
      throws IOException {
    for (StoredSlot slot : variant.slots()) {
      CodeClaim claim = slot.claim();
      if (claim == null) {
        continue;
      }
      String end = "." + head.generation() + "." + slot.id() + ".c";
      Path path = resource.path(end);
      if (claim.rejection() == Rejection.KEY && store.seal().kind() == Seal.SIGNED) {
        found.add(ofAnotherKey(path, claim));
      } else if (claim.rejection() != null) {
        found.add(damage(path, Flaw.CODE, claim.rejection(), claim.detail()));
      } else if (!head.charset().isEmpty() && !slot.id().equals(idOf(claim, head))) {
        found.add(damage(path, Flaw.MISPLACED, Rejection.FINGERPRINT, "code of another slot"));
      }
    }
  }

  private Damage ofAnotherKey(Path path, CodeClaim claim) throws IOException {
    byte[] bytes = DiskStore.read(path.toFile(), DiskStore.MAXIMUM_CODE);
    return bytes == null
        ? damage(path, Flaw.CODE, claim.rejection(), claim.detail())
        : judge.unknownKey(path, bytes);
  }

  private static String idOf(CodeClaim claim, EntryHead head) {
    return DiskInspection.slotId(
        claim.fingerprint() + "\n" + head.charset() + "\n" + claim.shape());
  }

  private void checkReferences(
      StoredResource resource, Set<String> generations, List<Damage> found) {
    for (StoredFile file : resource.files()) {
      boolean parted =
          file.kind() == StoredFile.Kind.BODY
              || file.kind() == StoredFile.Kind.CODE
              || file.kind() == StoredFile.Kind.MARKS;
      if (!parted || !file.regular()) {
        continue;
      }
      int start = EntryListing.NAME + 1;
      String generation = file.name().substring(start, start + EntryListing.NAME);
      boolean young = !EvictionPolicy.isForgotten(file.modified(), now);
      if (!generations.contains(generation) && !young) {
        found.add(damage(file.path(), Flaw.UNREFERENCED, null, "no head names its generation"));
      }
    }
  }

  /** What is wrong with files beside those of resources. */
  public List<Damage> checkOthers(List<StoredFile> files) throws IOException {
    List<Damage> found = new ArrayList<>();
    for (StoredFile file : files) {
      if (!file.regular()) {
        found.add(damage(file.path(), Flaw.NOT_A_FILE, null, "not a regular file"));
      } else if (file.kind() == StoredFile.Kind.FINGERPRINT) {
        checkRecord(file, found);
      } else if (file.kind() == StoredFile.Kind.TEMPORARY
          && EvictionPolicy.isForgotten(file.modified(), now)) {
        found.add(damage(file.path(), Flaw.LEFT_OVER, null, "a writer that ended"));
      } else if (file.kind() == StoredFile.Kind.UNKNOWN) {
        found.add(damage(file.path(), Flaw.UNKNOWN, null, "no name of this format"));
      }
    }
    return found;
  }

  private void checkRecord(StoredFile file, List<Damage> found) {
    byte[] bytes;
    try {
      bytes = DiskStore.read(file.path().toFile(), DiskStore.MAXIMUM_HEAD);
    } catch (IOException e) {
      String detail = "it cannot be read: " + e.getMessage();
      found.add(damage(file.path(), Flaw.UNREADABLE, null, detail));
      return;
    }
    if (bytes == null) {
      return;
    }
    SealedFile record = SealedFile.open(bytes, DiskStore.FINGERPRINT_MAGIC, 1, 4, store.seal());
    Rejection rejection = record.rejection();
    Damage unjudged = rejection == null ? null : judge.record(file.path(), rejection, bytes);
    if (unjudged != null) {
      found.add(unjudged);
    } else if (rejection != null) {
      found.add(damage(file.path(), Flaw.FINGERPRINT, rejection, record.detail()));
    } else if (!recordName(record).equals(file.name())) {
      found.add(
          damage(file.path(), Flaw.MISPLACED, Rejection.KEY, "the record of other surroundings"));
    } else if (!Arrays.equals(record.section(0), Fingerprint.digest(record.text(3)))) {
      found.add(
          damage(file.path(), Flaw.FINGERPRINT, Rejection.FINGERPRINT, "not that of its parts"));
    }
  }

  /** As it was named by whoever sealed it, with the key that was the newest then. */
  private String recordName(SealedFile record) {
    return EntryName.hash(store.seal().scope(record.keyId()).concat(record.text(1)));
  }

  private static Damage damage(Path path, Flaw flaw, @Nullable Rejection rejection, String detail) {
    return new Damage(path, flaw, rejection, detail);
  }
}
