package dev.thermae.disk;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Coding;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.PackedCode;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.store.EntryHead;
import dev.thermae.testing.Damage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Damages files that are only bytes in memory and hands them to what reads them: what is accepted
 * must be, byte for byte, a file that was written. A damaged file whose beginning is whole must be
 * refused for its seal: any other reason means that something was read before it was verified.
 *
 * <p>Arguments: edits, page mixes, seed.
 */
public final class DamageRig {
  private static final int HEADER = 12;
  private static final long SLOW_NANOS = 2_000_000_000L;

  private final List<Subject> subjects = new ArrayList<>();
  private final Map<Rejection, Long> reasons = new TreeMap<>();
  private final long seed;
  private long tried;
  private long whole;

  private DamageRig(long seed) {
    this.seed = seed;
  }

  /** A kind of file: its versions, and what reads it and tells why it was refused. */
  private record Subject(
      String name, int sealLength, List<byte[]> versions, Function<byte[], SealedFile> reads) {}

  public static void main(String[] arguments) throws IOException {
    String[] all = Arrays.copyOf(arguments, 3);
    long seed = all[2] == null ? System.nanoTime() : Long.parseLong(all[2]);
    System.out.println(run(Integer.parseInt(all[0]), Integer.parseInt(all[1]), seed));
  }

  /** Answers the figures; anything wrong is an error that names the seed. */
  static String run(int edits, int mixes, long seed) throws IOException {
    DamageRig rig = new DamageRig(seed);
    rig.prepare(Seal.checksum());
    long start = System.nanoTime();
    rig.everyBitAndLength();
    String exhaustive = rig.figures("every flipped bit and every length");
    rig.reset();
    rig.edit(edits);
    String edited = rig.figures("random edits");
    rig.reset();
    rig.mix(mixes);
    long millis = (System.nanoTime() - start) / 1_000_000;
    return exhaustive
        + '\n'
        + edited
        + '\n'
        + rig.figures("page mixes")
        + "\n0 wrong, in "
        + millis
        + " ms, seed "
        + seed;
  }

  private void reset() {
    reasons.clear();
    tried = 0;
    whole = 0;
  }

  private String figures(String what) {
    return String.format(
        Locale.ROOT,
        "%s: %,d, of them %,d left as some version was, refused %s",
        what,
        tried,
        whole,
        reasons);
  }

