package dev.thermae.testing;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What happens to files: edits of every kind, and pages of several versions. Not thread-safe. */
public final class Damage {
  /** What a crash without a forced write mixes. */
  public static final int PAGE = 4096;

  private static final int KINDS = 9;

  private final Random random;

  /** The same seed does the same damage. */
  public Damage(long seed) {
    random = new Random(seed);
  }

  /** One edit of {@code bytes}, a copy; {@code others} are what may be spliced in. */
  public byte[] edit(byte[] bytes, List<byte[]> others) {
    return switch (bytes.length == 0 ? 0 : random.nextInt(KINDS)) {
      case 0 -> insert(bytes, some(1 + random.nextInt(64)));
      case 1 -> delete(bytes);
      case 2 -> zero(bytes.clone());
      case 3 -> swap(bytes.clone());
      case 4 -> splice(bytes, others.get(random.nextInt(others.size())));
      case 5 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 6 -> overwrite(bytes.clone());
      default -> flip(bytes.clone());
    };
  }

  private byte[] flip(byte[] bytes) {
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private byte[] overwrite(byte[] bytes) {
    for (int n = 1 + random.nextInt(8); n > 0; n--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private byte[] zero(byte[] bytes) {
    int from = random.nextInt(bytes.length);
    int length = random.nextBoolean() ? 512 : 1 + random.nextInt(bytes.length);
    Arrays.fill(bytes, from, Math.min(bytes.length, from + length), (byte) 0);
    return bytes;
  }

  private byte[] swap(byte[] bytes) {
    int length = 1 + random.nextInt(Math.max(1, bytes.length / 2));
    int first = random.nextInt(bytes.length - length + 1);
    int second = random.nextInt(bytes.length - length + 1);
    byte[] taken = Arrays.copyOfRange(bytes, first, first + length);
    System.arraycopy(bytes, second, bytes, first, length);
    System.arraycopy(taken, 0, bytes, second, length);
    return bytes;
  }

  private byte[] insert(byte[] bytes, byte[] more) {
    int at = random.nextInt(bytes.length + 1);
    byte[] result = Arrays.copyOf(bytes, bytes.length + more.length);
    System.arraycopy(more, 0, result, at, more.length);
    System.arraycopy(bytes, at, result, at + more.length, bytes.length - at);
    return result;
  }

  private byte[] delete(byte[] bytes) {
    int from = random.nextInt(bytes.length);
    int to = Math.min(bytes.length, from + 1 + random.nextInt(64));
    byte[] result = Arrays.copyOf(bytes, bytes.length - (to - from));
    System.arraycopy(bytes, to, result, from, bytes.length - to);
    return result;
  }

  /** The beginning of one and the end of the other, cut at the same place or anywhere. */
  private byte[] splice(byte[] bytes, byte[] other) {
    int at = random.nextInt(bytes.length);
    int from = random.nextBoolean() ? Math.min(at, other.length) : random.nextInt(other.length + 1);
    byte[] result = Arrays.copyOf(bytes, at + other.length - from);
    System.arraycopy(other, from, result, at, other.length - from);
    return result;
  }

  private byte[] some(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /**
   * Pages taken from different versions of one file, or never written, with the length of any: what
   * is left after a crash when nothing was forced.
   */
  public byte[] mix(List<byte[]> versions) {
    byte[] result = new byte[versions.get(random.nextInt(versions.size())).length];
    int zeros = random.nextInt(4);
    for (int at = 0; at < result.length; at += PAGE) {
      int chosen = random.nextInt(versions.size() + (zeros == 0 ? 1 : 0));
      byte[] from = chosen == versions.size() ? new byte[0] : versions.get(chosen);
      int end = Math.min(Math.min(at + PAGE, result.length), from.length);
      if (at < end) {
        System.arraycopy(from, at, result, at, end - at);
      }
    }
    return result;
  }
}
