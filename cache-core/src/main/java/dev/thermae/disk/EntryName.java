package dev.thermae.disk;

import dev.thermae.code.Generation;
import java.io.File;
import java.util.Arrays;

/**
 * File names of one entry: a 128-bit hash of the key's text, spread over two levels of folders.
 *
 * <p>The hash names, it proves nothing: heads hold the full key, which is compared exactly. It is
 * ours because the first use of a library's or the provider's costs a fresh process 20 to 40 ms;
 * two 64-bit lanes of multiply and rotate, finished by the mixer of MurmurHash3 (Appleby, public
 * domain). Immutable.
 */
final class EntryName {
  private static final long M1 = 0x87c37b91114253d5L;
  private static final long M2 = 0x4cf5ad432745937fL;

  private final File folder;
  private final String name;

  private EntryName(File folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** The name of {@code key} below {@code entries}. */
  static EntryName of(File entries, String key) {
    return named(entries, hash(key));
  }

  /** The entry whose files begin with 32 known digits. */
  static EntryName named(File entries, String name) {
    File outer = new File(entries, name.substring(0, 2));
    return new EntryName(new File(outer, name.substring(2, 4)), name);
  }

  /** 128 bits of {@code text}, as 32 hexadecimal digits. */
  static String hash(String text) {
    long high = hash(text, 0x5bd1e995);
    long low = hash(text, 0x1b873593) ^ Long.rotateLeft(high, 32);
    return Generation.hex(high).concat(Generation.hex(low));
  }

  /** 64 bits of {@code text} under {@code seed}. */
  private static long hash(String text, long seed) {
    long h = seed * M2 + text.length();
    for (int i = 0; i < text.length(); i++) {
      h ^= text.charAt(i) * M1;
      h = (h << 27 | h >>> 37) * M2 + 0x52dce729;
    }
    h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL;
    h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
    return h ^ h >>> 33;
  }

  /** The two levels of folders that hold the entry's files. */
  File folder() {
    return folder;
  }

  /** 32 hexadecimal digits; all files of the entry begin with them. */
  String text() {
    return name;
  }

  /** Where the entry's lock lies among {@code count}, a power of two. */
  long lock(long count) {
    return Long.parseUnsignedLong(name.substring(16), 16) & (count - 1);
  }

  /** Head of the variant that is looked at first. */
  File head() {
    return new File(folder, name + ".h");
  }

  /** Head of another variant. */
  File head(String selecting) {
    return new File(folder, name + ".h." + Generation.hex(hash(selecting, 0x2545f491)));
  }

  /** Heads of all variants that there are beside the first. */
  File[] variants() {
    String prefix = name + ".h.";
    String[] names = folder.list();
    File[] heads = new File[names == null ? 0 : names.length];
    int count = 0;
    for (int i = 0; i < heads.length; i++) {
      if (names[i].startsWith(prefix)) {
        heads[count++] = new File(folder, names[i]);
      }
    }
    return Arrays.copyOf(heads, count);
  }

  File body(Generation generation) {
    return new File(folder, name + '.' + generation + ".b");
  }

  /** The same body, packed. */
  File packed(Generation generation) {
    return new File(folder, name + '.' + generation + ".z");
  }

  /** Which of the two a reader takes; where there is none, the first. */
  File present(Generation generation) {
    File plain = body(generation);
    File packed = packed(generation);
    return plain.exists() || !packed.exists() ? plain : packed;
  }

  /** A slot's file: its marks with the extension {@code .s}, its code with {@code .c}. */
  File slot(Generation generation, String slot, String extension) {
    return new File(folder, name + '.' + generation + '.' + slotText(slot) + extension);
  }

  /** 16 hexadecimal digits that name a slot in its files. */
  static String slotText(String slot) {
    return Generation.hex(hash(slot, 0x9e3779b9));
  }
}
