package dev.thermae.disk;

import java.io.File;
import java.io.IOException;

/** Removes files on their way that no living process can still need. */
final class TemporarySweep {
  /** Longer than any publication takes. */
  static final long LONGEST_MILLIS = 600_000;

  private TemporarySweep() {}

  static GcResult sweep(File temporaries, long now) throws IOException {
    long files = 0;
    long bytes = 0;
    for (String name : DiskInspection.names(temporaries)) {
      StoredFile found = StoredFile.look(new File(temporaries, name), StoredFile.Kind.TEMPORARY);
      boolean due = found != null && now - found.modified() > LONGEST_MILLIS;
      if (found != null && due && found.path().toFile().delete()) {
        files++;
        bytes += found.bytes();
      }
    }
    return new GcResult(0, 0, files, bytes);
  }
}
