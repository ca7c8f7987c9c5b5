package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.code.Coding;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.disk.DiskOptions.Packing;
import dev.thermae.event.Counters;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.FakeTime;
import dev.thermae.testing.FastFolder;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.TestHeads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies that are kept packed are the same bodies. */
class PackingTest {
  private static final String KEY = "url \nhttps://example.org/a.js";
  private static final byte[] BODY = body();

  @TempDir(factory = FastFolder.class)
  Path folder;

  private final FakeTime time = new FakeTime();
  private final RecordingListener seen = new RecordingListener();

  private static byte[] body() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      text.append("a line of number ").append(i % 251).append(";\n");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    FolderCheck.noTemporaries(folder);
    assertThat(seen.faults()).isEmpty();
  }

  private DiskStore store(Coding bodies) throws IOException {
    DiskOptions options = DiskOptions.DEFAULTS.packing(new Packing(Coding.NONE, bodies, 1_000));
    return DiskStore.open(folder, Seal.checksum(), new Counters(seen), time, options);
  }

  private StoredEntry put(DiskStore store, byte[] bytes) throws IOException {
    try (NewBody body = store.newBody(KEY)) {
      body.write(bytes);
      return store.put(TestHeads.of(KEY, time.millis(), bytes.length), body);
    }
  }

  private List<String> endings() throws IOException {
    return FolderCheck.entryFiles(folder).stream()
        .map(file -> file.toString().replaceFirst(".*\\.", ""))
        .toList();
  }

  private Path packed() throws IOException {
    return FolderCheck.entryFiles(folder).stream()
        .filter(file -> file.toString().endsWith(".z"))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(names = {"DEFLATE", "ZSTD"})
  void isReadAsItWasStored(Coding coding) throws IOException {
    try (DiskStore store = store(coding);
        DiskStore other = store(Coding.NONE)) {
      assertThat(put(store, BODY).body()).isEqualTo(BODY);
      assertThat(endings()).containsExactlyInAnyOrder("h", "z");
      assertThat(Files.size(packed())).isLessThan(BODY.length / 4);
      assertThat(other.find(KEY, null).body()).isEqualTo(BODY);
      assertThat(other.find(KEY, null).holds(BODY)).isTrue();
      byte[] another = BODY.clone();
      another[70_000]++;
      assertThat(other.find(KEY, null).holds(another)).isFalse();
      assertThat(DiskInspection.of(other).variants(KEY).get(0).body())
          .isEqualTo(StoredVariant.Body.VERIFIED);
      assertThat(seen.rejections()).isEmpty();
      time.advance(1, TimeUnit.SECONDS);
      put(other, BODY);
      assertThat(endings()).as("the old generation is gone").containsExactlyInAnyOrder("h", "b");
      put(store, new byte[] {1, 2});
      assertThat(endings()).as("too short").containsExactlyInAnyOrder("h", "b");
    }
  }

  @Test
  void everyDamageToItIsAMissWithAReason() throws IOException {
    try (DiskStore store = store(Coding.DEFLATE)) {
      put(store, BODY);
      Path file = packed();
      byte[] good = Files.readAllBytes(file);
      byte[] bytes = good.clone();
      for (int bit = 0; bit < bytes.length * 8; bit++) {
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        refused(store, file, bytes);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
      }
      for (int length = 0; length < good.length; length++) {
        refused(store, file, Arrays.copyOf(good, length));
      }
      Files.write(file, good);
      assertThat(store.find(KEY, null).body()).isEqualTo(BODY);
      Files.delete(file);
      seen.clear();
      assertThat(store.find(KEY, null).body()).isNull();
      assertThat(seen.rejections()).containsExactly(Rejection.TRUNCATED);
      seen.clear();
      assertThat(store.find(KEY, null).holds(BODY)).isFalse();
      assertThat(seen.rejections()).containsExactly(Rejection.TRUNCATED);
    }
  }

  private void refused(DiskStore store, Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    seen.clear();
    assertThat(store.find(KEY, null).body()).isNull();
    assertThat(seen.rejections()).hasSize(1);
  }

  /** Sealed for one entry and laid beside another one's head. */
  @Test
  void anotherEntrysBodyIsRefused() throws IOException {
    try (DiskStore store = store(Coding.DEFLATE)) {
      put(store, BODY);
      byte[] old = Files.readAllBytes(packed());
      time.advance(1, TimeUnit.SECONDS);
      put(store, BODY);
      Files.write(packed(), old);
      assertThat(store.find(KEY, null).body()).isNull();
      assertThat(seen.rejections()).containsExactly(Rejection.GENERATION);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DEFLATE", "ZSTD"})
  void packsWhatIsThere(Coding coding) throws IOException {
    try (DiskStore store = store(Coding.NONE)) {
      StoredEntry before = put(store, BODY);
      long late = System.currentTimeMillis() + 10_000;
      assertThat(BodyPacking.pack(store, coding, 1_000, 0)).as("too young").isZero();
      assertThat(BodyPacking.pack(store, coding, 1 << 20, late)).as("too short").isZero();
      assertThat(endings()).containsExactlyInAnyOrder("h", "b");
      long saved = BodyPacking.pack(store, coding, 1_000, late);
      assertThat(saved).isEqualTo(BODY.length - Files.size(packed()));
      assertThat(endings()).containsExactlyInAnyOrder("h", "z");
      assertThat(before.body()).as("an entry that was looked up before").isEqualTo(BODY);
      assertThat(store.find(KEY, null).body()).isEqualTo(BODY);
      assertThat(BodyPacking.pack(store, coding, 1_000, late)).as("once").isZero();
      assertThat(seen.rejections()).isEmpty();
    }
  }

  @Test
  void noiseStaysPlain() throws IOException {
    byte[] noise = new byte[100_000];
    new Random(3).nextBytes(noise);
    try (DiskStore store = store(Coding.DEFLATE)) {
      assertThat(put(store, noise).body()).isEqualTo(noise);
      assertThat(endings()).containsExactlyInAnyOrder("h", "b");
    }
  }

  @Test
  void optionsAreChecked() {
    assertThat(DiskOptions.DEFAULTS.packing()).isEqualTo(Packing.NOTHING);
    assertThatThrownBy(() -> new Packing(Coding.NONE, Coding.NONE, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** They were names that the format does not give: {@code verify --delete} took them away. */
  @Test
  void whoLooksThroughTheFolderKnowsThem() throws IOException {
    try (DiskStore store = store(Coding.DEFLATE)) {
      put(store, BODY);
      StoredResource resource = DiskSurvey.of(store).resource(KEY);
      assertThat(resource.files())
          .extracting(StoredFile::kind)
          .containsExactlyInAnyOrder(StoredFile.Kind.HEAD, StoredFile.Kind.BODY);
      DiskVerification verification = DiskVerification.of(store, time.millis());
      assertThat(verification.check(resource)).isEmpty();
      byte[] bytes = Files.readAllBytes(packed());
      bytes[200] ^= 1;
      Files.write(packed(), bytes);
      List<Damage> found = verification.check(resource);
      assertThat(found).extracting(Damage::path).containsExactly(packed());
      assertThat(found).extracting(Damage::flaw).containsExactly(Damage.Flaw.BODY);
      DiskRemoval.of(store).remove(resource, found);
      assertThat(endings()).isEmpty();
    }
  }
}
