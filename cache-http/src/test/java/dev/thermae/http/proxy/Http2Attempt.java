package dev.thermae.http.proxy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;

/** One request by HTTP/2 in clear text, written frame by frame, so that it may be malformed. */
final class Http2Attempt {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int END_HEADERS_AND_STREAM = 5;
  private static final int ACKNOWLEDGED = 1;
  private static final int PATIENCE_MILLIS = 20_000;

  private Http2Attempt() {}

  /** The status of the answer; 0 where stream or connection were ended instead. */
  static int status(int port, List<String> fields) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PREFACE.getBytes(StandardCharsets.US_ASCII));
    frame(out, SETTINGS, 0, 0, new byte[0]);
    frame(out, HEADERS, END_HEADERS_AND_STREAM, 1, block(fields));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(out.toByteArray());
      return read(socket, new DataInputStream(socket.getInputStream()));
    } catch (EOFException | SocketException ended) {
      return 0;
    }
  }

  private static int read(Socket socket, DataInputStream in) throws IOException {
    while (true) {
      int word = in.readInt();
      if (word == 0x48545450) { // HTTP: it speaks the other version
        byte[] line = in.readNBytes(8);
        return Integer.parseInt(new String(line, 5, 3, StandardCharsets.US_ASCII));
      }
      int type = word & 0xff;
      int flags = in.readUnsignedByte();
      in.readInt();
      byte[] payload = in.readNBytes(word >>> 8);
      if (type == HEADERS) {
        return decoded(payload);
      }
      if (type == RST_STREAM || type == GOAWAY) {
        return 0;
      }
      if (type == SETTINGS && flags != ACKNOWLEDGED) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame(out, SETTINGS, ACKNOWLEDGED, 0, new byte[0]);
        socket.getOutputStream().write(out.toByteArray());
      }
    }
  }

  private static int decoded(byte[] block) throws IOException {
    try {
      MetaData answer = new HpackDecoder(1 << 16, () -> 0).decode(ByteBuffer.wrap(block));
      return ((MetaData.Response) answer).getStatus();
    } catch (HpackException e) {
      throw new IOException(e);
    }
  }

  private static void frame(
      ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
    out.write(payload.length >> 16);
    out.write(payload.length >> 8);
    out.write(payload.length);
    out.write(type);
    out.write(flags);
    out.writeBytes(ByteBuffer.allocate(4).putInt(stream).array());
    out.writeBytes(payload);
  }

  /** Literals without an index (RFC 7541 section 6.2.2), not packed. */
  private static byte[] block(List<String> fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < fields.size(); i++) {
      if (i % 2 == 0) {
        out.write(0);
      }
      byte[] text = fields.get(i).getBytes(StandardCharsets.ISO_8859_1);
      length(out, text.length);
      out.writeBytes(text);
    }
    return out.toByteArray();
  }

  private static void length(ByteArrayOutputStream out, int length) {
    if (length < 127) {
      out.write(length);
      return;
    }
    out.write(127);
    int rest = length - 127;
    for (; rest >= 128; rest >>= 7) {
      out.write(rest % 128 + 128);
    }
    out.write(rest);
  }
}
