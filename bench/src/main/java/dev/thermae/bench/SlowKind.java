package dev.thermae.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** Ways of being slow, each with the limit that is to end it. */
enum SlowKind {
  /** Begins a head and goes on by a byte each second. */
  HEAD("head byte by byte", "head-timeout", true),
  /** Says that a body is coming, and sends it by a byte each second. */
  BODY("body byte by byte", "minimum-rate", true),
  /** Asks for a large body and never reads it; a kernel takes it all, so the proxy is done. */
  ANSWER("answer not read", "idle-timeout, or head-timeout for our probes", false),
  /** Connects. */
  IDLE("silent", "head-timeout", false),
  /** HTTP/2: settings, and then a ping each second. */
  SETTINGS("HTTP/2 without a request", "head-timeout", true),
  /** HTTP/2: asks for large bodies, and lets none of their bytes come. */
  WINDOW("HTTP/2 with no window", "idle-timeout of its streams, then its own", true),
  /** TLS: a ClientHello, and nothing more. */
  HELLO("TLS, silent after its hello", "head-timeout", false),
  /** TLS: the ClientHello by a byte each second. */
  HELLO_SLOWLY("TLS, hello byte by byte", "head-timeout", true);

  /** What {@link #ANSWER} and {@link #WINDOW} ask for. */
  static final String LARGE = "/large";

  private static final byte[] PING = {0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
  private static final int STREAMS = 4;

  final String words;
  final String limit;
  private final boolean goesOn;

  SlowKind(String words, String limit, boolean goesOn) {
    this.words = words;
    this.limit = limit;
    this.goesOn = goesOn;
  }

  /** Those for a port that speaks clear text. */
  static List<SlowKind> ofClearText() {
    return List.of(HEAD, BODY, ANSWER, IDLE, SETTINGS, WINDOW);
  }

  /** Those for a port that speaks TLS. */
  static List<SlowKind> ofTls() {
    return List.of(IDLE, HELLO, HELLO_SLOWLY);
  }

  /** Whether it takes what it is sent; one that does not is told from a dead one by writing. */
  boolean reads() {
    return this != ANSWER;
  }

  /** What it sends at once. */
  ByteBuffer opening() {
    return switch (this) {
      case HEAD -> text("GET /slow HTTP/1.1\r\nHost: h\r\nX-Slow: ");
      case BODY -> text("POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
      case ANSWER -> text("GET " + LARGE + " HTTP/1.1\r\nHost: h\r\n\r\n");
      case IDLE -> text("");
      case SETTINGS -> ByteBuffer.wrap(preface(new byte[0]));
      case WINDOW -> ByteBuffer.wrap(window());
      case HELLO -> ByteBuffer.wrap(HELLO_BYTES);
      case HELLO_SLOWLY -> ByteBuffer.wrap(HELLO_BYTES, 0, 1);
    };
  }

  /** What it sends in its {@code second}th second; null for nothing. */
  ByteBuffer next(int second) {
    if (this == SETTINGS || this == WINDOW) {
      return ByteBuffer.wrap(PING);
    }
    if (this == HELLO_SLOWLY && second < HELLO_BYTES.length) {
      return ByteBuffer.wrap(HELLO_BYTES, second, 1);
    }
    return goesOn || !reads() ? text("x") : null;
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** RFC 9113 section 3.4. */
  private static byte[] preface(byte[] settings) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(out, 4, 0, 0, settings);
    return out.toByteArray();
  }

  /** SETTINGS_INITIAL_WINDOW_SIZE is 0; then a GET on each of some streams. */
  private static byte[] window() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(preface(new byte[] {0, 4, 0, 0, 0, 0}));
    byte[] path = LARGE.getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream fields = new ByteArrayOutputStream(); // RFC 7541, nothing indexed
    fields.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, 0x04, (byte) path.length});
    fields.writeBytes(path);
    fields.writeBytes(new byte[] {0x01, 1, 'h'});
    for (int i = 0; i < STREAMS; i++) {
      frame(out, 1, 5, 2 * i + 1, fields.toByteArray());
    }
    return out.toByteArray();
  }

  private static void frame(
      ByteArrayOutputStream out, int type, int flags, int stream, byte[] content) {
    ByteBuffer head = ByteBuffer.allocate(9);
    head.put((byte) 0).putShort((short) content.length).put((byte) type).put((byte) flags);
    out.writeBytes(head.putInt(stream).array());
    out.writeBytes(content);
  }

  private static final byte[] HELLO_BYTES = hello();

  private static byte[] hello() {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine("localhost", 443);
      engine.setUseClientMode(true);
      ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), out);
      byte[] bytes = new byte[out.flip().remaining()];
      out.get(bytes);
      return bytes;
    } catch (SSLException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
