package dev.thermae.disk;

/**
 * How much a store does so that what it published outlives a crash of the machine. Whatever is
 * chosen, a process that is killed leaves no file half written under its name, and a file that a
 * power loss has torn is found, missed and stored again.
 *
 * <p>There is no setting below {@link #RENAME}: processes that share a folder need the renaming
 * whatever becomes of the machine, and leaving it out saves nothing that anybody waits for.
 */
public enum Durability {
  /** Files are published by rename and written out when the system likes. */
  RENAME,
  /** Every file is forced to the device before it is renamed, and its folder after it. */
  FSYNC
}
