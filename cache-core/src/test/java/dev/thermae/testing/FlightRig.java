package dev.thermae.testing;

import dev.thermae.CodeCache;
import dev.thermae.store.NewBody;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Two processes that want the same unit at once, round after round; in some rounds the one that
 * compiles is killed.
 */
public final class FlightRig implements AutoCloseable {
  private final Path folder;
  private final String patience;
  private final Random random = new Random(7);
  private final CodeCache cache;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private ChildJvm one;
  private ChildJvm two;
  private int rounds;
  private int kills;
  private int compiledTwice;
  private long slowestMicros;

  /** Patience: {@code unlimited} or {@code expected}. */
  public FlightRig(Path folder, String patience) throws IOException {
    this.folder = folder;
    this.patience = patience;
    this.cache = CodeCache.builder().directory(folder).build();
    this.one = start();
    this.two = start();
    expect(one, "up");
    expect(two, "up");
  }

  /** What happened so far. */
  public record Figures(
      int rounds, int kills, int compiledTwice, long slowestMicros, Map<String, Integer> outcomes) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d rounds, %d leaders killed: %d rounds with more than one compile;"
              + " slowest follower of a killed leader %.1f ms after the kill; followers' waits %s",
          rounds,
          kills,
          compiledTwice,
          slowestMicros / 1_000.0,
          outcomes);
    }
  }

  public Figures figures() {
    return new Figures(rounds, kills, compiledTwice, slowestMicros, Map.copyOf(outcomes));
  }

  private ChildJvm start() throws IOException {
    return ChildJvm.start(FlightProgram.class, folder.toString(), patience);
  }

  private static void expect(ChildJvm child, String line) throws IOException {
    String said = child.next();
    if (!line.equals(said)) {
      throw new AssertionError(said + " instead of " + line + ": " + child.noise());
    }
  }

  /** One load by both at once; a compile of a few milliseconds. */
  public void round() throws IOException {
    prepare("short", "short");
    Done first = done(one);
    Done second = done(two);
    if (first.compiles() + second.compiles() != 1) {
      compiledTwice++;
    }
    outcomes.merge(first.compiles() == 0 ? first.waited() : second.waited(), 1, Integer::sum);
  }

  /** One load by both at once; whoever compiles is killed at some moment of it. */
  public void kill() throws Exception {
    ChildJvm next = start();
    // Whoever of the two compiles goes on until it is killed.
    prepare("long", "long");
    ChildJvm leader = leader();
    ChildJvm follower = leader == one ? two : one;
    leader.ends(random.nextInt(30));
    boolean alone = !follower.hasSpoken();
    long killed = System.nanoTime();
    leader.kill();
    leader.close();
    expect(follower, "compiling");
    follower.tell("go on");
    Done done = done(follower);
    slowestMicros = Math.max(slowestMicros, (System.nanoTime() - killed) / 1_000);
    if (!alone || done.compiles() != 1) {
      compiledTwice++;
    }
    outcomes.merge(done.waited(), 1, Integer::sum);
    kills++;
    one = follower;
    two = next;
    expect(two, "up");
  }

  /** Both compile what needs the other's: whoever waits for whom, both are done. */
  public void cross() throws IOException {
    int number = 2 * (1_000_000 + rounds++);
    one.tell("bare " + number + " nested");
    two.tell("bare " + (number + 1) + " nested");
    for (ChildJvm child : new ChildJvm[] {one, two}) {
      expect(child, "ready");
    }
    for (ChildJvm child : new ChildJvm[] {one, two}) {
      child.tell("go");
      expect(child, "compiling");
    }
    one.tell("go on");
    two.tell("go on");
    done(one);
    done(two);
  }

  private void prepare(String compileOfOne, String compileOfTwo) throws IOException {
    int number = rounds++;
    String kind = number % 2 == 0 ? "bare " : "stored ";
    if (number % 2 != 0) {
      put(number);
    }
    one.tell(kind + number + ' ' + compileOfOne);
    two.tell(kind + number + ' ' + compileOfTwo);
    expect(one, "ready");
    expect(two, "ready");
    boolean swapped = random.nextBoolean();
    (swapped ? two : one).tell("go");
    (swapped ? one : two).tell("go");
  }

  /** Who says first that it compiles; the other one says nothing. */
  private ChildJvm leader() throws IOException, InterruptedException {
    while (true) {
      for (ChildJvm child : new ChildJvm[] {one, two}) {
        if (child.hasSpoken()) {
          expect(child, "compiling");
          return child;
        }
        if (child.ends(1)) {
          throw new AssertionError("ended: " + child.noise());
        }
      }
    }
  }

  private void put(int number) throws IOException {
    byte[] bytes = FlightProgram.source(number).bytes();
    String key = FlightProgram.key(number);
    try (NewBody body = cache.store().newBody(key)) {
      body.write(bytes);
      cache.store().put(TestHeads.of(key, cache.time().millis(), bytes.length), body);
    }
  }

  private record Done(int compiles, String waited) {}

  private static Done done(ChildJvm child) throws IOException {
    String line = child.next();
    while ("compiling".equals(line)) {
      line = child.next();
    }
    if (line == null || !line.startsWith("done ")) {
      throw new AssertionError(line + ": " + child.noise());
    }
    String[] words = line.split(" ", -1);
    int compiles = Integer.parseInt(words[2]);
    if (!words[5].equals("0") || words[1].equals("RESTORED") != (compiles == 0)) {
      throw new AssertionError(line);
    }
    return new Done(compiles, words[4]);
  }

  @Override
  public void close() {
    one.close();
    two.close();
    cache.close();
  }
}
