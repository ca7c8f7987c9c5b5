package dev.thermae.disk;

import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.disk.Damage.Flaw;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells damage from what this seal cannot judge: files that others signed, with keys that were not
 * given or for another namespace, are as good as new for those.
 *
 * <p>A file whose seal does not match is damaged for sure where it says whose it is in clear, and
 * lies where only that one's file can lie. Nothing proves what it says; but whoever it belongs to,
 * no reader would take it from there. Immutable.
 */
final class SealJudge {
  private final Seal seal;
  private final Predicate<String> isOurs;

  /** {@code isOurs} tells keys of the seal's namespace. */
  SealJudge(Seal seal, Predicate<String> isOurs) {
    this.seal = seal;
    this.isOurs = isOurs;
  }

  /**
   * Null when a head that was refused is damaged; {@code place} tells the keys that belong there.
   */
  @Nullable Damage head(Path path, Rejection rejection, byte[] bytes, Predicate<String> place) {
    SealedFile plain = HeadFile.open(bytes, Seal.checksum());
    Damage foreign = foreign(path, rejection, bytes, plain);
    if (foreign != null || rejection != Rejection.SEAL || seal.kind() != Seal.SIGNED) {
      return foreign;
    }
    String key = SealedFile.claimedText(bytes, 1);
    return key != null && place.test(key) && isOurs.test(key) ? null : otherNamespace(path);
  }

  /** Null when a record of a fingerprint that was refused is damaged. */
  @Nullable Damage record(Path path, Rejection rejection, byte[] bytes) {
    SealedFile plain = SealedFile.open(bytes, DiskStore.FINGERPRINT_MAGIC, 1, 4, Seal.checksum());
    Damage foreign = foreign(path, rejection, bytes, plain);
    if (foreign != null || rejection != Rejection.SEAL || seal.kind() != Seal.SIGNED) {
      return foreign;
    }
    String surroundings = SealedFile.claimedText(bytes, 1);
    String scope = seal.scope(SealedFile.claimedKey(bytes));
    boolean ours =
        surroundings != null
            && EntryName.hash(scope.concat(surroundings))
                .equals(String.valueOf(path.getFileName()));
    return ours ? null : otherNamespace(path);
  }

  private @Nullable Damage foreign(
      Path path, Rejection rejection, byte[] bytes, SealedFile unsigned) {
    boolean signs = seal.kind() == Seal.SIGNED;
    if (rejection == Rejection.FORMAT && !signs && SealedFile.isSigned(bytes)) {
      return new Damage(path, Flaw.FOREIGN, rejection, "signed, and no key was given");
    }
    if (rejection == Rejection.FORMAT && signs && unsigned.rejection() == null) {
      return new Damage(path, Flaw.FOREIGN, rejection, "not signed, and keys were given");
    }
    return signs && rejection == Rejection.KEY ? unknownKey(path, bytes) : null;
  }

  /** Code that lies with a head that was verified, and is signed with another key. */
  Damage unknownKey(Path path, byte[] bytes) {
    String detail = "key " + SealedFile.claimedKey(bytes) + " is not in the keys given";
    return new Damage(path, Flaw.UNKNOWN_KEY, Rejection.KEY, detail);
  }

  private static Damage otherNamespace(Path path) {
    String detail = "the seal does not match: damaged, or of another namespace";
    return new Damage(path, Flaw.OTHER_NAMESPACE, Rejection.SEAL, detail);
  }
}
