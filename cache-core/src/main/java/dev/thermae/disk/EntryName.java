package dev.thermae.disk;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.Hex;
import dev.thermae.code.Shape;
import java.io.File;
import java.nio.charset.Charset;

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
  private final long low;

  private EntryName(File folder, String name, long low) {
    this.folder = folder;
    this.name = name;
    this.low = low;
  }

  /** The name of {@code key} below {@code entries}. */
  static EntryName of(File entries, String key) {
    long high = hash(key, 0x5bd1e995);
    long low = hash(key, 0x1b873593) ^ Long.rotateLeft(high, 32);
    StringBuilder text = new StringBuilder(32);
    Hex.append(text, high);
    Hex.append(text, low);
    String name = text.toString();
    File outer = new File(entries, name.substring(0, 2));
    return new EntryName(new File(outer, name.substring(2, 4)), name, low);
  }

  /** 64 bits of {@code text} under {@code seed}. */
  static long hash(String text, long seed) {
    long h = seed * M2 + text.length();
    for (int i = 0; i < text.length(); i++) {
      h ^= text.charAt(i) * M1;
      h = Long.rotateLeft(h, 27) * M2 + 0x52dce729;
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

  /** Where the entry's lock lies among the {@code count} of all entries. */
  long lock(long count) {
    return Long.remainderUnsigned(low, count);
  }

  /** Head of the variant that is looked at first. */
  File head() {
    return new File(folder, name + ".h");
  }

  /** Head of another variant. */
  File head(String selecting) {
    StringBuilder text = new StringBuilder(52).append(name).append(".h.");
    Hex.append(text, hash(selecting, 0x2545f491));
    return new File(folder, text.toString());
  }

  File body(Generation generation) {
    return new File(folder, name + '.' + generation + ".b");
  }

  /**
   * Path of a slot's files without their last letter, {@code s} for marks or {@code c} for code.
   */
  File slot(
      Generation generation,
      Fingerprint fingerprint,
      Shape shape,
      Charset charset,
      String extension) {
    StringBuilder text = new StringBuilder(90).append(name).append('.').append(generation);
    text.append('.');
    String kind = fingerprint + "\n" + charset.name() + "\n" + shape.text();
    Hex.append(text, hash(kind, 0x9e3779b9));
    return new File(folder, text.append(extension).toString());
  }

  /** Deletes the files of a generation: slots first, then the body. */
  void deleteGeneration(Generation generation) {
    String prefix = name + '.' + generation + '.';
    String[] names = folder.list();
    for (int i = 0; names != null && i < names.length; i++) {
      if (names[i].startsWith(prefix) && !names[i].endsWith(".b")) {
        DiskFiles.delete(new File(folder, names[i]));
      }
    }
    DiskFiles.delete(body(generation));
  }
}
