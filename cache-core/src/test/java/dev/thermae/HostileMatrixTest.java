package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import dev.thermae.code.SigningKeys;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskStore;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.MemoryStore;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.FastFolder;
import dev.thermae.testing.HostileVictim;
import dev.thermae.testing.OtherUser;
import dev.thermae.testing.OutsideWorld;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.SharedFolderProgram;
import dev.thermae.testing.TestHeads;
import dev.thermae.testing.TextEngine;
import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that may be wrong with a file or a folder, at every place of a cache folder, with
 * checksums and signed: no foreign byte is loaded, nothing outside changes, nothing hangs, results
 * are right. A normal build takes one cell in six, by chance; {@code -Dthermae.hostile.all=true}
 * takes all.
 *
 * <p>Signed, all that lies in the folder was stored under another secret of the same id. With
 * checksums that is so where the folder must be refused; deeper inside nobody else can have come.
 */
class HostileMatrixTest {
  private static final int STRANGER = 23_471;
  private static final int CELLS = 6;
  private static final long SEED = Long.getLong("thermae.hostile.seed", System.nanoTime());
  private static final String KEY = HostileVictim.key(0);
  private static final Source SOURCE = HostileVictim.source(0);

  /** What a hot load opens without looking first. */
  private static final Set<Place> OPENED = EnumSet.of(Place.HEAD, Place.CODE, Place.BODY);

  enum Place {
    ROOT(""),
    INNER("v1"),
    ENTRIES("v1/entries"),
    DEEP(""),
    INDEX("v1/index"),
    TEMPORARY("v1/temporary"),
    HEAD(".h"),
    BODY(".b"),
    CODE(".c"),
    MARK(".s"),
    RECORD(""),
    LOCKS("v1/locks");

    private final String where;

    Place(String where) {
      this.where = where;
    }

    /** Whether the way to the cache itself leads through it. */
    private boolean isTop() {
      return this == ROOT || this == INNER;
    }

    private boolean isFolder() {
      return isTop() || this == ENTRIES || this == DEEP || this == INDEX || this == TEMPORARY;
    }

    private Path in(Path folder) throws IOException {
      if (where.startsWith("v1") || this == ROOT) {
        return folder.resolve(where);
      }
      Path start = folder.resolve(this == RECORD ? "v1/fingerprints" : "v1/entries");
      try (Stream<Path> all = Files.walk(start)) {
        return all.filter(path -> !path.equals(start) && matches(path)).findFirst().orElseThrow();
      }
    }

    private boolean matches(Path path) {
      return this == DEEP
          || (Files.isRegularFile(path) && (this == RECORD || path.toString().endsWith(where)));
    }
  }

  enum Kind {
    OTHER_OWNER,
    GROUP_WRITABLE,
    WORLD_WRITABLE,
    SYMBOLIC_LINK,
    PIPE,
    DEVICE,
    HARD_LINK
  }

  @TempDir(factory = FastFolder.class)
  Path home;

  private int folders;

