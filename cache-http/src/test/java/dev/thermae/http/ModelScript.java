package dev.thermae.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random story of an origin and its readers. Steps hold all that they need, so that any of them
 * can be left out.
 *
 * @param seed makes the same script again
 * @param keepSameBytes the loader's setting
 * @param disk a folder, else memory
 */
record ModelScript(long seed, boolean keepSameBytes, boolean disk, List<Step> steps) {
  private static final String[] CONTROLS = {
    "",
    "max-age=60",
    "max-age=60",
    "max-age=600",
    "max-age=0",
    "no-cache",
    "no-store",
    "max-age=60, must-revalidate",
    "max-age=30, stale-if-error=120",
    "private, max-age=60",
    "stale-if-error=100000",
    "no-cache, stale-if-error=60",
    "public, s-maxage=600"
  };
  private static final String[] VARY = {"", "", "X-Kind", "X-Kind", "X-Kind, X-Other", "*"};
  private static final String[] EXPIRES = {"", "", "60", "0", "-5", "never"};
  private static final String[] REQUESTS = {
    "",
    "",
    "",
    "",
    "",
    "",
    "no-cache",
    "max-age=0",
    "max-age=20",
    "max-stale=100",
    "max-stale",
    "min-fresh=20",
    "only-if-cached",
    "no-store",
    "stale-if-error=500"
  };
  private static final int[] MOVES = {
    1, 1, 5, 20, 61, 61, 130, 3_600, 90_000, 260_000, -1, -30, -60, -61, -3_600
  };

  /** What happens; the numbers choose among URLs, kinds of requests and so on. */
  sealed interface Step {}

  /** A reader asks, and runs what it gets. */
  record Fetch(
      int url, String kind, String control, ModelOrigin.Mode mode, int delay, boolean plain)
      implements Step {}

  /** Another process asks; its answer waits for {@link Release}. */
  record Hold(int url, String kind, String control) implements Step {}

  /** The answer that waits longest, or the one that waits shortest, arrives. */
  record Release(boolean oldest, ModelOrigin.Mode mode) implements Step {}

  /** The origin's resource becomes another. */
  record Change(int url, String what, String value) implements Step {}

  /** A reader's purge. */
  record Purge(int url) implements Step {}

  /** The clock jumps. */
  record Move(int seconds) implements Step {}

  /** Units in memory are forgotten. */
  record Clear() implements Step {}

  /** A new process over the same store. */
  record Restart() implements Step {}

  static ModelScript of(long seed, boolean disk) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
    int urls = 1 + random.nextInt(3);
    int count = 9 + random.nextInt(8);
    // What of a folder's variants is left behind depends on its layout: Vary stays there.
    boolean varies = random.nextInt(3) == 0;
    boolean holds = !disk || !varies;
    List<Step> steps = new ArrayList<>();
    for (int url = 0; url < urls; url++) {
      steps.add(new Change(url, "control", pick(random, CONTROLS)));
      if (varies) {
        steps.add(new Change(url, "vary", disk ? "X-Kind" : pick(random, VARY)));
      }
    }
    boolean keepSameBytes = random.nextBoolean();
    for (int i = 0; i < count; i++) {
      steps.add(step(random, random.nextInt(urls), varies && !disk, holds));
    }
    return new ModelScript(seed, keepSameBytes, disk, List.copyOf(steps));
  }

  private static Step step(Random random, int url, boolean varyChanges, boolean holds) {
    int dice = random.nextInt(100);
    if (dice < 42) {
      String control = pick(random, REQUESTS);
      int delay = random.nextInt(6) == 0 ? 1 + random.nextInt(90) : 0;
      boolean plain = random.nextBoolean();
      return new Fetch(url, kind(random), control, ModelOrigin.Mode.any(random), delay, plain);
    } else if (dice < 50) {
      return holds ? new Hold(url, kind(random), pick(random, REQUESTS)) : new Move(1);
    } else if (dice < 58) {
      return new Release(random.nextBoolean(), ModelOrigin.Mode.any(random));
    } else if (dice < 76) {
      return change(random, url, varyChanges);
    } else if (dice < 79) {
      return new Purge(url);
    } else if (dice < 91) {
      return new Move(MOVES[random.nextInt(MOVES.length)]);
    }
    return dice < 95 ? new Clear() : new Restart();
  }

  private static Step change(Random random, int url, boolean varyChanges) {
    return switch (random.nextInt(varyChanges ? 9 : 8)) {
      case 0, 1 -> new Change(url, "body and tag", "");
      case 2 -> new Change(url, "body", "");
      case 3 -> new Change(url, "tag", "");
      case 4 -> new Change(url, "control", pick(random, CONTROLS));
      case 5 -> new Change(url, "expires", pick(random, EXPIRES));
      case 6 -> new Change(url, "validators", pick(random, "strong", "weak", "date", "none"));
      case 7 -> new Change(url, "age", pick(random, "0", "10", "59", "60", "-10", "undated"));
      default -> new Change(url, "vary", pick(random, VARY));
    };
  }

  private static String kind(Random random) {
    return pick(random, "", "a", "a", "b");
  }

  private static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  ModelScript with(List<Step> other) {
    return new ModelScript(seed, keepSameBytes, disk, List.copyOf(other));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("seed " + seed);
    text.append(disk ? ", disk" : ", memory").append(keepSameBytes ? ", keeps same bytes" : "");
    for (Step step : steps) {
      text.append("\n  ").append(step);
    }
    return text.toString();
  }
}
