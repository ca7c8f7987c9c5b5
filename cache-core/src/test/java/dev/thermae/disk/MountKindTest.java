package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountKindTest {
  @ParameterizedTest
  @CsvSource({
    "ext4,LOCAL",
    "xfs,LOCAL",
    "tmpfs,LOCAL",
    "zfs,LOCAL",
    "NTFS,LOCAL",
    "apfs,LOCAL",
    "fuseblk,LOCAL",
    "never heard of,LOCAL",
    "overlay,LAYERED",
    "aufs,LAYERED",
    "fuse.fuse-overlayfs,LAYERED",
    "virtiofs,LAYERED",
    "nfs,NETWORK",
    "nfs4,NETWORK",
    "cifs,NETWORK",
    "smb3,NETWORK",
    "smbfs,NETWORK",
    "9p,NETWORK",
    "fuse.sshfs,NETWORK",
    "fuse.gcsfuse,NETWORK",
    "ceph,NETWORK",
    "lustre,NETWORK"
  })
  void kindOfAType(String type, MountKind kind) {
    assertThat(MountKind.of(type)).isEqualTo(kind);
  }

  @Test
  void onTheNetworkOnlySignedFoldersAreUsed() throws IOException {
    Path folder = Path.of("cache");
    assertThatThrownBy(() -> MountKind.requireLocal(folder, "nfs4", CacheFolder.PRIVATE))
        .isInstanceOf(FolderRefusedException.class)
        .hasMessageContaining("network file system (nfs4)")
        .hasMessageContaining("sign it");
    MountKind.requireLocal(folder, "nfs4", CacheFolder.SHARED);
    MountKind.requireLocal(folder, "overlay", CacheFolder.PRIVATE);
    assertThat(MountKind.fault(Path.of("."), true)).isNull();
  }
}
