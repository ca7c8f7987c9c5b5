package dev.thermae.testing;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Requests for keys of very different sizes, the k-th most popular asked for in proportion to
 * k<sup>-0.9</sup>: the same for the same arguments in every process. Immutable.
 */
public final class ZipfTrace {
  private static final double EXPONENT = 0.9;
  private static final int BLOCK = 4096;
  private static final int LARGEST = 1_000_000;

  private final int[] requests;
  private final int[] bodies;

  public ZipfTrace(int keys, int length, long seed) {
    Random random = new Random(seed);
    double[] sums = new double[keys];
    double sum = 0;
    int[] ranked = new int[keys];
    bodies = new int[keys];
    for (int i = 0; i < keys; i++) {
      sum += Math.pow(i + 1, -EXPONENT);
      sums[i] = sum;
      bodies[i] = (int) Math.min(LARGEST, 100 + Math.exp(9.2 + 1.3 * random.nextGaussian()));
      int other = random.nextInt(i + 1);
      ranked[i] = ranked[other];
      ranked[other] = i;
    }
    requests = new int[length];
    for (int i = 0; i < length; i++) {
      int found = Arrays.binarySearch(sums, random.nextDouble() * sum);
      requests[i] = ranked[Math.min(keys - 1, found < 0 ? -found - 1 : found)];
    }
  }

  public int length() {
    return requests.length;
  }

  public int key(int request) {
    return requests[request];
  }

  /** Bytes of a key's body. */
  public int body(int key) {
    return bodies[key];
  }

  /** Bytes of a key's code; 0 for two of three, which have none. */
  public int code(int key) {
    return key % 3 == 0 ? bodies[key] / 2 : 0;
  }

  /** What a key's head, body and code take. */
  public long allocated(int key) {
    return BLOCK + whole(body(key)) + whole(code(key));
  }

  private static long whole(long bytes) {
    return (bytes + BLOCK - 1) / BLOCK * BLOCK;
  }

  /** The share of hits of a cache that holds {@code limit} bytes and forgets the least recent. */
  public double leastRecentlyUsed(long limit) {
    Map<Integer, Long> held = new LinkedHashMap<>(16, 0.75f, true);
    long used = 0;
    int hits = 0;
    for (int key : requests) {
      if (held.get(key) != null) {
        hits++;
        continue;
      }
      held.put(key, allocated(key));
      used += allocated(key);
      for (Iterator<Long> eldest = held.values().iterator(); used > limit; eldest.remove()) {
        used -= eldest.next();
      }
    }
    return hits / (double) requests.length;
  }
}
