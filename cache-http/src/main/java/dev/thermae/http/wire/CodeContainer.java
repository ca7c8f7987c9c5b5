package dev.thermae.http.wire;

import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.http.resource.HeaderList;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A response and code of it in one message, the representation {@value #MEDIA_TYPE} of a resource.
 * Immutable; the arrays are shared.
 *
 * <p>Format 1 is a {@link SealedFile} with the magic {@code THMW}, a checksum against damage on the
 * way, and the sections, all numbers little-endian:
 *
 * <pre>
 * 0 url      = UTF-8 text        ; of the resource at its origin, not empty
 * 1 head     = status content count reason *field
 *   status   = u32               ; of the origin's answer, from 200 to 299
 *   content  = u32               ; 1 when the source is here, 0 when it is not
 *   count    = u32               ; fields, at most 512
 *   reason   = string
 *   field    = name value
 *   name     = string            ; a token (RFC 9110 section 5.6.2)
 *   value    = string            ; no control characters but tab
 *   string   = u32 *OCTET        ; its length, at most 65536, and UTF-8
 * 2 envelope = *OCTET            ; a {@link dev.thermae.code.CodeKey} envelope, signed by Ed25519
 * 3 source   = *OCTET            ; the body in the coding that the fields tell
 * </pre>
 *
 * <p>Nothing proves url, head and source: they are believed as an answer of the proxy is. The
 * envelope is signed, and claims the hash of the source it was compiled from, so that whoever
 * compares that takes no code for another source.
 *
 * @param url of the resource at its origin
 * @param status of the origin's answer
 * @param reason phrase, or empty
 * @param headers the origin's fields
 * @param envelope the code
 * @param source the body; null where only the code was asked for
 */
@SuppressWarnings("ArrayRecordComponent") // made for one reader
public record CodeContainer(
    String url,
    int status,
    String reason,
    HeaderList headers,
    byte[] envelope,
    byte @Nullable [] source) {
  /** The media type. */
  public static final String MEDIA_TYPE = "application/vnd.thermae.code";

  private static final int MAGIC = 0x574D4854;
  private static final int FORMAT = 1;
  private static final int SECTIONS = 4;
  private static final int MOST_FIELDS = 512;
  private static final int LONGEST_TEXT = 1 << 16;

  /** The bytes of the message; the same for equal contents. */
  public byte[] encode() {
    byte[] body = source;
    return SealedFile.seal(
        MAGIC,
        FORMAT,
        Seal.checksum(),
        url.getBytes(StandardCharsets.UTF_8),
        head(),
        envelope,
        body == null ? new byte[0] : body);
  }

  private byte[] head() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    number(out, status);
    number(out, source == null ? 0 : 1);
    number(out, headers.size());
    text(out, reason);
    for (int i = 0; i < headers.size(); i++) {
      text(out, headers.name(i));
      text(out, headers.value(i));
    }
    return out.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, int value) {
    out.write(value);
    out.write(value >> 8);
    out.write(value >> 16);
    out.write(value >> 24);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(out, bytes.length);
    out.writeBytes(bytes);
  }

  /** Whether a response of so many and so long fields can be put into a message. */
  public boolean fits() {
    boolean fits = headers.size() <= MOST_FIELDS && !url.isEmpty() && isShort(reason);
    for (int i = 0; fits && i < headers.size(); i++) {
      fits = isToken(headers.name(i)) && isShort(headers.value(i)) && isPrintable(headers.value(i));
    }
    return fits && status >= 200 && status <= 299 && isPrintable(reason);
  }

  private static boolean isShort(String text) {
    return text.length() <= LONGEST_TEXT / 3; // UTF-8 takes three bytes for a char at most
  }

  /**
   * Reads a message.
   *
   * @throws MalformedContainerException when it is not one of format 1 to the last bit
   */
  public static CodeContainer decode(byte[] bytes) throws MalformedContainerException {
    SealedFile file = SealedFile.open(bytes, MAGIC, FORMAT, SECTIONS, Seal.checksum());
    if (file.rejection() != null) {
      throw new MalformedContainerException(file.rejection() + ", " + file.detail());
    }
    String url = decoded(ByteBuffer.wrap(bytes, file.start(0), file.length(0)));
    ByteBuffer head =
        ByteBuffer.wrap(bytes, file.start(1), file.length(1)).order(ByteOrder.LITTLE_ENDIAN);
    int status = number(head, 200, 299);
    boolean hasSource = number(head, 0, 1) == 1;
    int count = number(head, 0, MOST_FIELDS);
    String reason = value(head);
    String[] lines = new String[2 * count];
    for (int i = 0; i < lines.length; i += 2) {
      lines[i] = text(head);
      lines[i + 1] = value(head);
      require(isToken(lines[i]), "a field's name is no token");
    }
    require(!head.hasRemaining(), "bytes after the last field");
    require(!url.isEmpty() && isPrintable(url), "no URL");
    require(hasSource || file.length(3) == 0, "a source that is not announced");
    return new CodeContainer(
        url,
        status,
        reason,
        HeaderList.of(lines),
        file.section(2),
        hasSource ? file.section(3) : null);
  }

  private static int number(ByteBuffer in, int least, int most) throws MalformedContainerException {
    require(in.remaining() >= 4, "the head ends early");
    int value = in.getInt();
    require(value >= least && value <= most, "a number out of its range: " + value);
    return value;
  }

  private static String value(ByteBuffer in) throws MalformedContainerException {
    String text = text(in);
    require(isPrintable(text), "a control character");
    return text;
  }

  private static String text(ByteBuffer in) throws MalformedContainerException {
    int length = number(in, 0, LONGEST_TEXT);
    require(length <= in.remaining(), "the head ends early");
    String text = decoded(in.slice(in.position(), length));
    in.position(in.position() + length);
    return text;
  }

  private static String decoded(ByteBuffer bytes) throws MalformedContainerException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedContainerException("text that is not UTF-8");
    }
  }

  private static boolean isToken(String text) {
    boolean good = !text.isEmpty() && isShort(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      good &= c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }
    return good;
  }

  private static boolean isPrintable(String text) {
    boolean good = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      good &= c >= ' ' && c != 0x7f || c == '\t';
    }
    return good;
  }

  private static void require(boolean holds, String otherwise) throws MalformedContainerException {
    if (!holds) {
      throw new MalformedContainerException(otherwise);
    }
  }
}
