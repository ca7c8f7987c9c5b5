package dev.thermae.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a folder can be trusted where there are access control lists instead of modes, as on
 * Windows: nobody but its owner, the system and administrators may be allowed to change it, its
 * list or its owner.
 *
 * <p>Checked are the cache folder and the one of its format. Not checked are the folders above,
 * which on Windows are the system's or the profile's; who the owner is, beyond that the owner is
 * the same for both; entries that deny; and membership in groups. Where there is neither a POSIX
 * view nor a list, as on FAT, nothing is checked, and {@link #WARNING} says so.
 */
final class AclCheck {
  static final String WARNING =
      "This file system tells neither modes nor access control lists: whether others can write the"
          + " cache folder is not checked. Sign what is stored, or use another folder.";

  private static final Set<AclEntryPermission> CHANGES =
      EnumSet.of(
          AclEntryPermission.WRITE_DATA,
          AclEntryPermission.APPEND_DATA,
          AclEntryPermission.DELETE,
          AclEntryPermission.DELETE_CHILD,
          AclEntryPermission.WRITE_ACL,
          AclEntryPermission.WRITE_OWNER);

  private AclCheck() {}

  /**
   * Checks {@code inner} and the folders around it up to {@code root}.
   *
   * @return false when nothing could be checked
   * @throws FolderRefusedException saying who may write it
   */
  static boolean require(Path inner, Path root) throws IOException {
    UserPrincipal owner = null;
    for (Path at = inner; at != null && at.startsWith(root); at = at.getParent()) {
      AclFileAttributeView view =
          Files.getFileAttributeView(at, AclFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      if (view == null) {
        return false;
      }
      if (owner != null && !owner.equals(view.getOwner())) {
        String fault = "belongs to " + view.getOwner().getName();
        throw FolderCreation.refused(at, fault, "remove it or use another", null);
      }
      owner = view.getOwner();
      for (AclEntry entry : view.getAcl()) {
        if (changes(entry) && !isTrusted(entry.principal(), owner)) {
          String fault = "is writable by " + entry.principal().getName();
          throw FolderCreation.refused(at, fault, "remove it or use another", null);
        }
      }
    }
    return owner != null;
  }

  /** Whether neither modes nor lists can be seen. */
  static boolean isBlind(Path folder) {
    return !folder.getFileSystem().supportedFileAttributeViews().contains("unix")
        && Files.getFileAttributeView(folder, AclFileAttributeView.class) == null;
  }

  private static boolean changes(AclEntry entry) {
    Set<AclEntryPermission> granted = EnumSet.noneOf(AclEntryPermission.class);
    granted.addAll(entry.permissions());
    granted.retainAll(CHANGES);
    return entry.type() == AclEntryType.ALLOW
        && !entry.flags().contains(AclEntryFlag.INHERIT_ONLY)
        && !granted.isEmpty();
  }

  private static boolean isTrusted(UserPrincipal principal, UserPrincipal owner) {
    String name = principal.getName().toUpperCase(Locale.ROOT);
    return principal.equals(owner)
        || name.endsWith("\\SYSTEM")
        || name.endsWith("\\ADMINISTRATORS")
        || name.equals("CREATOR OWNER")
        || name.equals("\\CREATOR OWNER");
  }
}
