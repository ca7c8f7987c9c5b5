package dev.thermae.http.resource;

import org.jspecify.annotations.Nullable;

/**
 * What an origin answered. Immutable; the array is shared.
 *
 * @param metadata status and fields as received
 * @param protocol such as {@code HTTP/1.1}
 * @param sent the fields that really went out, whatever the HTTP client added
 * @param arrived when the head of the response was there
 * @param body as received
 * @param whole whether that is all of the body; an answer that is not whole is not stored
 * @param code that came with it, for whoever stores the body; null where none did
 * @param arriving a body that is too long to be held, to be closed by whoever gets it; then {@code
 *     body} is empty
 */
@SuppressWarnings("ArrayRecordComponent") // made for one reader
record Answer(
    Metadata metadata,
    String protocol,
    HeaderList sent,
    long arrived,
    byte[] body,
    boolean whole,
    NearTier.@Nullable NearCode code,
    @Nullable Arriving arriving) {
  /** One without code. */
  Answer(
      Metadata metadata,
      String protocol,
      HeaderList sent,
      long arrived,
      byte[] body,
      boolean whole) {
    this(metadata, protocol, sent, arrived, body, whole, null, null);
  }

  int status() {
    return metadata.status();
  }

  HeaderList headers() {
    return metadata.headers();
  }
}
