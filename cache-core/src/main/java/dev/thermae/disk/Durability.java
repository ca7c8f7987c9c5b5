package dev.thermae.disk;

/** How much a store does so that what it published outlives a crash of the machine. */
public enum Durability {
  /** Nothing: files are renamed into place, in whatever order the system writes them out. */
  NONE,
  /** Files are published by rename; after a power loss torn ones are found and missed. */
  RENAME,
  /** Every file is forced to the device before it is renamed, and its folder after it. */
  FSYNC
}
