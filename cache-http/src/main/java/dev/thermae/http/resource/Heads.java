package dev.thermae.http.resource;

import dev.thermae.code.Generation;
import dev.thermae.code.Source;
import dev.thermae.store.EntryHead;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Header fields that a cache keeps, and the heads made from them. Pure but for new generations. */
final class Heads {
  private static final List<String> NEVER_KEPT =
      List.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "transfer-encoding",
          "upgrade",
          "proxy-authenticate",
          "proxy-authentication-info",
          "proxy-authorization");

  private static final List<String> FROZEN =
      List.of("content-encoding", "content-length", "content-md5", "content-range");

  private Heads() {}

  /** RFC 9111 section 3.1: without the fields that belong to a connection or a proxy. */
  static Metadata kept(Metadata received) {
    HeaderList headers = received.headers();
    List<String> dropped = new ArrayList<>(NEVER_KEPT);
    for (String value : headers.all("Connection")) {
      for (String member : value.split(",", -1)) {
        dropped.add(member.trim().toLowerCase(Locale.ROOT));
      }
    }
    List<String> lines = new ArrayList<>(2 * headers.size());
    for (int i = 0; i < headers.size(); i++) {
      if (!dropped.contains(headers.name(i).toLowerCase(Locale.ROOT))) {
        lines.add(headers.name(i));
        lines.add(headers.value(i));
      }
    }
    HeaderList kept = HeaderList.of(lines.toArray(new String[0]));
    return new Metadata(received.status(), received.reason(), kept);
  }

  /** What is stored: the age moves into the head, and a missing date is filled in. */
  static Metadata stored(Metadata kept, long arrived) {
    HeaderList headers = kept.headers().without("Age");
    if (!headers.has("Date")) {
      headers = headers.with("Date", HttpDates.format(arrived));
    }
    return new Metadata(kept.status(), kept.reason(), headers);
  }

  /** The same response without the fields of these names. */
  static Metadata without(Metadata response, List<String> names) {
    HeaderList headers = response.headers();
    for (String name : names) {
      headers = headers.without(name);
    }
    return new Metadata(response.status(), response.reason(), headers);
  }

  /**
   * RFC 9111 section 3.2: the stored response with the fields of a 304, except those that describe
   * the stored bytes. Another charset would make other characters of them.
   */
  static Metadata updated(Metadata stored, Metadata notModified) {
    HeaderList news = notModified.headers();
    if (!charset(news.has("Content-Type") ? news : stored.headers())
        .equals(charset(stored.headers()))) {
      news = news.without("Content-Type");
    }
    HeaderList result = stored.headers();
    for (int i = 0; i < news.size(); i++) {
      if (!FROZEN.contains(news.name(i).toLowerCase(Locale.ROOT))) {
        result = result.without(news.name(i));
      }
    }
    for (int i = 0; i < news.size(); i++) {
      if (!FROZEN.contains(news.name(i).toLowerCase(Locale.ROOT))) {
        result = result.with(news.name(i), news.value(i));
      }
    }
    return new Metadata(stored.status(), stored.reason(), result);
  }

  private static Charset charset(HeaderList headers) {
    return Charsets.of(new byte[0], headers);
  }

  /** The head of a new generation. */
  static EntryHead create(
      String key,
      String selecting,
      Metadata stored,
      Times times,
      byte[] body,
      @Nullable String location,
      @Nullable SourceText source) {
    int flags = stored.status() << 16;
    flags |= ContentCoding.isEncoded(stored.headers()) ? EntryHead.ENCODED : 0;
    flags |= location == null ? 0 : EntryHead.REDIRECT;
    return new EntryHead(
        key,
        selecting,
        Generation.random(),
        times.requested(),
        times.arrived(),
        times.initialAge(),
        times.lifetime(),
        Long.MIN_VALUE,
        flags,
        source == null ? "" : source.charset().name(),
        location == null ? "" : location,
        EntryHead.hashOf(key),
        source == null ? new byte[Source.HASH_LENGTH] : source.hash(),
        body.length,
        MetadataCodec.encode(stored));
  }

  /** Times of a response, in milliseconds; what decides how long it is fresh. */
  record Times(long requested, long arrived, long initialAge, long lifetime) {
    static Times of(Metadata response, long requested, long arrived, Rules rules) {
      return new Times(
          requested,
          arrived,
          Freshness.initialAge(response.headers(), requested, arrived),
          Freshness.lifetime(response, arrived, rules));
    }
  }

  /** Charset and hash of a body read as a source. */
  @SuppressWarnings("ArrayRecordComponent") // made for one head
  record SourceText(Charset charset, byte[] hash) {
    /** Null where the body cannot be decoded, or is nothing that anybody compiles. */
    static @Nullable SourceText of(
        ResourceLoader loader, String url, Metadata response, byte[] body) {
      if (!isText(response)) {
        return null;
      }
      try {
        byte[] decoded = loader.decode(url, response.headers(), body);
        Charset charset = Charsets.of(decoded, response.headers());
        return new SourceText(charset, Source.hash(charset, decoded));
      } catch (IOException e) {
        return null; // whoever asks for the source is told
      }
    }

    /** Whether somebody might compile it. */
    static boolean isText(Metadata response) {
      return response.status() / 100 == 2 && !isMedia(response.headers().first("Content-Type"));
    }

    private static boolean isMedia(@Nullable String type) {
      String lower = type == null ? "" : type.toLowerCase(Locale.ROOT);
      return lower.startsWith("image/")
          || lower.startsWith("video/")
          || lower.startsWith("audio/")
          || lower.startsWith("font/");
    }
  }
}
