package dev.thermae.disk;

import dev.thermae.code.Generation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one entry as one look found them, by their names alone. Immutable.
 *
 * @param folder that holds them
 * @param name 32 digits
 * @param files sorted by name
 */
record EntryFiles(File folder, String name, List<Item> files) {
  private static final int DIGITS = 32;
  private static final int GENERATION_END = DIGITS + 1 + DIGITS;

  /**
   * One file.
   *
   * @param modified in milliseconds
   */
  record Item(String name, long length, long modified) {
    boolean isHead() {
      return name.startsWith(".h", DIGITS);
    }

    boolean isBody() {
      return name.length() == GENERATION_END + 2 && (name.endsWith(".b") || name.endsWith(".z"));
    }

    boolean isCode() {
      return name.endsWith(".c") && name.length() > GENERATION_END + 2;
    }

    boolean isSlot() {
      return isCode() || (name.endsWith(".s") && name.length() > GENERATION_END + 2);
    }

    /** The generation that the file belongs to, as text; empty for heads. */
    String generation() {
      return isBody() || isSlot() ? name.substring(DIGITS + 1, GENERATION_END) : "";
    }
  }

  /** All entries with files in {@code folder}, those with foreign names left out. */
  static List<EntryFiles> in(File folder) {
    String[] names = folder.list();
    if (names == null) {
      return List.of();
    }
    Arrays.sort(names);
    List<EntryFiles> entries = new ArrayList<>();
    List<Item> files = new ArrayList<>();
    String current = "";
    for (String name : names) {
      if (!isOurs(name)) {
        continue;
      }
      String entry = name.substring(0, DIGITS);
      if (!entry.equals(current) && !files.isEmpty()) {
        entries.add(new EntryFiles(folder, current, List.copyOf(files)));
        files.clear();
      }
      current = entry;
      Item item = look(folder, name);
      if (item != null) {
        files.add(item);
      }
    }
    if (!files.isEmpty()) {
      entries.add(new EntryFiles(folder, current, List.copyOf(files)));
    }
    return entries;
  }

  /** The files of one entry; none of them when it is not there. */
  static EntryFiles of(EntryName name) {
    List<Item> files = new ArrayList<>();
    for (String file : DiskInspection.names(name.folder())) {
      Item item = file.startsWith(name.text()) ? look(name.folder(), file) : null;
      if (item != null && isOurs(file)) {
        files.add(item);
      }
    }
    return new EntryFiles(name.folder(), name.text(), List.copyOf(files));
  }

  private static boolean isOurs(String name) {
    if (name.length() < DIGITS + 2 || name.charAt(DIGITS) != '.') {
      return false;
    }
    for (int i = 0; i < DIGITS; i++) {
      if (Character.digit(name.charAt(i), 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Item look(File folder, String name) {
    try {
      BasicFileAttributes found =
          Files.readAttributes(
              folder.toPath().resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new Item(name, found.size(), found.lastModifiedTime().toMillis());
    } catch (IOException e) {
      return null; // gone since
    }
  }

  File file(Item item) {
    return new File(folder, item.name());
  }

  /** Whether there is the head that is looked at first. */
  boolean hasHead() {
    for (Item item : files) {
      if (item.name().length() == DIGITS + 2 && item.isHead()) {
        return true;
      }
    }
    return false;
  }

  long bytes(Blocks blocks) {
    long sum = 0;
    for (Item item : files) {
      sum += blocks.of(item.length());
    }
    return sum;
  }

  /** What an index holds of it; heads carry the time of the last use that anybody noted. */
  IndexRecord record(Blocks blocks, long hits) {
    long slots = 0;
    long slotBytes = 0;
    long lastUse = 0;
    long bodyTime = Long.MIN_VALUE;
    String generation = "";
    for (Item item : files) {
      if (item.isHead()) {
        lastUse = Math.max(lastUse, item.modified());
      } else if (item.isSlot()) {
        slots += item.isCode() ? 1 : 0;
        slotBytes += blocks.of(item.length());
        lastUse = Math.max(lastUse, item.modified());
      } else if (item.isBody() && item.modified() > bodyTime) {
        bodyTime = item.modified();
        generation = item.generation();
      }
    }
    Generation newest = hasHead() ? parse(generation) : Generation.NONE;
    return new IndexRecord(newest, bytes(blocks), slots, slotBytes, lastUse, hits);
  }

  private static Generation parse(String text) {
    try {
      return text.isEmpty()
          ? Generation.NONE
          : new Generation(
              Long.parseUnsignedLong(text.substring(0, 16), 16),
              Long.parseUnsignedLong(text.substring(16), 16));
    } catch (NumberFormatException e) {
      return Generation.NONE;
    }
  }
}
