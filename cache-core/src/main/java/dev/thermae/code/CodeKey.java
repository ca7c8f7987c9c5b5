package dev.thermae.code;

import org.jspecify.annotations.Nullable;

/**
 * What decides a unit in memory: namespace, source with its name, shape and fingerprint. Immutable.
 *
 * <p>Sources are compared by their bytes; {@link SourceHash} stands for them only where code leaves
 * the process.
 */
public final class CodeKey {
  private final String namespace;
  private final Source source;
  private final Shape shape;
  private final Fingerprint fingerprint;
  private final int hash;

  /** A key in {@code namespace}, the default one being empty. */
  public CodeKey(String namespace, Source source, Shape shape, Fingerprint fingerprint) {
    this.namespace = namespace;
    this.source = source;
    this.shape = shape;
    this.fingerprint = fingerprint;
    this.hash = source.hashCode() ^ 31 * fingerprint.hashCode() ^ 17 * shape.hashCode();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof CodeKey)) {
      return false;
    }
    CodeKey that = (CodeKey) other;
    return hash == that.hash
        && source.equals(that.source)
        && fingerprint.equals(that.fingerprint)
        && shape.equals(that.shape)
        && namespace.equals(that.namespace);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return source + " / " + shape + " / " + fingerprint;
  }
}
