package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gzip that comes in pieces of any size, beside the JDK's own reader. */
class GzipDecoderTest {
  private static final byte[] TEXT =
      "the quick brown fox, ".repeat(5_000).getBytes(StandardCharsets.US_ASCII);

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] decode(byte[] packed, int step) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] out = new byte[1_000];
    try (GzipDecoder decoder = new GzipDecoder()) {
      for (int at = 0; at < packed.length; at += step) {
        ByteBuffer in = ByteBuffer.wrap(packed, at, Math.min(step, packed.length - at));
        for (int n = decoder.decode(in, out); n > 0; n = decoder.decode(in, out)) {
          all.write(out, 0, n);
        }
        assertThat(in.hasRemaining()).isFalse();
      }
      decoder.requireEnd();
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 64, 1_000_000})
  void piecesOfAnySize(int step) throws IOException {
    byte[] noise = new byte[70_000];
    new Random(1).nextBytes(noise);
    for (byte[] plain : new byte[][] {TEXT, noise, new byte[0], {5}}) {
      assertThat(decode(gzip(plain), step)).isEqualTo(plain);
    }
    byte[] two = join(gzip(TEXT), gzip(noise));
    assertThat(decode(two, step)).isEqualTo(join(TEXT, noise));
    assertThat(decode(join(two, new byte[99]), step)).as("padding").isEqualTo(join(TEXT, noise));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1_000})
  void headsWithAllThatTheyMayHave(int step) throws IOException {
    byte[] plain = gzip(TEXT);
    byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
    for (int flags = 0; flags < 32; flags += 2) {
      byte[] head = Arrays.copyOf(plain, 10);
      head[3] = (byte) flags;
      byte[] extra = (flags & 4) == 0 ? new byte[0] : new byte[] {3, 0, 1, 2, 3};
      byte[] name = (flags & 8) == 0 ? new byte[0] : new byte[] {'a', 'b', 0};
      byte[] comment = (flags & 16) == 0 ? new byte[0] : new byte[] {0};
      byte[] check = (flags & 2) == 0 ? new byte[0] : new byte[] {1, 2};
      assertThat(decode(join(head, extra, name, comment, check, rest), step)).isEqualTo(TEXT);
    }
    byte[] none = Arrays.copyOf(plain, 10);
    none[3] = 4;
    assertThat(decode(join(none, new byte[2], rest), step)).as("no extra bytes").isEqualTo(TEXT);
  }

  @Test
  void whatIsCutShortIsNotWhole() throws IOException {
    byte[] packed = gzip(TEXT);
    for (int length = 0; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      assertThatThrownBy(() -> decode(cut, 50)).isInstanceOf(EOFException.class);
    }
  }

  /** Whatever the JDK's reader refuses is refused, but for what a header says of itself. */
  @Test
  void noDamageGoesThrough() throws IOException {
    byte[] packed = gzip(TEXT);
    for (int bit = 0; bit < 8 * packed.length; bit++) {
      byte[] damaged = packed.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      byte[] expected;
      try {
        expected = new GZIPInputStream(new ByteArrayInputStream(damaged)).readAllBytes();
      } catch (IOException refused) {
        expected = null;
      }
      if (expected != null) {
        assertThat(decode(damaged, 50)).isEqualTo(TEXT);
      } else if (bit / 8 != 3) {
        assertThatThrownBy(() -> decode(damaged, 50)).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void whatIsNoGzip() {
    assertThatThrownBy(() -> decode(TEXT, 50)).isInstanceOf(ZipException.class);
  }
}