  private static SigningKeys foreign() {
    return SigningKeys.of(5, "a secret that nobody knows".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void nothingForeignIsLoadedAndNothingOutsideChanges() throws Exception {
    assumeTrue(OtherUser.isPossible(), "only root can give files away and make devices");
    boolean all = Boolean.getBoolean("thermae.hostile.all");
    List<String> failures = new ArrayList<>();
    int cells = 0;
    int number = 0;
    for (boolean signed : new boolean[] {false, true}) {
      for (Place place : Place.values()) {
        for (Kind kind : Kind.values()) {
          boolean isFolder = place.isFolder();
          if ((kind == Kind.HARD_LINK && isFolder)
              || isOwnTrap(signed, place, kind)
              || (!all && (number++ + SEED) % CELLS != 0)) {
            continue;
          }
          cells++;
          String name = (signed ? "signed " : "checksum ") + place + ' ' + kind;
          try {
            assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> new Cell(signed, place, kind).run(), name);
          } catch (Exception | AssertionError e) {
            failures.add(name + ": " + e);
          }
        }
      }
    }
    System.out.println(
        "hostile matrix: " + cells + " cells, seed " + SEED + ", failures " + failures.size());
    assertThat(failures).isEmpty();
  }

  /**
   * A pipe that this user has put into a folder that is private to it: a read waits for who writes
   * to it, because looking first would cost every hot read a fifth more.
   */
  private static boolean isOwnTrap(boolean signed, Place place, Kind kind) {
    return !signed && kind == Kind.PIPE && OPENED.contains(place);
  }

  /** One thing that is wrong at one place. */
  private final class Cell {
    private final boolean signed;
    private final Place place;
    private final Kind kind;
    private final boolean refused;
    private final Path folder;
    private final Path outside;
    private final RecordingListener seen = new RecordingListener();
    private final TextEngine engine = new TextEngine();

    private Cell(boolean signed, Place place, Kind kind) throws IOException {
      this.signed = signed;
      this.place = place;
      this.kind = kind;
      this.refused = !signed && place.isTop();
      Path own = Files.createDirectory(home.resolve("cell" + folders++));
      this.folder = own.resolve("cache");
      this.outside = own.resolve("outside");
    }

    private void run() throws Exception {
      fill(refused || signed);
      OutsideWorld world = OutsideWorld.in(outside, null);
      plant(place.in(folder));
      world = world.now();
      use();
      assertThat(engine.foreign()).isEmpty();
      assertThat(world.changes()).isEmpty();
      if (refused) {
        assertThat(seen.warnings()).hasSize(1);
        assertThat(seen.warnings().get(0)).startsWith("No disk tier: ");
        assertThat(engine.restores()).isZero();
      }
    }

    private CodeCache open(SigningKeys keys, RecordingListener listener) {
      CodeCacheBuilder builder =
          CodeCache.builder().directory(folder).policy(CachePolicy.eager()).listener(listener);
      return (signed ? builder.signed(keys) : builder).build();
    }

    private void fill(boolean forged) throws IOException {
      RecordingListener filling = new RecordingListener();
      try (CodeCache cache = open(foreign(), filling)) {
        StoredEntry entry = put(cache);
        TextEngine genuine = new TextEngine();
        cache.compile(genuine, SOURCE, Shape.SCRIPT, entry);
        cache.flush();
        entry.mark("a slot", true);
        if (forged) {
          Fingerprint fingerprint = EngineFingerprint.compute(genuine);
          CodeKey key = new CodeKey("", SOURCE, Shape.SCRIPT, fingerprint);
          byte[] payload = "TEXT 1\nforged".getBytes(StandardCharsets.UTF_8);
          String slot = StoredEntry.slot(fingerprint, Shape.SCRIPT, SOURCE.charset());
          entry.attach(
              slot,
              key.seal(
                  cache.store().seal(),
                  entry.head().keyHash(),
                  entry.head().generation(),
                  payload));
        }
      }
      assertThat(filling.faults()).isEmpty();
      Files.createDirectories(folder.resolve("v1/index"));
      Files.writeString(folder.resolve("v1/index/7.cm"), "no index");
    }

    private StoredEntry put(CodeCache cache) throws IOException {
      byte[] bytes = SOURCE.bytes();
      long now = cache.time().millis() - 1_000;
      try (NewBody body = cache.store().newBody(KEY)) {
        body.write(bytes);
        return cache.store().put(TestHeads.source(KEY, now, bytes.length, SOURCE.hash()), body);
      }
    }

    private void plant(Path at) throws Exception {
      boolean isFolder = Files.isDirectory(at);
      switch (kind) {
        case OTHER_OWNER -> Files.setAttribute(at, "unix:uid", STRANGER);
        case GROUP_WRITABLE -> {
          Files.setAttribute(at, "unix:gid", STRANGER);
          Files.setAttribute(at, "unix:mode", isFolder ? 0770 : 0660);
        }
        case WORLD_WRITABLE -> Files.setAttribute(at, "unix:mode", isFolder ? 0777 : 0666);
        case SYMBOLIC_LINK -> {
          Path target = outside.resolve("target");
          Files.move(at, target);
          Files.createSymbolicLink(at, target);
          Files.setAttribute(at, "unix:uid", STRANGER, LinkOption.NOFOLLOW_LINKS);
        }
        case PIPE -> replace(at, "mkfifo", at.toString());
        case DEVICE -> replace(at, "mknod", at.toString(), "c", "1", "5");
        case HARD_LINK -> {
          Path target = outside.resolve("target");
          Files.move(at, target);
          Files.createLink(at, target);
        }
        default -> throw new AssertionError(kind);
      }
    }

    private void replace(Path at, String... command) throws Exception {
      Files.move(at, at.resolveSibling("was-" + at.getFileName()));
      Process process = new ProcessBuilder(command).inheritIO().start();
      assertThat(process.waitFor()).isZero();
    }

    /** Everything that a cache does in its folder. */
    private void use() {
      try (CodeCache cache = open(SharedFolderProgram.keys(), seen)) {
        if (cache.store() instanceof DiskStore disk) {
          disk.claimIndex();
        }
        assertThat(cache.store() instanceof MemoryStore).isEqualTo(isOff());
        StoredEntry entry = cache.store().find(KEY, null);
        check(cache, SOURCE, entry != null && entry.holds(SOURCE.bytes()) ? entry : null);
        check(cache, Source.of("b.txt", "another source"), null);
        attempt(() -> cache.store().find(KEY, null).mark("a slot", false));
        attempt(
            () -> {
              StoredEntry old = cache.store().find(KEY, null);
              long now = cache.time().millis();
              cache.store().withHead(old, TestHeads.validated(old.head(), now));
            });
        attempt(() -> put(cache).mark("a slot", false));
        cache.clearMemory();
        check(cache, SOURCE, cache.store().find(KEY, null));
        attempt(() -> cache.store().invalidate(KEY, cache.time().millis()));
      }
    }

    private boolean isOff() {
      boolean noFolder = kind == Kind.SYMBOLIC_LINK || kind == Kind.PIPE || kind == Kind.DEVICE;
      return refused || (place.isTop() && noFolder);
    }

    private void check(CodeCache cache, Source source, StoredEntry entry) {
      TextUnit unit = cache.compile(engine, source, Shape.SCRIPT, entry).code();
      assertThat(unit.run()).isEqualTo(TextUnit.run(source.text()));
      cache.flush();
    }

    private void attempt(Attempt attempt) {
      try {
        attempt.run();
      } catch (IOException | NullPointerException e) {
        seen.onFault("attempt", e); // the entry is gone, or may not be written
      }
    }
  }

  /** What a hostile folder may refuse. */
  private interface Attempt {
    void run() throws IOException;
  }
}
