package dev.thermae.http.proxy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Response;

/**
 * The fields of a cached answer, encoded: one by one for HTTP/2, in one piece for HTTP/1.
 * Immutable.
 */
final class ReadyFields {
  /** What Jetty itself looks at, or has put there. */
  private static final EnumSet<HttpHeader> JETTYS =
      EnumSet.of(
          HttpHeader.CONNECTION,
          HttpHeader.CONTENT_LENGTH,
          HttpHeader.DATE,
          HttpHeader.SERVER,
          HttpHeader.TRANSFER_ENCODING);

  private final HttpField[] each;
  private final HttpField[] joined;

  private ReadyFields(List<HttpField> each, List<HttpField> joined) {
    this.each = each.toArray(new HttpField[0]);
    this.joined = joined.toArray(new HttpField[0]);
  }

  /** Encodes {@code fields}; those that Jetty looks at come first. */
  static ReadyFields of(HttpFields fields) {
    List<HttpField> each = new ArrayList<>();
    List<HttpField> joined = new ArrayList<>();
    List<PreEncodedHttpField> block = new ArrayList<>();
    for (HttpField field : fields) {
      PreEncodedHttpField ready =
          new PreEncodedHttpField(field.getHeader(), field.getName(), field.getValue());
      each.add(ready);
      if (field.getHeader() != null && JETTYS.contains(field.getHeader())) {
        joined.add(ready);
      } else {
        block.add(ready);
      }
    }
    if (!block.isEmpty()) {
      joined.add(new FieldBlock(block));
    }
    return new ReadyFields(each, joined);
  }

  /** For an answer to which nothing is added. */
  void addTo(Response response) {
    HttpVersion version = response.getRequest().getConnectionMetaData().getHttpVersion();
    boolean lines = version.getVersion() <= HttpVersion.HTTP_1_1.getVersion();
    add(lines ? joined : each, response);
  }

  /** For an answer in which some are to be replaced. */
  void addEachTo(Response response) {
    add(each, response);
  }

  private static void add(HttpField[] fields, Response response) {
    HttpFields.Mutable to = response.getHeaders();
    for (HttpField field : fields) {
      if (field.getHeader() == HttpHeader.DATE) {
        to.put(field); // Jetty put its own there, and would keep it
      } else {
        to.add(field);
      }
    }
  }
}
