package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Generation;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.code.SigningKeys;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.testing.GoldenFile;
import dev.thermae.testing.RecordingListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The file of a head: golden bytes of format 1, and every kind of damage. */
class HeadFileTest {
  private static final String KEY = "url \nhttps://example.org/a.js";

  @TempDir Path folder;
  private final RecordingListener seen = new RecordingListener();

  static Stream<Arguments> seals() {
    byte[] secret = "a secret of enough bytes".getBytes(StandardCharsets.UTF_8);
    Seal signed = Seal.signed(SigningKeys.of(7, secret), "tenant");
    return Stream.of(Arguments.of("checksum", Seal.checksum()), Arguments.of("signed", signed));
  }

  private static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static EntryHead head() {
    return new EntryHead(
        KEY,
        "accept: text/x",
        new Generation(0x1112131415161718L, 0x2122232425262728L),
        1_000,
        1_005,
        3,
        60_000,
        Long.MIN_VALUE,
        EntryHead.ENCODED,
        "UTF-8",
        "https://example.org/b",
        EntryHead.hashOf(KEY),
        bytes(32, 5),
        70_000,
        "\0\1opaque".getBytes(StandardCharsets.US_ASCII));
  }

  private DiskStore open(Seal seal) throws IOException {
    return DiskStore.open(folder, seal, new Counters(seen), TimeSource.SYSTEM);
  }

  private Path write(DiskStore store) throws IOException {
    try (NewBody body = store.newBody(KEY)) {
      body.write(bytes(70_000, 6));
      assertThat(store.put(head(), body)).isNotNull();
    }
    return FolderCheck.entryFiles(folder).stream()
        .filter(file -> file.toString().endsWith(".h"))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("seals")
  void goldenBytes(String name, Seal seal) throws IOException {
    byte[] golden = GoldenFile.read("dev/thermae/disk/head-1-" + name + ".hex");
    try (DiskStore store = open(seal)) {
      Path file = write(store);
      assertThat(Files.readAllBytes(file)).isEqualTo(golden);
      Files.write(file, golden);
      var found = store.find(KEY, stored -> "accept: text/x");
      assertThat(found.head()).usingRecursiveComparison().isEqualTo(head());
      assertThat(found.body()).isEqualTo(bytes(70_000, 6));
    }
  }

  /** Files lie where format 1 puts them: the names outlive a version like the bytes. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("seals")
  void goldenNames(String name, Seal seal) throws IOException {
    try (DiskStore store = open(seal)) {
      write(store);
      String hash = EntryName.of(folder.toFile(), KEY).text();
      assertThat(hash).isEqualTo("b44290bbf1d40a5eaf0a543ce772fda8");
      Path inner =
          folder.resolve("v1/entries").resolve(hash.substring(0, 2)).resolve(hash.substring(2, 4));
      assertThat(inner.resolve(hash + ".h")).exists();
      assertThat(inner.resolve(hash + ".11121314151617182122232425262728.b")).exists();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("seals")
  void everyFlippedBitIsRefused(String name, Seal seal) throws IOException {
    try (DiskStore store = open(seal)) {
      byte[] head = Files.readAllBytes(write(store));
      Set<Rejection> reasons = EnumSet.noneOf(Rejection.class);
      for (int bit = 0; bit < head.length * 8; bit++) {
        head[bit / 8] ^= (byte) (1 << bit % 8);
        Rejection reason = reason(head, seal);
        assertThat(reason).as("bit %d", bit).isNotNull();
        reasons.add(reason);
        head[bit / 8] ^= (byte) (1 << bit % 8);
      }
      assertThat(reasons)
          .containsExactlyInAnyOrder(
              Rejection.MAGIC, Rejection.FORMAT, Rejection.KEY, Rejection.SEAL);
      for (int length = 0; length < head.length; length++) {
        assertThat(reason(Arrays.copyOf(head, length), seal))
            .as("%d bytes", length)
            .isIn(Rejection.TRUNCATED, Rejection.SEAL);
      }
    }
  }

  private static Rejection reason(byte[] bytes, Seal seal) {
    return SealedFile.open(bytes, DiskEntry.MAGIC, DiskEntry.FORMAT, DiskEntry.SECTIONS, seal)
        .rejection();
  }

  /** Sealed by us and still nonsense: digests that do not fit the body, numbers that are short. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("seals")
  void lengthsThatDoNotFitAreRefused(String name, Seal seal) throws IOException {
    try (DiskStore store = open(seal)) {
      Path file = write(store);
      SealedFile good =
          SealedFile.open(
              Files.readAllBytes(file),
              DiskEntry.MAGIC,
              DiskEntry.FORMAT,
              DiskEntry.SECTIONS,
              seal);
      byte[][] sections = new byte[DiskEntry.SECTIONS][];
      for (int changed : new int[] {0, 6}) {
        for (int i = 0; i < sections.length; i++) {
          sections[i] = good.section(i);
        }
        sections[changed] = Arrays.copyOf(sections[changed], sections[changed].length - 1);
        Files.write(file, SealedFile.seal(DiskEntry.MAGIC, DiskEntry.FORMAT, seal, sections));
        assertThat(store.find(KEY, null)).isNull();
      }
      assertThat(seen.rejections()).containsExactly(Rejection.LENGTH, Rejection.LENGTH);
    }
  }
}
