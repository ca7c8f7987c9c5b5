package dev.thermae.code;

/**
 * What stored code says it belongs to, and what a reader expects: fingerprint, source, shape,
 * resource and generation. Immutable.
 */
public final class Claim {
  private final Fingerprint fingerprint;
  private final SourceHash source;
  private final Shape shape;
  private final byte[] resource;
  private final Generation generation;

  /** {@code resource} is the SHA-256 of the resource's key, 32 bytes. */
  public Claim(
      Fingerprint fingerprint,
      SourceHash source,
      Shape shape,
      byte[] resource,
      Generation generation) {
    this.fingerprint = fingerprint;
    this.source = source;
    this.shape = shape;
    this.resource = resource;
    this.generation = generation;
  }

  Fingerprint fingerprint() {
    return fingerprint;
  }

  SourceHash source() {
    return source;
  }

  Shape shape() {
    return shape;
  }

  byte[] resource() {
    return resource;
  }

  Generation generation() {
    return generation;
  }
}
