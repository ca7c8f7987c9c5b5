package dev.thermae.http.resource;

/**
 * What a stored response keeps for readers besides its body. Immutable.
 *
 * @param status status code
 * @param reason reason phrase, or empty
 * @param headers fields that a cache keeps (RFC 9111 section 3.1)
 */
record Metadata(int status, String reason, HeaderList headers) {
  /** Of nothing. */
  static final Metadata NONE = new Metadata(0, "", HeaderList.EMPTY);
}
