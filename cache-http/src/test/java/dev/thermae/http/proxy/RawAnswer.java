package dev.thermae.http.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** What comes back for bytes sent as they are, until the server closes. */
record RawAnswer(String text, boolean closed) {
  private static final int PATIENCE_MILLIS = 20_000;

  static RawAnswer to(int port, String request) throws IOException {
    return to(port, request, PATIENCE_MILLIS);
  }

  static RawAnswer to(int port, String request, int patienceMillis) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(patienceMillis);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return read(socket.getInputStream());
    }
  }

  private static RawAnswer read(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] chunk = new byte[4096];
    try {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        text.append(new String(chunk, 0, n, StandardCharsets.ISO_8859_1));
      }
      return new RawAnswer(text.toString(), true);
    } catch (SocketException reset) {
      return new RawAnswer(text.toString(), true);
    }
  }

  /** The status of the first answer; 0 where the connection was closed without one. */
  int status() {
    return text.startsWith("HTTP/1.") ? Integer.parseInt(text.substring(9, 12)) : 0;
  }

  /** How many answers there are. */
  int answers() {
    return text.split("HTTP/1\\.1 ", -1).length - 1;
  }
}
