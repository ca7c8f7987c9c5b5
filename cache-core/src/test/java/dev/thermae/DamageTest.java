package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Seal;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskStore;
import dev.thermae.event.Counters;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.Damage;
import dev.thermae.testing.FakeTime;
import dev.thermae.testing.FastFolder;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.TestHeads;
import dev.thermae.testing.TextEngine;
import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever happens to a file of the store, a run gives the right result, a file that was needed is
 * counted with a typed reason, and no byte reaches the engine that it did not serialize itself.
 */
@Tag("once")
class DamageTest {
  private static final List<String> TEXTS = List.of("x", text(1_760), text(150_000));

  @TempDir(factory = FastFolder.class)
  Path folder;

  private final long seed = Long.getLong("thermae.damage.seed", System.nanoTime());
  private final FakeTime time = new FakeTime();
  private final RecordingListener seen = new RecordingListener();
  private final TextEngine engine = new TextEngine();
  private final Map<Path, byte[]> snapshot = new TreeMap<>();
  private final CachePolicy policy = CachePolicy.chrome().withMinimumBytes(0);
  private DiskStore store;

  /** Text that is different everywhere. */
  private static String text(int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(text.length()).append(' ');
    }
    return text.substring(0, length);
  }

  private static String key(int number) {
    return "url \nhttps://example.org/" + number;
  }

  @BeforeEach
  void fill() throws IOException {
    store = DiskStore.open(folder, Seal.checksum(), new Counters(seen), time);
    for (int run = 0; run < 2; run++) {
      for (int i = 0; i < TEXTS.size(); i++) {
        run(i);
      }
    }
    try (Stream<Path> files = Files.walk(folder.resolve("v1/entries"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        snapshot.put(file, Files.readAllBytes(file));
      }
    }
    for (Map.Entry<Path, byte[]> file : snapshot.entrySet()) {
      if (isHint(file.getKey())) {
        file.setValue(new byte[1 + owner(file.getKey())]);
        replace(file.getKey(), file.getValue());
      }
    }
    assertThat(snapshot.keySet()).as("%s", seen.events()).hasSize(4 * TEXTS.size());
    assertThat(engine.serializes()).isEqualTo(TEXTS.size());
    assertHotAgain();
  }

  @AfterEach
  void nothingElseIsLeft() {
    assertThat(engine.foreign()).isEmpty();
    assertThat(seen.faults()).isEmpty();
    store.close();
  }

  private void assertHotAgain() throws IOException {
    seen.clear();
    int compiles = engine.compiles();
    for (int i = 0; i < TEXTS.size(); i++) {
      run(i);
    }
    assertThat(engine.compiles()).isEqualTo(compiles);
    assertThat(seen.rejections()).isEmpty();
  }

  /** One load as a program does it: look up, fetch again what is not there, compile, run. */
  private void run(int number) throws IOException {
    Counters counters = new Counters(seen);
    try (CodeCache cache = CodeCache.builder().policy(policy).time(time).build(store, counters)) {
      StoredEntry entry = store.find(key(number), null);
      byte[] body = entry == null ? null : entry.body();
      if (body == null) {
        body = TEXTS.get(number).getBytes(StandardCharsets.UTF_8);
        entry = fetch(key(number), body);
      }
      Source source = Source.of(number + ".txt", body, StandardCharsets.UTF_8);
      TextUnit unit = cache.compile(engine, source, Shape.SCRIPT, entry).code();
      assertThat(unit.run()).isEqualTo(TextUnit.run(TEXTS.get(number)));
    }
  }

  private StoredEntry fetch(String key, byte[] bytes) throws IOException {
    time.advance(1, TimeUnit.MILLISECONDS);
    try (NewBody body = store.newBody(key)) {
      body.write(bytes);
      StoredEntry stored = store.put(TestHeads.of(key, time.millis(), bytes.length), body);
      assertThat(stored).isNotNull();
      return stored;
    }
  }

  /** The number of the text whose entry owns a file. */
  private int owner(Path file) {
    for (int i = 0; i < TEXTS.size(); i++) {
      String name = Integer.toString(i);
      byte[] head = snapshot.get(headBeside(file));
      String text = new String(head, StandardCharsets.ISO_8859_1);
      if (text.contains("https://example.org/" + name)) {
        return i;
      }
    }
    throw new AssertionError(file);
  }

  private static Path headBeside(Path file) {
    return file.resolveSibling(file.getFileName().toString().substring(0, 32) + ".h");
  }

  private static boolean isHint(Path file) {
    return file.toString().endsWith(".s");
  }

  /** Puts back every file that a run has changed in the folder of {@code damaged}. */
  private void repair(Path damaged) throws IOException {
    Path inner = damaged.getParent();
    try (Stream<Path> files = Files.list(inner)) {
      for (Path file : files.toList()) {
        if (!snapshot.containsKey(file)) {
          Files.delete(file);
        }
      }
    }
    for (Map.Entry<Path, byte[]> file : snapshot.entrySet()) {
      if (file.getKey().getParent().equals(inner)) {
        replace(file.getKey(), file.getValue());
      }
    }
  }

  /** A new file, as overwriting one in place makes some file systems wait for the disk. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    if (!Files.exists(file)) {
      Files.write(file, bytes);
    } else if (!Arrays.equals(Files.readAllBytes(file), bytes)) {
      Files.delete(file);
      Files.write(file, bytes);
    }
  }

  private void damage(Path file, byte[] bytes, String what) throws IOException {
    replace(file, bytes);
    seen.clear();
    run(owner(file));
    if (!isHint(file)) {
      assertThat(seen.rejections()).as(what).isNotEmpty();
    }
    assertThat(engine.foreign()).as(what).isEmpty();
    repair(file);
  }

  private boolean isWholly(Path file) {
    String name = file.toString();
    int length = snapshot.get(file).length;
    return name.endsWith(".h") || (name.endsWith(".c") && length > 1_500 && length < 4_096);
  }

  /**
   * How far apart what is tried lies, and by {@code first} where it begins: a normal build takes
   * one place of so many, the long form each. A step that is odd and at most 7 meets every byte,
   * and every bit of it in turn.
   */
  private static int step(int slice) {
    return Integer.getInteger("thermae.damage.files", 0) < 20_000 ? slice : 1;
  }

  private int first(int step) {
    return (int) Math.floorMod(seed, (long) step);
  }

  @Test
  void everyFlippedBit() throws IOException {
    for (Map.Entry<Path, byte[]> file : snapshot.entrySet()) {
      byte[] bytes = file.getValue().clone();
      int bits = bytes.length * 8;
      int step = isWholly(file.getKey()) ? step(7) : Math.max(1, bits / 97);
      for (int bit = first(step); bit < bits; bit += step) {
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        damage(file.getKey(), bytes, "bit " + bit + " of " + file.getKey() + ", seed " + seed);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
      }
    }
    assertHotAgain();
  }

  @Test
  void everyTruncation() throws IOException {
    for (Map.Entry<Path, byte[]> file : snapshot.entrySet()) {
      int length = file.getValue().length;
      int step = length <= 4_096 ? Math.min(length, step(7)) : length / 97;
      String what = file.getKey() + ", seed " + seed + ", cut to ";
      damage(file.getKey(), new byte[0], what + 0);
      damage(file.getKey(), Arrays.copyOf(file.getValue(), length - 1), what + (length - 1));
      for (int cut = first(step); cut < length; cut += step) {
        damage(file.getKey(), Arrays.copyOf(file.getValue(), cut), what + cut);
      }
    }
    assertHotAgain();
  }

  @Test
  void everySwap() throws IOException {
    List<Path> files = List.copyOf(snapshot.keySet());
    int swaps = 0;
    for (Path first : files) {
      for (Path second : files) {
        if (first.compareTo(second) < 0
            && !Arrays.equals(snapshot.get(first), snapshot.get(second))) {
          swap(first, second);
          swaps++;
        }
      }
    }
    assertThat(swaps).isGreaterThan(55);
    assertHotAgain();
  }

  private void swap(Path first, Path second) throws IOException {
    replace(first, snapshot.get(second));
    replace(second, snapshot.get(first));
    for (Path file : List.of(first, second)) {
      seen.clear();
      run(owner(file));
      if (!isHint(file) && (file.equals(first) || owner(first) != owner(second))) {
        assertThat(seen.rejections()).as(first + " for " + second).isNotEmpty();
      }
      assertThat(engine.foreign()).isEmpty();
    }
    repair(first);
    repair(second);
  }

  /** The long form: {@code -Dthermae.damage.files=20000}; a seed that failed: {@code .seed=1}. */
  @Test
  void randomEditsAndMixedPages() throws IOException {
    int count = Integer.getInteger("thermae.damage.files", 1_000);
    Damage damage = new Damage(seed);
    List<Path> files = snapshot.keySet().stream().filter(file -> !isHint(file)).toList();
    List<byte[]> others = List.copyOf(snapshot.values());
    long worst = 0;
    for (int i = 0; i < count; i++) {
      Path file = files.get(i % files.size());
      byte[] good = snapshot.get(file);
      byte[] bytes = i % 3 == 0 ? mixed(damage, file) : damage.edit(good, others);
      String what = "edit " + i + " of " + file + ", seed " + seed;
      long start = System.nanoTime();
      if (Arrays.equals(good, bytes)) {
        run(owner(file));
      } else {
        damage(file, bytes, what);
      }
      worst = Math.max(worst, System.nanoTime() - start);
    }
    System.out.printf(
        Locale.ROOT,
        "%,d damaged files, every load right, the slowest %d ms, seed %d%n",
        count,
        TimeUnit.NANOSECONDS.toMillis(worst),
        seed);
    assertThat(worst).as("seed %d", seed).isLessThan(TimeUnit.SECONDS.toNanos(2));
    assertHotAgain();
  }

  /** Pages of this file, of others of its kind, and of what it was before. */
  private byte[] mixed(Damage damage, Path file) {
    String kind = file.toString().replaceFirst(".*\\.", ".");
    List<byte[]> versions = new ArrayList<>(List.of(snapshot.get(file)));
    byte[] before = snapshot.get(file).clone();
    for (int at = 0; at < before.length; at += 1_000) {
      before[at]++;
    }
    versions.add(before);
    for (Path other : snapshot.keySet()) {
      if (other.toString().endsWith(kind)) {
        versions.add(snapshot.get(other));
      }
    }
    return damage.mix(versions);
  }
}
