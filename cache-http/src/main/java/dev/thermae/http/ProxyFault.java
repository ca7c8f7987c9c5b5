package dev.thermae.http;

/** Why an answer of a proxy was not used, and the origin was asked instead. Append-only. */
public enum ProxyFault {
  /** Nobody answered there. */
  UNREACHABLE,
  /** It took longer than it may. */
  TIMEOUT,
  /** Something on the way answered, or the proxy itself, or another origin than that of the URL. */
  NOT_FORWARDED,
  /** No container, or a damaged one. */
  MALFORMED,
  /** About another URL than the one that was asked for. */
  WRONG_URL,
  /** Longer than it may be. */
  TOO_LONG,
  /** Code that is no signed code at all, or of another source or engine. */
  CODE,
  /** It was not asked, after several failures. */
  CIRCUIT_OPEN,
  /** Code whose signature is of another key than the ones accepted; the log says what to do. */
  KEY
}
