package dev.thermae.cli;

/**
 * How much is kept of what is fetched. Immutable.
 *
 * @param folderBytes that the folder takes
 * @param bodyBytes of the longest body; the folder takes none longer than a quarter of it
 */
record CacheBounds(long folderBytes, long bodyBytes) {
  static final CacheBounds DEFAULTS = new CacheBounds(1L << 30, 256L << 20);
}
