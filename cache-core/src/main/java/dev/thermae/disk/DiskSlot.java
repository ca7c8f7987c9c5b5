package dev.thermae.disk;

import dev.thermae.store.Slot;
import dev.thermae.store.SlotContent;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;

/** A slot as two files: {@code .s}, a byte for every mark, and {@code .c}, the code. */
final class DiskSlot implements Slot {
  private final File temporaries;
  private final File marks;
  private final File code;

  DiskSlot(File temporaries, File marks, File code) {
    this.temporaries = temporaries;
    this.marks = marks;
    this.code = code;
  }

  @Override
  public SlotContent read() throws IOException {
    byte[] bytes = DiskFiles.read(code, Integer.MAX_VALUE - 16);
    if (bytes != null) {
      return new SlotContent(bytes, 0, 0);
    }
    return new SlotContent(null, marks.length(), marks.lastModified());
  }

  /** A hint: when it fails, or the folder is gone, the next run is cold once more. */
  @Override
  public void mark() throws IOException {
    try (FileOutputStream out = new FileOutputStream(marks, true)) {
      out.write(1);
    }
  }

  @Override
  public void attach(byte[] envelope) throws IOException {
    DiskFiles.publish(temporaries, code, envelope);
  }
}
