package dev.thermae.code;

/**
 * Why stored bytes were not used, in the order in which they are checked. Append-only: the names
 * are part of statistics that outlive a version.
 */
public enum Rejection {
  /** Shorter than a header, or than the header says. */
  TRUNCATED,
  /** Not a file of this kind. */
  MAGIC,
  /** A format of another version, or another kind of seal than this cache is set to. */
  FORMAT,
  /** The key of the seal is not known, or the entry belongs to another key. */
  KEY,
  /** The seal does not match: damaged or forged. */
  SEAL,
  /** Another engine build or other options. */
  FINGERPRINT,
  /** Another source or shape. */
  SOURCE,
  /** Another resource. */
  RESOURCE,
  /** Another generation of the resource. */
  GENERATION,
  /** Lengths in the header do not add up. */
  LENGTH,
  /** Something the unit was compiled against has changed. */
  DEPENDENCY,
  /** The engine refused the payload. */
  ENGINE,
  /** A part that is decoded or linked at its first use could not be, while the unit ran. */
  EXECUTION
}
