package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvictionPolicyTest {
  private static final long NOW = 1_000_000_000_000L;
  private static final long DAY = 24 * 3_600_000L;

  private static int rank(long bytes, long age, long hits) {
    Generation generation = new Generation(1, 1);
    return EvictionPolicy.rank(new IndexRecord(generation, bytes, 0, 0, NOW - age, hits), NOW);
  }

  @Test
  void largeOldAndUnaskedGoFirst() {
    assertThat(rank(10_000, 60_000, 0)).isGreaterThan(rank(10_000, 30_000, 0));
    assertThat(rank(20_000, 60_000, 0)).isGreaterThan(rank(10_000, 60_000, 0));
    assertThat(rank(10_000, 60_000, 0)).isGreaterThan(rank(10_000, 60_000, 1));
    assertThat(rank(Long.MAX_VALUE / 4, 100 * 365 * DAY, 0)).isLessThan(EvictionPolicy.RANKS);
    assertThat(rank(0, -DAY, Long.MAX_VALUE / 2)).isZero();
  }

  @Test
  void bounds() {
    assertThat(EvictionPolicy.downTo(1_000)).isEqualTo(900);
    assertThat(EvictionPolicy.downTo(1)).isZero();
    assertThat(EvictionPolicy.downTo(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    DiskOptions options = DiskOptions.DEFAULTS.maximumBytes(1_000).maximumEntries(10);
    assertThat(EvictionPolicy.isDue(new InUse(900, 9, 0, 0, 0), options)).isFalse();
    assertThat(EvictionPolicy.isDue(new InUse(980, 9, 0, 0, 0), options)).isTrue();
    assertThat(EvictionPolicy.isDue(new InUse(900, 10, 0, 0, 0), options)).isTrue();
  }

  @Test
  void rankingCutsWhereEnoughIsFreed() {
    Ranking ranking = new Ranking();
    for (int rank = 1; rank <= 100; rank++) {
      ranking.add(rank, 10);
    }
    assertThat(ranking.cut(25, 0)).isEqualTo(98);
    assertThat(ranking.cut(0, 5)).isEqualTo(96);
    assertThat(ranking.cut(100_000, 0)).isZero();
  }

  @Test
  void candidatesComeInTheOrderOfTheirRanks() {
    Candidates candidates = new Candidates();
    for (int i = 1; i <= 3_000; i++) {
      String name = Generation.hex(i).concat(Generation.hex(~i));
      Generation generation = new Generation(1, 1);
      candidates.add(name, new IndexRecord(generation, 4096, 0, 0, NOW - i * 1_000L, 0), NOW);
    }
    candidates.rank(4096 * 300L, 0);
    List<Long> uses = new ArrayList<>();
    while (uses.size() < 300 && candidates.next()) {
      uses.add(candidates.lastUse());
      long number = (NOW - candidates.lastUse()) / 1_000;
      assertThat(candidates.name()).isEqualTo(Generation.hex(number) + Generation.hex(~number));
    }
    assertThat(uses).hasSize(300).doesNotHaveDuplicates();
    assertThat(uses).allMatch(use -> use < NOW - 2_500_000);
  }

  private static FingerprintUse use(String engine, int build, long daysAgo) {
    Fingerprint fingerprint = Fingerprint.compute(Map.of(engine, Integer.toString(build)));
    return new FingerprintUse(new File("x"), engine, fingerprint, NOW - daysAgo * DAY);
  }

  @Test
  void aFingerprintIsDeadWhenItIsUnusedAndNotAmongTheLast() {
    List<FingerprintUse> uses = new ArrayList<>();
    for (int build = 0; build < 6; build++) {
      uses.add(use("a", build, 10L * build));
      uses.add(use("b", build, 400));
    }
    Set<Fingerprint> dead = FingerprintUse.dead(uses, 3, 30, NOW);
    assertThat(dead).contains(use("a", 4, 0).fingerprint(), use("a", 5, 0).fingerprint());
    assertThat(dead).doesNotContain(use("a", 3, 0).fingerprint()); // thirty days are not over
    assertThat(dead).hasSize(2 + 3);
    assertThat(FingerprintUse.dead(uses, 6, 30, NOW)).isEmpty();
    uses.add(use("a", 5, 1)); // other surroundings have it, too
    assertThat(FingerprintUse.dead(uses, 3, 30, NOW)).doesNotContain(use("a", 5, 0).fingerprint());
  }
}
