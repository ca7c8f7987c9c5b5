package dev.thermae;

import static dev.thermae.policy.CachePolicy.eager;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.junit.jupiter.api.Test;

/**
 * Sources of equal length and equal checksums: both checksums are linear, so adding any pattern
 * that both map to nothing makes a true collision, and such a pattern is found by elimination.
 */
class SourceCollisionTest extends CodeCacheFixture {
  private static final int LENGTH = 1200;
  private static final int BITS = 70;

  private static long checksums(byte[] bytes) {
    CRC32 crc = new CRC32();
    CRC32C crcc = new CRC32C();
    for (Checksum sum : new Checksum[] {crc, crcc}) {
      sum.update(bytes, 0, bytes.length);
    }
    return crc.getValue() << 32 | crcc.getValue();
  }

  /** Masks of free bits (0x01 in byte {@code i}) whose sum changes neither checksum. */
  private static List<Integer> neutralBits(int from) {
    long zero = checksums(new byte[LENGTH]);
    long[] effect = new long[BITS];
    boolean[][] made = new boolean[BITS][BITS];
    for (int i = 0; i < BITS; i++) {
      byte[] one = new byte[LENGTH];
      one[from + i] = 1;
      effect[i] = checksums(one) ^ zero;
      made[i][i] = true;
    }
    long[] pivots = new long[64];
    int[] owner = new int[64];
    for (int i = 0; i < BITS; i++) {
      while (effect[i] != 0) {
        int top = 63 - Long.numberOfLeadingZeros(effect[i]);
        if (pivots[top] == 0) {
          pivots[top] = effect[i];
          owner[top] = i;
          break;
        }
        effect[i] ^= pivots[top];
        for (int bit = 0; bit < BITS; bit++) {
          made[i][bit] ^= made[owner[top]][bit];
        }
      }
      if (effect[i] == 0) {
        List<Integer> bits = new ArrayList<>();
        for (int bit = 0; bit < BITS; bit++) {
          if (made[i][bit]) {
            bits.add(from + bit);
          }
        }
        return bits;
      }
    }
    throw new AssertionError("70 bits cannot be independent in 64");
  }

  /** Six different texts with one name in the store: {@code first} with patterns added. */
  private static List<Source> colliding() {
    byte[] first = "a".repeat(LENGTH).getBytes(StandardCharsets.US_ASCII);
    List<Source> sources = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      byte[] bytes = first.clone();
      for (int bit : i == 0 ? List.<Integer>of() : neutralBits(100 * i)) {
        bytes[bit] ^= 1;
      }
      assertThat(checksums(bytes)).isEqualTo(checksums(first));
      sources.add(Source.of("a.txt", bytes, StandardCharsets.UTF_8));
    }
    assertThat(sources).doesNotHaveDuplicates();
    return sources;
  }

  @Test
  void collidingSourcesAreNeverTakenForEachOther() {
    List<Source> sources = colliding();
    for (int round = 0; round < 3; round++) {
      for (Source source : sources) {
        load(eager(), Source.of("a.txt", source.bytes(), source.charset()));
      }
    }
    assertThat(seen.rejections()).isEmpty();
  }

  @Test
  void fourOfThemAreKept() {
    List<Source> sources = colliding().subList(0, 4);
    sources.forEach(source -> assertCold(load(eager(), source)));
    sources.forEach(source -> assertHot(load(eager(), source)));
  }

  @Test
  void collidingSourcesAreToldApartInMemory() {
    CodeCache cache = cache(eager());
    for (Source source : colliding()) {
      assertCold(checked(cache.compile(engine, source), source));
    }
    assertThat(engine.compiles()).isEqualTo(6);
  }
}
