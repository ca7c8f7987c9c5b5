package dev.thermae.http.proxy;

import dev.thermae.event.Temperature;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.HeaderList;
import dev.thermae.http.wire.CodeContainer;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * Makes the code representation of a response (RFC 9110 section 12.1): a container with an entity
 * tag of its own, which varies by {@code Accept}. Thread-safe.
 */
final class CodeAnswers {
  /** What describes the source's bytes and not the container's. */
  private static final List<String> OF_THE_SOURCE =
      List.of(
          "accept-ranges",
          "content-digest",
          "content-encoding",
          "content-language",
          "content-length",
          "content-location",
          "content-md5",
          "content-range",
          "content-type",
          "digest",
          "etag",
          "last-modified",
          "repr-digest");

  private final CodeDesk desk;

  CodeAnswers(CodeDesk desk) {
    this.desk = desk;
  }

  /**
   * A container.
   *
   * @param headers the fields to send with it
   * @param temperature what the code was found as
   */
  @SuppressWarnings("ArrayRecordComponent") // read by one thread
  record Container(HeaderList headers, byte[] bytes, Temperature temperature) {
    /** What {@code Cache-Status} says of it. */
    String cacheStatus(String name, Fetched fetched) {
      return detailed(CacheStatus.of(name, fetched), temperature);
    }

    /** Whether the client has it already. */
    boolean isAt(HttpFields client) {
      return !client.getValuesList("If-None-Match").isEmpty()
          && ConditionalRequests.isNotModified(client, headers);
    }
  }

  /**
   * The container for a 200 in the store; null where the source is all there is.
   *
   * @param headers the fields that the source would be sent with
   * @param head whether only the fields are wanted, for which nothing is compiled
   */
  @Nullable Container find(
      Fetched fetched, HeaderList headers, CodeWanted wanted, HttpFields client, boolean head)
      throws IOException {
    CodeDesk.Found found = desk.find(fetched, wanted, !head);
    byte[] envelope = found.envelope();
    if (envelope == null) {
      return null;
    }
    boolean takesGzip = AcceptEncoding.takesGzip(client.getValuesList("Accept-Encoding"));
    boolean asStored = takesGzip || !Representation.isGzip(fetched.headers());
    Representation chosen =
        asStored
            ? new Representation(fetched, fetched.headers(), false)
            : Representation.of(fetched, false);
    CodeContainer container =
        new CodeContainer(
            fetched.url(),
            fetched.status(),
            reason(fetched),
            sent(chosen.headers(), headers),
            envelope,
            wanted.source() ? chosen.body() : null);
    if (!container.fits()) {
      return null;
    }
    byte[] bytes = container.encode();
    return new Container(fields(headers, bytes), bytes, found.temperature());
  }

  /** Of what the origin said, that which clients are told. */
  private static HeaderList sent(HeaderList all, HeaderList told) {
    HeaderList left = all;
    for (int i = 0; i < all.size(); i++) {
      if (!told.has(all.name(i))) {
        left = left.without(all.name(i));
      }
    }
    return left;
  }

  private static String reason(Fetched fetched) throws IOException {
    String line = fetched.statusLine();
    int space = line.indexOf(' ');
    return space < 0 ? "" : line.substring(space + 1);
  }

  private static HeaderList fields(HeaderList source, byte[] container) {
    HeaderList fields = HeaderList.EMPTY;
    for (int i = 0; i < source.size(); i++) {
      if (!OF_THE_SOURCE.contains(source.name(i).toLowerCase(Locale.ROOT))) {
        fields = fields.with(source.name(i), source.value(i));
      }
    }
    return fields
        .with("Content-Type", CodeContainer.MEDIA_TYPE)
        .with("ETag", tag(container))
        .with("Vary", "Accept");
  }

  /** A strong entity tag: over every byte. */
  static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The same for a source that was asked for with code, of which there was none. */
  static String cold(String name, Fetched fetched, boolean notModified) {
    String status = CacheStatus.of(name, fetched);
    return notModified ? status : detailed(status, Temperature.COLD);
  }

  /** What {@code Cache-Status} adds; a detail that is there already is more important. */
  private static String detailed(String cacheStatus, Temperature temperature) {
    return cacheStatus.contains("; detail=")
        ? cacheStatus
        : cacheStatus + "; detail=" + temperature.name().toLowerCase(Locale.ROOT);
  }
}