  private static byte[] noise(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(int lines, int version) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append("line ").append(i * 37 % 101).append(" of version ").append(version).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void prepare(Seal seal) throws IOException {
    Source source = Source.of("a.js", "a source");
    Fingerprint fingerprint = Fingerprint.recorded(noise(32, 1), "engine=test\n");
    CodeKey key = new CodeKey("", source, Shape.SCRIPT, fingerprint);
    Generation generation = new Generation(7, 8);
    byte[] resource = noise(32, 2);
    Function<byte[], SealedFile> code = bytes -> key.open(bytes, seal, resource, generation);
    List<byte[]> small = new ArrayList<>();
    List<byte[]> large = new ArrayList<>();
    List<byte[]> packed = new ArrayList<>();
    for (int version = 0; version < 3; version++) {
      small.add(key.seal(seal, resource, generation, noise(1_850, version)));
      large.add(key.seal(seal, resource, generation, noise(30_000 + 2_000 * version, version)));
      byte[] plain = key.seal(seal, resource, generation, text(3_000, version));
      packed.add(PackedCode.pack(plain, seal, Coding.DEFLATE));
    }
    subjects.add(new Subject("envelope of 2 KB", seal.length(), small, code));
    subjects.add(new Subject("envelope of 32 KB", seal.length(), large, code));
    subjects.add(new Subject("packed envelope", seal.length(), packed, code));
    prepareHeads(seal);
  }

  private void prepareHeads(Seal seal) {
    List<byte[]> heads = new ArrayList<>();
    List<byte[]> records = new ArrayList<>();
    for (int version = 0; version < 3; version++) {
      heads.add(HeadFile.encode(head(version), noise(8 * 1_200, version), seal));
      records.add(
          SealedFile.seal(
              DiskStore.FINGERPRINT_MAGIC,
              1,
              seal,
              noise(32, version),
              noise(40, 9),
              text(1, 0),
              text(6, version)));
    }
    subjects.add(new Subject("head", seal.length(), heads, bytes -> openHead(bytes, seal)));
    subjects.add(
        new Subject(
            "fingerprint record",
            seal.length(),
            records,
            bytes -> SealedFile.open(bytes, DiskStore.FINGERPRINT_MAGIC, 1, 4, seal)));
  }

  private static EntryHead head(int version) {
    String key = "url \nhttps://example.org/a.js";
    return new EntryHead(
        key,
        "",
        new Generation(version, 2),
        1_000 + version,
        1_005,
        3,
        60_000,
        Long.MIN_VALUE,
        0,
        "UTF-8",
        "",
        EntryHead.hashOf(key),
        noise(32, version),
        1_200L * DiskEntry.CHUNK,
        text(20, version));
  }

  private static SealedFile openHead(byte[] bytes, Seal seal) {
    SealedFile file =
        SealedFile.open(bytes, DiskEntry.MAGIC, DiskEntry.FORMAT, DiskEntry.SECTIONS, seal);
    if (file.rejection() == null && DiskEntry.head(file, seal) == null) {
      return SealedFile.rejected(Rejection.LENGTH, "a head that does not add up");
    }
    return file;
  }

  private void everyBitAndLength() {
    for (Subject subject : subjects) {
      byte[] good = subject.versions().get(0);
      check(subject, good, good);
      byte[] bytes = good.clone();
      for (int bit = 0; bit < Math.min(bytes.length, 16_384) * 8; bit++) {
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        check(subject, good, bytes);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
      }
      for (int length = 0; length < Math.min(good.length, 4_097); length++) {
        check(subject, good, Arrays.copyOf(good, length));
      }
    }
  }

  private void edit(int edits) {
    Damage damage = new Damage(seed);
    List<byte[]> others = new ArrayList<>();
    subjects.forEach(subject -> others.addAll(subject.versions()));
    for (int i = 0; i < edits; i++) {
      Subject subject = subjects.get(i % subjects.size());
      byte[] good = subject.versions().get(i % 3);
      byte[] bytes = damage.edit(good, others);
      for (int more = i % 4; more > 2; more--) {
        bytes = damage.edit(bytes, others);
      }
      check(subject, good, bytes);
    }
  }

  private void mix(int mixes) {
    Damage damage = new Damage(seed + 1);
    for (int i = 0; i < mixes; i++) {
      Subject subject = subjects.get(i % 3 == 0 ? 3 : 1);
      check(subject, subject.versions().get(0), damage.mix(subject.versions()));
    }
  }

  private void check(Subject subject, byte[] good, byte[] bytes) {
    byte[] given = bytes.clone();
    long start = System.nanoTime();
    SealedFile file = subject.reads().apply(given);
    long nanos = System.nanoTime() - start;
    tried++;
    boolean isWhole = false;
    for (Subject same : subjects) {
      for (byte[] version : same.reads() == subject.reads() ? same.versions() : List.<byte[]>of()) {
        isWhole |= Arrays.equals(version, bytes);
      }
    }
    Rejection reason = file.rejection();
    String where = subject.name() + ", edit " + tried + ", seed " + seed;
    if (nanos > SLOW_NANOS) {
      throw new AssertionError("hung for " + nanos / 1_000_000 + " ms: " + where);
    }
    if (isWhole != (reason == null)) {
      throw new AssertionError((isWhole ? "refused a good " : "accepted a bad ") + where);
    }
    boolean begins =
        bytes.length >= HEADER + 64 && Arrays.equals(good, 0, HEADER, bytes, 0, HEADER);
    if (reason != null && begins && reason != Rejection.SEAL) {
      throw new AssertionError("read before it was verified, " + reason + ": " + where);
    }
    if (reason == null) {
      whole++;
    } else {
      reasons.merge(reason, 1L, Long::sum);
    }
  }
}
