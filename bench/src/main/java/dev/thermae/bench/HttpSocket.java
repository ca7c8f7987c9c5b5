package dev.thermae.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One connection of a client that repeats nothing, hides nothing and believes no body that is
 * shorter than was announced. For one thread.
 */
final class HttpSocket implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int LONGEST_LINE = 64 << 10;

  private final Socket socket;
  private final InputStream in;
  private boolean spent;
  private boolean hit;

  private HttpSocket(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    this.in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
  }

  /**
   * What was answered.
   *
   * @param fields by their names in lower case
   */
  @SuppressWarnings("ArrayRecordComponent") // made for one reader
  record Answer(int status, Map<String, String> fields, byte[] body) {
    String field(String name) {
      return fields.getOrDefault(name, "");
    }

    /** Whether a proxy called {@code thermae} answered from its cache. */
    boolean isHit() {
      return field("cache-status").contains("; hit");
    }
  }

  /** A connection to a port of this machine. */
  static HttpSocket open(int port) throws HttpFailure {
    try {
      return new HttpSocket(new Socket(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new HttpFailure(HttpFailure.Kind.REFUSED, String.valueOf(e.getMessage()));
    }
  }

  /** Whether the connection can take no more requests. */
  boolean isSpent() {
    return spent;
  }

  /** Whether the last answer came from a cache. */
  boolean wasHit() {
    return hit;
  }

  /** GET, with lines of header fields. */
  Answer get(String path, String... fields) throws HttpFailure {
    StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    spent = true; // until the whole answer is here
    int first;
    try {
      socket
          .getOutputStream()
          .write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
      in.mark(1);
      first = in.read();
      in.reset();
    } catch (SocketTimeoutException e) {
      throw new HttpFailure(HttpFailure.Kind.LATE, "no answer");
    } catch (IOException e) {
      throw new HttpFailure(HttpFailure.Kind.UNANSWERED, String.valueOf(e.getMessage()));
    }
    if (first < 0) {
      throw new HttpFailure(HttpFailure.Kind.UNANSWERED, "closed");
    }
    try {
      Answer answer = answer();
      hit = answer.isHit();
      return answer;
    } catch (SocketTimeoutException e) {
      throw new HttpFailure(HttpFailure.Kind.LATE, "the rest does not come");
    } catch (HttpFailure e) {
      throw e;
    } catch (IOException e) {
      throw new HttpFailure(HttpFailure.Kind.CUT, String.valueOf(e.getMessage()));
    }
  }

  private Answer answer() throws IOException {
    String status = line();
    if (!status.matches("HTTP/1\\.1 [1-5]\\d\\d( .*)?")) {
      throw malformed(status);
    }
    Map<String, String> fields = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw malformed(line);
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      fields.merge(name, line.substring(colon + 1).trim(), (one, two) -> one + ", " + two);
    }
    int code = Integer.parseInt(status.substring(9, 12));
    byte[] body = code == 304 || code == 204 ? new byte[0] : body(fields);
    spent = fields.getOrDefault("connection", "").equalsIgnoreCase("close");
    return new Answer(code, fields, body);
  }

  private byte[] body(Map<String, String> fields) throws IOException {
    String length = fields.get("content-length");
    if (length != null) {
      return exactly(Integer.parseInt(length));
    }
    if (!fields.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      throw malformed("a body without a length");
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunk(); size > 0; size = chunk()) {
      body.write(exactly(size));
      line();
    }
    line();
    return body.toByteArray();
  }

  private int chunk() throws IOException {
    String line = line();
    try {
      return Integer.parseInt(line.replaceFirst(";.*", "").trim(), 16);
    } catch (NumberFormatException e) {
      throw malformed(line);
    }
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new HttpFailure(
          HttpFailure.Kind.CUT, bytes.length + " of " + length + " bytes of a body");
    }
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new HttpFailure(HttpFailure.Kind.CUT, "in the head");
      }
      if (line.length() > LONGEST_LINE) {
        throw malformed("a line without an end");
      }
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  private static HttpFailure malformed(String what) {
    return new HttpFailure(HttpFailure.Kind.MALFORMED, what);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone
    }
  }
}
