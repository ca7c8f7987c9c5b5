package dev.thermae.http.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.http.resource.HeaderList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The container: golden bytes of format 1, every kind of damage, and what it must not carry. */
class CodeContainerTest {
  private static final byte[] ENVELOPE = {9, 8, 7};

  private static CodeContainer container(byte[] source) {
    return new CodeContainer(
        "https://example.org/a.js",
        200,
        "OK",
        HeaderList.of("ETag", "\"1\"", "Content-Type", "text/javascript", "X-Odd", "\u00fc\t"),
        ENVELOPE,
        source);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertEqual(CodeContainer one, CodeContainer other) {
    assertThat(one.url()).isEqualTo(other.url());
    assertThat(one.status()).isEqualTo(other.status());
    assertThat(one.reason()).isEqualTo(other.reason());
    assertThat(one.headers()).hasToString(other.headers().toString());
    assertThat(one.envelope()).isEqualTo(other.envelope());
    assertThat(one.source()).isEqualTo(other.source());
  }

  private static void refused(byte[] bytes, String why) {
    assertThatThrownBy(() -> CodeContainer.decode(bytes))
        .as(why)
        .isInstanceOf(MalformedContainerException.class);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    for (byte[] source : new byte[][] {bytes("1 + 1;"), new byte[0], null}) {
      CodeContainer container = container(source);
      assertThat(container.fits()).isTrue();
      assertEqual(CodeContainer.decode(container.encode()), container);
      assertThat(container.encode()).isEqualTo(container.encode());
    }
  }

  /** Proxies and workers of different versions speak: these bytes are format 1 and stay so. */
  @Test
  void goldenBytes() throws IOException {
    byte[] golden;
    try (InputStream in = getClass().getResourceAsStream("container-1.hex")) {
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      golden = HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
    CodeContainer container = container(bytes("1 + 1;"));
    assertThat(HexFormat.of().formatHex(container.encode()))
        .isEqualTo(HexFormat.of().formatHex(golden));
    assertEqual(CodeContainer.decode(golden), container);
  }

  @Test
  void everyFlippedBitIsRefused() {
    byte[] bytes = container(bytes("1 + 1;")).encode();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      refused(bytes, "bit " + bit);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] bytes = container(bytes("1 + 1;")).encode();
    for (int length = 0; length < bytes.length; length++) {
      refused(Arrays.copyOf(bytes, length), length + " bytes");
    }
    refused(Arrays.copyOf(bytes, bytes.length + 1), "one byte more");
  }

  /** A head of our own making under a right checksum. */
  private static byte[] sealed(String url, byte[] head, byte[] source) {
    return SealedFile.seal(0x574D4854, 1, Seal.checksum(), bytes(url), head, ENVELOPE, source);
  }

  private static byte[] head(int status, int content, int count, Object... rest) {
    ByteBuffer head = ByteBuffer.allocate(1 << 10).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(status).putInt(content).putInt(count);
    for (Object each : rest) {
      if (each instanceof Integer number) {
        head.putInt(number);
      } else {
        byte[] text = bytes((String) each);
        head.putInt(text.length).put(text);
      }
    }
    return Arrays.copyOf(head.array(), head.position());
  }

  @Test
  void everyHeadThatIsNotStrictIsRefused() throws IOException {
    byte[] none = new byte[0];
    byte[] good = head(200, 1, 1, "OK", "ETag", "\"1\"");
    assertThat(CodeContainer.decode(sealed("http://a/", good, none)).status()).isEqualTo(200);
    refused(sealed("", good, none), "no URL");
    refused(sealed("http://a/\n", good, none), "a line break in the URL");
    refused(sealed("http://a/", head(199, 1, 0, ""), none), "a status below success");
    refused(sealed("http://a/", head(304, 1, 0, ""), none), "a status above it");
    refused(sealed("http://a/", head(200, 2, 0, ""), none), "content of no kind");
    refused(sealed("http://a/", head(200, 0, 0, ""), bytes("1")), "a source not announced");
    refused(sealed("http://a/", head(200, 1, 513, ""), none), "too many fields");
    refused(sealed("http://a/", head(200, 1, -1, ""), none), "a negative count");
    refused(sealed("http://a/", head(200, 1, 1, ""), none), "a field that is not there");
    refused(sealed("http://a/", head(200, 1, 0, "", 0), none), "bytes after the last field");
    refused(sealed("http://a/", head(200, 1, 0, -1), none), "a negative length");
    refused(sealed("http://a/", head(200, 1, 0, Integer.MAX_VALUE), none), "an endless text");
    refused(sealed("http://a/", head(200, 1, 0, "a\r\nb"), none), "a reason of two lines");
    refused(sealed("http://a/", head(200, 1, 1, "", "", "x"), none), "a field without a name");
    refused(sealed("http://a/", head(200, 1, 1, "", "a b", "x"), none), "a name with a space");
    refused(sealed("http://a/", head(200, 1, 1, "", "a", "x\ny: z"), none), "a value of two lines");
    byte[] odd = head(200, 1, 0, "xx");
    odd[odd.length - 1] = (byte) 0xff;
    refused(sealed("http://a/", odd, none), "no UTF-8");
    refused(sealed("http://a/", none, none), "no head");
  }

  @Test
  void whatDoesNotFitIsToldBefore() {
    HeaderList many = HeaderList.EMPTY;
    for (int i = 0; i < 513; i++) {
      many = many.with("X", "y");
    }
    assertThat(new CodeContainer("http://a/", 200, "", many, ENVELOPE, null).fits()).isFalse();
    HeaderList long1 = HeaderList.of("X", "y".repeat(70_000));
    assertThat(new CodeContainer("http://a/", 200, "", long1, ENVELOPE, null).fits()).isFalse();
    assertThat(new CodeContainer("", 200, "", HeaderList.EMPTY, ENVELOPE, null).fits()).isFalse();
    HeaderList none = HeaderList.EMPTY;
    assertThat(new CodeContainer("http://a/", 304, "", none, ENVELOPE, null).fits()).isFalse();
  }
}
