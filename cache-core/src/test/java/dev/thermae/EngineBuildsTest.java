package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Seal;
import dev.thermae.disk.DiskInspection;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.RecordedFingerprint;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.RhinoProgram;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mozilla.javascript.Script;

/**
 * Builds of Rhino that differ in one byte of a resource, of equal length and equally old, over one
 * folder: each keeps its code, and none is given another's.
 */
class EngineBuildsTest {
  private static final String RESOURCE = "org/mozilla/javascript/resources/Messages.properties";

  @TempDir Path home;

  private static Path rhino() throws Exception {
    URI place = Script.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    return Path.of(place);
  }

  /** A copy with {@code change} added to the last byte of the resource; nothing is packed. */
  private String build(int change) throws Exception {
    Path copy = home.resolve("build" + change).resolve(rhino().getFileName());
    Files.createDirectories(copy.getParent());
    try (ZipFile in = new ZipFile(rhino().toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
      for (ZipEntry entry : in.stream().toList()) {
        byte[] bytes = in.getInputStream(entry).readAllBytes();
        if (entry.getName().equals(RESOURCE)) {
          bytes[bytes.length - 1] += (byte) change;
        }
        copy(out, entry, bytes);
      }
    }
    Files.setLastModifiedTime(copy, FileTime.fromMillis(1_600_000_000_000L));
    List<String> path = new ArrayList<>();
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      path.add(Path.of(element).equals(rhino()) ? copy.toString() : element);
    }
    assertThat(path).contains(copy.toString());
    return String.join(File.pathSeparator, path);
  }

  private static void copy(ZipOutputStream out, ZipEntry entry, byte[] bytes) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ZipEntry stored = new ZipEntry(entry.getName());
    stored.setMethod(ZipEntry.STORED);
    stored.setSize(bytes.length);
    stored.setCrc(crc.getValue());
    stored.setTime(1_600_000_000_000L);
    out.putNextEntry(stored);
    out.write(bytes);
    out.closeEntry();
  }

  private String run(String classPath) throws Exception {
    String folder = home.resolve("cache").toString();
    try (ChildJvm child =
        ChildJvm.start(RhinoProgram.class, classPath, List.of(), List.of(), Map.of(), folder)) {
      return String.join(", ", child.finish());
    }
  }

  @Test
  void buildsThatDifferByOneByteStayApartAndHot() throws Exception {
    List<String> builds = List.of(build(0), build(1), build(2));
    for (String build : builds) {
      assertThat(run(build)).as("nothing of another build's").isEqualTo("COLD 42");
    }
    for (int round = 0; round < 2; round++) {
      for (String build : builds) {
        assertThat(run(build)).isEqualTo("HOT 42");
      }
    }
    Counters counters = new Counters(null);
    try (DiskStore store =
        DiskStore.open(home.resolve("cache"), Seal.checksum(), counters, TimeSource.SYSTEM)) {
      List<RecordedFingerprint> known = DiskInspection.of(store).fingerprints();
      assertThat(known).hasSize(3);
      assertThat(known.stream().map(one -> one.fingerprint().toString()).distinct()).hasSize(3);
    }
    long length = Files.size(home.resolve("build0").resolve(rhino().getFileName()));
    assertThat(home.resolve("build1").resolve(rhino().getFileName())).hasSize(length);
  }
}
