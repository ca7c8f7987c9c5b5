package dev.thermae.http.resource;

/** What becomes of the code of a resource when a 200 replaces its body. */
public enum OnReplace {
  /** The code is gone: every 200 is a new generation. */
  CLEAR,
  /** The code stays when bytes, status, content type, content coding and variant are the same. */
  KEEP_IF_SAME_BYTES
}
