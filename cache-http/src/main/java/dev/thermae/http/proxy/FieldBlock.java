package dev.thermae.http.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.PreEncodedHttpField;

/**
 * Several fields as HTTP/1 writes them, in one piece: each that Jetty adds, looks at and copies
 * costs a cached answer some 30 ns. Jetty takes them for a single field, so none of those that it
 * has to know may be among them. Immutable.
 */
final class FieldBlock extends PreEncodedHttpField {
  private final byte[] lines;

  /** The lines of {@code fields}, in their order. */
  FieldBlock(List<PreEncodedHttpField> fields) {
    super(null, "Fields", Integer.toString(fields.size()));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (PreEncodedHttpField field : fields) {
      ByteBuffer line = ByteBuffer.allocate(field.getEncodedLength(HttpVersion.HTTP_1_1));
      field.putTo(line, HttpVersion.HTTP_1_1);
      all.write(line.array(), 0, line.position());
    }
    lines = all.toByteArray();
  }

  /** In HTTP/1, the only one that this is for. */
  @Override
  public void putTo(ByteBuffer buffer, HttpVersion version) {
    buffer.put(lines);
  }

  @Override
  public int getEncodedLength(HttpVersion version) {
    return lines.length;
  }
}
