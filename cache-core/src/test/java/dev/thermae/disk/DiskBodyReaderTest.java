package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.code.Coding;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.code.SigningKeys;
import dev.thermae.disk.DiskOptions.Packing;
import dev.thermae.event.Counters;
import dev.thermae.store.BodyReader;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.FakeTime;
import dev.thermae.testing.FastFolder;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.TestHeads;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies read piece by piece: while they are written, and where they were damaged. */
class DiskBodyReaderTest {
  private static final String KEY = "url \nhttps://example.org/large";
  private static final int PIECE = BodyReader.PIECE;
  private static final byte[] BODY = new byte[3 * PIECE + 1_000];

  static {
    new Random(7).nextBytes(BODY);
  }

  @TempDir(factory = FastFolder.class)
  Path folder;

  private final FakeTime time = new FakeTime();
  private final RecordingListener seen = new RecordingListener();

  private DiskStore store(Seal seal, DiskOptions options) throws IOException {
    return DiskStore.open(folder, seal, new Counters(seen), time, options);
  }

  private DiskStore store() throws IOException {
    return store(Seal.checksum(), DiskOptions.DEFAULTS);
  }

  private static Seal signed() {
    byte[] secret = "a secret of enough bytes".getBytes(StandardCharsets.UTF_8);
    return Seal.signed(SigningKeys.of(3, secret), "tenant");
  }

  private StoredEntry put(DiskStore store) throws IOException {
    try (NewBody body = store.newBody(KEY)) {
      body.write(BODY);
      return store.put(TestHeads.of(KEY, time.millis(), BODY.length), body);
    }
  }

  private Path file() throws IOException {
    return FolderCheck.entryFiles(folder).stream()
        .filter(file -> file.toString().endsWith(".b"))
        .findFirst()
        .orElseThrow();
  }

  private static byte[] bytes(ByteBuffer piece) {
    byte[] bytes = new byte[piece.remaining()];
    piece.get(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoReadsAlongSeesWholePiecesAndThenTheRest(boolean signed) throws IOException {
    try (DiskStore store = store(signed ? signed() : Seal.checksum(), DiskOptions.DEFAULTS);
        NewBody body = store.newBody(KEY);
        BodyReader reader = body.reader()) {
      assertThat(reader.length()).isZero();
      body.write(BODY, 0, PIECE - 1);
      assertThat(reader.length()).isZero();
      body.write(BODY, PIECE - 1, PIECE + 5);
      assertThat(reader.length()).isEqualTo(2 * PIECE);
      assertThat(bytes(reader.at(0))).isEqualTo(Arrays.copyOf(BODY, PIECE));
      body.write(BODY, 2 * PIECE + 4, BODY.length - 2 * PIECE - 4);
      assertThat(reader.length()).isEqualTo(3 * PIECE);
      store.put(TestHeads.of(KEY, time.millis(), BODY.length), body);
      assertThat(reader.length()).isEqualTo(BODY.length);
      assertThat(bytes(reader.at(3 * PIECE + 10)))
          .isEqualTo(Arrays.copyOfRange(BODY, 3 * PIECE + 10, BODY.length));
      assertThat(bytes(reader.at(PIECE))).isEqualTo(Arrays.copyOfRange(BODY, PIECE, 2 * PIECE));
      assertThatIllegalArgumentException().isThrownBy(() -> reader.at(BODY.length));
      assertThatIllegalArgumentException().isThrownBy(() -> reader.at(-1));
    }
    FolderCheck.noTemporaries(folder);
    assertThat(seen.faults()).isEmpty();
    assertThat(seen.rejections()).isEmpty();
  }

  @Test
  void manyPiecesAreFollowedWhileTheirDigestsMove() throws IOException {
    try (DiskStore store = store();
        NewBody body = store.newBody(KEY);
        BodyReader reader = body.reader()) {
      byte[] piece = new byte[PIECE];
      for (int i = 0; i < 100; i++) {
        Arrays.fill(piece, (byte) i);
        body.write(piece);
        assertThat(reader.at((long) i * PIECE).get(1)).isEqualTo((byte) i);
        assertThat(reader.at((long) (i / 2) * PIECE).get(1)).isEqualTo((byte) (i / 2));
      }
    }
    FolderCheck.noTemporaries(folder);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void damageStopsAtItsPieceWithAReason(boolean signed) throws IOException {
    try (DiskStore store = store(signed ? signed() : Seal.checksum(), DiskOptions.DEFAULTS)) {
      put(store);
      try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
        file.seek(PIECE + 17);
        int before = file.read();
        file.seek(PIECE + 17);
        file.write(before ^ 1);
      }
      try (BodyReader reader = store.find(KEY, null).reader()) {
        assertThat(bytes(reader.at(0))).isEqualTo(Arrays.copyOf(BODY, PIECE));
        assertThatThrownBy(() -> reader.at(PIECE)).isInstanceOf(IOException.class);
        assertThat(seen.rejections()).containsExactly(Rejection.SEAL);
        assertThat(bytes(reader.at(2 * PIECE)))
            .isEqualTo(Arrays.copyOfRange(BODY, 2 * PIECE, 3 * PIECE));
      }
    }
  }

  @Test
  void whatIsCutShortWhileItIsReadIsRefused() throws IOException {
    try (DiskStore store = store()) {
      put(store);
      try (BodyReader reader = store.find(KEY, null).reader()) {
        try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
          file.setLength(2 * PIECE + 5);
        }
        assertThat(bytes(reader.at(PIECE))).isEqualTo(Arrays.copyOfRange(BODY, PIECE, 2 * PIECE));
        assertThatThrownBy(() -> reader.at(2 * PIECE)).hasMessageContaining("ends at byte");
        assertThat(seen.rejections()).containsExactly(Rejection.TRUNCATED);
      }
    }
  }

  @Test
  void whatIsGoneOrNoFileHasNoReader() throws IOException {
    try (DiskStore store = store()) {
      StoredEntry entry = put(store);
      Path file = file();
      Path elsewhere = Files.move(file, folder.resolve("elsewhere"));
      assertThat(entry.reader()).isNull();
      assertThat(seen.rejections()).containsExactly(Rejection.TRUNCATED);
      Files.createSymbolicLink(file, elsewhere);
      try (BodyReader reader = entry.reader()) {
        assertThat(reader.length()).as("read whole, as ever").isEqualTo(BODY.length);
      }
    }
  }

  @Test
  void whatIsPackedIsReadAsIfItWereNot() throws IOException {
    byte[] text = new byte[200_000];
    Arrays.fill(text, (byte) 'x');
    DiskOptions packing =
        DiskOptions.DEFAULTS.packing(new Packing(Coding.NONE, Coding.DEFLATE, 1_000));
    try (DiskStore store = store(Seal.checksum(), packing);
        NewBody body = store.newBody(KEY)) {
      body.write(text);
      StoredEntry entry = store.put(TestHeads.of(KEY, time.millis(), text.length), body);
      try (BodyReader reader = entry.reader()) {
        assertThat(reader.length()).isEqualTo(text.length);
        assertThat(reader.at(199_999).remaining()).isEqualTo(1);
      }
    }
  }
}
