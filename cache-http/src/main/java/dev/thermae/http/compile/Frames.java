package dev.thermae.http.compile;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What goes between a proxy and its compile worker: frames, whose lengths are bounded before
 * anything is read. Integers are big-endian. Stateless.
 *
 * <pre>
 * frame = length:4 *OCTET            ; the length of what follows
 * text  = length:4 *OCTET            ; UTF-8
 * </pre>
 */
final class Frames {
  /** Octets of a name, at most. */
  static final int LONGEST_NAME = 1 << 16;

  /** Octets of all of a message but its source or code, at most. */
  static final int LONGEST_HEAD = 1 << 20;

  private Frames() {}

  /** Writes into a frame. */
  interface Body {
    void write(DataOutputStream out) throws IOException;
  }

  /** The octets of what {@code body} writes. */
  static byte[] of(Body body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    body.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  /** A frame of a head and a tail, so that a long tail is not copied. */
  static void write(OutputStream to, byte[] head, byte[] tail) throws IOException {
    to.write(ByteBuffer.allocate(Integer.BYTES).putInt(head.length + tail.length).array());
    to.write(head);
    to.write(tail);
    to.flush();
  }

  /**
   * The next frame. Memory is taken as octets arrive, not as the length promises.
   *
   * @throws MalformedFrameException when it is longer than allowed
   * @throws EOFException when there is none, or the stream ends in the middle
   */
  static DataInputStream read(InputStream from, int longest) throws IOException {
    byte[] length = from.readNBytes(Integer.BYTES);
    if (length.length < Integer.BYTES) {
      throw new EOFException("no frame");
    }
    int octets = ByteBuffer.wrap(length).getInt();
    if (octets < 0 || octets > longest) {
      throw new MalformedFrameException("a frame of " + (octets & 0xffffffffL) + " octets");
    }
    byte[] frame = from.readNBytes(octets);
    if (frame.length < octets) {
      throw new EOFException("a frame cut short");
    }
    return new DataInputStream(new ByteArrayInputStream(frame));
  }

  static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(octets.length);
    out.write(octets);
  }

  static String readText(DataInputStream in, int longest) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > longest || length > in.available()) {
      throw new MalformedFrameException("a text of " + (length & 0xffffffffL) + " octets");
    }
    CharBuffer text =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readNBytes(length)));
    return text.toString();
  }

  /** A text of at most so many characters, line breaks and controls replaced. */
  static String plain(String text, int longest) {
    StringBuilder plain = new StringBuilder();
    for (int at = 0; at < Math.min(longest, text.length()); at++) {
      char next = text.charAt(at);
      plain.append(Character.isISOControl(next) ? ' ' : next);
    }
    return plain.toString();
  }
}
