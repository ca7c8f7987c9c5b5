package dev.thermae.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What kind of file system a folder lies on, and so what can be relied on there.
 *
 * <p>{@link #LOCAL}: all of it.
 *
 * <p>{@link #LAYERED}, a container's own layer or a folder that a virtual machine shares with its
 * host: one kernel, so locks, renames and modes are what they are elsewhere, and a private folder
 * is private. Only the mapped index is left out: a file of a lower layer is another file once it is
 * written, the mapping does not follow, and the layer goes away with its container.
 *
 * <p>{@link #NETWORK}: owner and mode are the server's word, and any client's that it believes, so
 * they are no barrier; byte-range locks may be missing, local to one host, or lost with the server;
 * a repeated rename may fail though it was done; other hosts' files are seen late; a mapping of a
 * file that another host cuts short ends the JVM. So the index is on the heap and nobody owns it,
 * and a folder is used only in signed mode. The type is looked at when a folder is created, and
 * else in the background.
 */
public enum MountKind {
  /** A disk of this machine. */
  LOCAL,
  /** A container's layer, or a folder shared with the host. */
  LAYERED,
  /** Another machine's. */
  NETWORK;

  private static final Set<String> LAYERS =
      Set.of("overlay", "overlayfs", "aufs", "unionfs", "fuse.fuse-overlayfs", "fuse.unionfs");
  private static final Set<String> SHARES = Set.of("virtiofs", "vboxsf", "fuse.vmhgfs-fuse");
  private static final Set<String> NETWORKS =
      Set.of(
          "9p",
          "acfs",
          "afpfs",
          "afs",
          "beegfs",
          "ceph",
          "cifs",
          "coda",
          "davfs",
          "davfs2",
          "fuse",
          "gfs2",
          "gluster",
          "glusterfs",
          "gpfs",
          "lustre",
          "ncpfs",
          "ocfs2",
          "orangefs",
          "panfs",
          "pvfs2",
          "webdav",
          "wekafs");

  /** The kind that a file system's type stands for; what is not known is local. */
  static MountKind of(String type) {
    String name = type.toLowerCase(Locale.ROOT);
    if (LAYERS.contains(name) || SHARES.contains(name)) {
      return LAYERED;
    }
    return NETWORKS.contains(name)
            || name.startsWith("nfs")
            || name.startsWith("smb")
            || name.startsWith("fuse.")
        ? NETWORK
        : LOCAL;
  }

  /**
   * Whether a file system of this type tells of all changes to its files: networks and shares know
   * nothing of what others do to them.
   */
  public static boolean tellsChanges(String type) {
    return of(type) != NETWORK && !SHARES.contains(type.toLowerCase(Locale.ROOT));
  }

  /** The kind of file system that {@code folder} lies on; takes milliseconds. */
  static MountKind of(Path folder) throws IOException {
    return of(Files.getFileStore(folder).type());
  }

  /** Why {@code folder} should not be used where it is; null when it may be, or cannot be told. */
  static @Nullable String fault(Path folder, boolean signed) {
    try {
      requireLocal(folder, signed ? CacheFolder.SHARED : CacheFolder.PRIVATE);
      return null;
    } catch (FolderRefusedException e) {
      return e.getMessage();
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Refuses a folder on the network that is not signed.
   *
   * @throws FolderRefusedException saying what to do
   */
  static void requireLocal(Path folder, int trust) throws IOException {
    requireLocal(folder, Files.getFileStore(folder).type(), trust);
  }

  static void requireLocal(Path folder, String type, int trust) throws IOException {
    if (trust == CacheFolder.PRIVATE && of(type) == NETWORK) {
      throw FolderCreation.refused(
          folder,
          "lies on a network file system (" + type + "), where modes are no barrier",
          "sign it, or name a local one with THERMAE_DIR",
          null);
    }
  }
}
