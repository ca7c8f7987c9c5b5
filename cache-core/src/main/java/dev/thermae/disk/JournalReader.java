package dev.thermae.disk;

import dev.thermae.event.TimeSource;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the journals of other processes as they grow, and deletes those that are finished: of the
 * dead, and those that their process has gone on from. Used by the owner of the index alone.
 */
final class JournalReader {
  private static final int BATCH = 2048 * Note.LENGTH;

  private final DiskStore store;
  private final Journal own;
  private final TimeSource time;
  private final File folder;
  private final Map<String, Long> read = new HashMap<>();
  private long damaged;

  JournalReader(DiskStore store, Journal own, TimeSource time) {
    this.own = own;
    this.store = store;
    this.time = time;
    this.folder = new File(store.root(), "journal");
  }

  /** Passes on what was appended since. */
  void tail(Consumer<Note> to) throws IOException {
    if (Journal.isGuarded(folder)) {
      return;
    }
    for (String name : DiskInspection.names(folder)) {
      int dash = name.indexOf('-');
      if (dash > 0 && name.length() < 32) {
        // Asked before it is read: what a process appended before its death is not missed.
        boolean finished = isFinished(name, dash);
        boolean whole = read(name, to);
        if (finished && whole) {
          read.remove(name);
          store.room().delete(new File(folder, name));
        }
      }
    }
  }

  private boolean isFinished(String name, int dash) throws IOException {
    try {
      long id = Long.parseLong(name.substring(0, dash));
      long number = Long.parseLong(name.substring(dash + 1));
      if (!Journal.isId(id)
          || own.isOwn(name)
          || new File(folder, id + "-" + (number + 1)).exists()) {
        return true;
      }
      FileLock life = Journal.tryLife(store, time, id);
      if (life != null) {
        life.release();
      }
      return life != null;
    } catch (NumberFormatException e) {
      return true; // nobody's
    }
  }

  /** True when all of it was read; half a note at the end is not there yet. */
  private boolean read(String name, Consumer<Note> to) throws IOException {
    long at = read.getOrDefault(name, 0L);
    try (RandomAccessFile in = new RandomAccessFile(new File(folder, name), "r")) {
      while (in.length() - at >= Note.LENGTH) {
        long whole = (in.length() - at) / Note.LENGTH * Note.LENGTH;
        byte[] bytes = new byte[(int) Math.min(BATCH, whole)];
        in.seek(at);
        in.readFully(bytes);
        at += bytes.length;
        for (int i = 0; i < bytes.length; i += Note.LENGTH) {
          Note note = Note.decode(bytes, i);
          if (note == null) {
            damaged++;
          } else {
            to.accept(note);
          }
        }
      }
    } catch (FileNotFoundException e) {
      return false; // gone since
    }
    read.put(name, at);
    return true;
  }

  /** Notes that were skipped, because their checksum did not match. */
  long damaged() {
    return damaged;
  }
}
