package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Metadata as bytes: the released format, and bytes that are none. */
class MetadataCodecTest {
  private static final Metadata SAMPLE =
      new Metadata(
          200,
          "OK",
          HeaderList.of(
              "Content-Type",
              "text/javascript; charset=utf-8",
              "ETag",
              "\"33a64df5\"",
              "Vary",
              "",
              "X-\u00e4",
              "\u20ac \ud83d\ude00"));

  @Test
  void theFormatIsThatOfTheGoldenFile() throws IOException {
    byte[] golden = golden("metadata-v1.hex");
    assertThat(MetadataCodec.encode(SAMPLE)).isEqualTo(golden);
    Metadata read = MetadataCodec.decode(golden);
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.reason()).isEqualTo("OK");
    assertThat(read.headers().toString()).isEqualTo(SAMPLE.headers().toString());
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream stream = MetadataCodecTest.class.getResourceAsStream(name)) {
      assertThat(stream).as(name).isNotNull();
      String text = new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] bytes = MetadataCodec.encode(SAMPLE);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> MetadataCodec.decode(cut))
          .as("%s bytes", cut.length)
          .isInstanceOf(MetadataException.class);
    }
    assertThatThrownBy(() -> MetadataCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(MetadataException.class)
        .hasMessageContaining("1 bytes after");
  }

  @Test
  void mutationsGiveMetadataOrTheOneException() {
    byte[] bytes = MetadataCodec.encode(SAMPLE);
    Random random = new Random(17);
    for (int i = 0; i < 20_000; i++) {
      byte[] mutated = bytes.clone();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      decode(mutated);
    }
    for (int i = 0; i < 5_000; i++) {
      byte[] noise = new byte[random.nextInt(64)];
      random.nextBytes(noise);
      if (noise.length > 0) {
        noise[0] = 1;
      }
      decode(noise);
    }
  }

  /** Anything but the one exception fails the test, as does an allocation beyond the heap. */
  private static void decode(byte[] bytes) {
    try {
      Metadata metadata = MetadataCodec.decode(bytes);
      assertThat(metadata.headers().toString().length()).isLessThan(4 * bytes.length);
    } catch (MetadataException e) {
      assertThat(e).hasMessageContaining("metadata");
    }
  }

  @Test
  void hugeLengthsAreRefusedBeforeAnythingIsAllocated() {
    byte[] count = {1, (byte) 0xc8, 1, 0, -1, -1, -1, -1, 7};
    byte[] length = {1, (byte) 0xc8, 1, -1, -1, -1, -1, 7, 0};
    byte[] negative = {1, (byte) 0xc8, 1, -1, -1, -1, -1, 15, 0};
    for (byte[] bytes : new byte[][] {count, length, negative}) {
      assertThatThrownBy(() -> MetadataCodec.decode(bytes)).isInstanceOf(MetadataException.class);
    }
  }

  @Test
  void readingThatAllocatesFirstIsOff() {
    CheckedInput input = new CheckedInput(new byte[16]);
    assertThatThrownBy(() -> input.readInts(4)).isInstanceOf(KryoException.class);
    assertThatThrownBy(() -> input.readLongs(4)).isInstanceOf(KryoException.class);
    assertThatThrownBy(() -> input.readFloats(4)).isInstanceOf(KryoException.class);
    assertThatThrownBy(() -> input.readDoubles(4)).isInstanceOf(KryoException.class);
    assertThatThrownBy(() -> input.readShorts(4)).isInstanceOf(KryoException.class);
    assertThatThrownBy(() -> input.readChars(4)).isInstanceOf(KryoException.class);
    assertThatThrownBy(() -> input.readBooleans(4)).isInstanceOf(KryoException.class);
    assertThatThrownBy(input::readString).isInstanceOf(KryoException.class);
    assertThatThrownBy(input::readStringBuilder).isInstanceOf(KryoException.class);
    assertThat(input.readBytes(16)).hasSize(16);
  }

  /** Whatever Kryo comes to offer, nothing is made of a length before it was compared. */
  @Test
  void everyReadingOfALengthIsCheckedOrOff() {
    for (Method method : Input.class.getMethods()) {
      Class<?> made = method.getReturnType();
      boolean allocates = made.isArray() || made == String.class || made == StringBuilder.class;
      if (allocates
          && method.getName().startsWith("read")
          && method.getDeclaringClass() == Input.class) {
        assertThat(CheckedInput.class.getDeclaredMethods())
            .as("%s", method)
            .anyMatch(
                own ->
                    own.getName().equals(method.getName())
                        && Arrays.equals(own.getParameterTypes(), method.getParameterTypes()));
      }
    }
  }

  @Test
  void classesThatAreNotRegisteredAreRefused() {
    Kryo kryo = MetadataCodec.POOL.obtain();
    try {
      assertThat(kryo.isRegistrationRequired()).isTrue();
      Output output = new Output(64, -1);
      assertThatThrownBy(() -> kryo.writeClassAndObject(output, new BitSet()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not registered");
      byte[] named = {1, 1, 'x', '.', (byte) ('Y' | 0x80), 0, 0, 0};
      assertThatThrownBy(() -> kryo.readClassAndObject(new CheckedInput(named)))
          .isInstanceOf(KryoException.class);
    } finally {
      MetadataCodec.POOL.free(kryo);
    }
  }

  /** A few bytes never make much of the heap: damage is refused before it costs anything. */
  @Test
  void memoryIsBoundedByWhatIsThere() {
    byte[] bytes = MetadataCodec.encode(SAMPLE);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Random random = new Random(23);
    decode(bytes);
    long worst = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] mutated = bytes.clone();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        mutated[1 + random.nextInt(mutated.length - 1)] = (byte) random.nextInt(256);
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        MetadataCodec.decode(mutated);
      } catch (MetadataException e) {
        assertThat(e).hasMessageContaining("metadata");
      }
      worst = Math.max(worst, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(worst).isLessThan(1 << 20);
  }

  @Test
  void otherVersionsAreRefused() {
    byte[] bytes = MetadataCodec.encode(SAMPLE);
    for (int version = 0; version < 256; version++) {
      bytes[0] = (byte) version;
      if (version != 1) {
        assertThatThrownBy(() -> MetadataCodec.decode(bytes))
            .isInstanceOf(MetadataException.class)
            .hasMessageContaining("version");
      }
    }
  }
}
