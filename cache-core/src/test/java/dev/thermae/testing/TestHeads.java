package dev.thermae.testing;

import dev.thermae.code.Generation;
import dev.thermae.store.EntryHead;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Heads as a loader of resources makes them. */
public final class TestHeads {
  private TestHeads() {}

  /** The head of a resource without variants, its request begun at {@code requestTime}. */
  public static EntryHead of(String key, long requestTime, long length) {
    return variant(key, "", requestTime, length);
  }

  /** The head of a resource whose body is a source in UTF-8, as it came. */
  public static EntryHead source(String key, long requestTime, long length, byte[] hash) {
    return new EntryHead(
        key,
        "",
        Generation.random(),
        requestTime,
        requestTime,
        0,
        60_000,
        Long.MIN_VALUE,
        0,
        "UTF-8",
        "",
        EntryHead.hashOf(key),
        hash,
        length,
        new byte[0]);
  }

  /** The head of one variant. */
  public static EntryHead variant(String key, String selecting, long requestTime, long length) {
    byte[] source = new byte[32];
    Arrays.fill(source, (byte) 7);
    return new EntryHead(
        key,
        selecting,
        Generation.random(),
        requestTime,
        requestTime + 5,
        3,
        60_000,
        Long.MIN_VALUE,
        EntryHead.ENCODED,
        "UTF-8",
        "https://example.org/elsewhere",
        EntryHead.hashOf(key),
        source,
        length,
        "opaque \u00fc".getBytes(StandardCharsets.UTF_8));
  }

  /** The same resource after a 304 to a request begun at {@code requestTime}. */
  public static EntryHead validated(EntryHead head, long requestTime) {
    byte[] metadata = ("validated at " + requestTime).getBytes(StandardCharsets.UTF_8);
    return head.validated(requestTime, requestTime + 5, 1, 120_000, metadata);
  }
}
