package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.event.Waited;
import dev.thermae.policy.CachePolicy;
import dev.thermae.policy.Patience;
import dev.thermae.store.Lead;
import dev.thermae.testing.TextUnit;
import dev.thermae.testing.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two caches over one folder, as two processes have them, that want the same unit at once. */
@Timeout(60)
class CompileOnceTest extends CodeCacheFixture {
  private final Source source = source("hello");
  private final CountDownLatch compiling = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final AtomicReference<Compiled<TextUnit>> ofLeader = new AtomicReference<>();
  private final AtomicReference<Compiled<TextUnit>> ofFollower = new AtomicReference<>();
  private CodeCache leader;
  private CodeCache follower;

  @BeforeEach
  void open() {
    build(CachePolicy.eager(), Patience.unlimited());
  }

  private void build(CachePolicy policy, Patience patience) {
    leader = keep(builder().policy(policy).waitForOthers(patience).build());
    follower = keep(builder().policy(policy).waitForOthers(patience).build());
  }

  /** The leader compiles until somebody lets it go on; all other compiles are quick. */
  private void holdFirstCompile() {
    engine.whileCompiling(
        any -> {
          if (compiling.getCount() > 0) {
            compiling.countDown();
            await(goOn);
          }
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      assertThat(thread.isAlive()).isTrue();
      Thread.onSpinWait();
    }
  }

  private Thread startFollower() {
    Thread thread = new Thread(() -> ofFollower.set(follower.compile(engine, source)));
    thread.start();
    return thread;
  }

  private Thread startLeader() {
    Thread thread = new Thread(() -> ofLeader.set(leader.compile(engine, source)));
    thread.start();
    await(compiling);
    return thread;
  }

  @Test
  void followerUsesTheLeadersCode() throws Exception {
    holdFirstCompile();
    Thread leading = startLeader();
    Thread following = startFollower();
    awaitParked(following);
    goOn.countDown();
    leading.join();
    following.join();
    assertCold(ofLeader.get());
    assertHot(ofFollower.get());
    assertThat(engine.compiles()).isEqualTo(1);
    assertThat(follower.stats().waited(Waited.FOUND)).isEqualTo(1);
    assertThat(follower.stats().waitNanos()).isPositive();
    assertThat(seen.events()).contains("waited a.txt FOUND");
    assertThat(seen.faults()).isEmpty();
  }

  @Test
  void ofManyOneCompiles() throws Exception {
    CodeCache[] caches = new CodeCache[6];
    for (int i = 0; i < caches.length; i++) {
      caches[i] =
          keep(builder().policy(CachePolicy.eager()).waitForOthers(Patience.unlimited()).build());
    }
    for (int round = 1; round <= 20; round++) {
      Source wanted = source("round " + round);
      Threads.run(caches.length, index -> checked(caches[index].compile(engine, wanted), wanted));
      assertThat(engine.compiles()).isEqualTo(round);
    }
    assertThat(seen.count("attached")).isEqualTo(20);
  }

  /** A first load under Chrome's policy leaves no code: nobody gains by waiting for it. */
  @Test
  void loadsThatOnlyMarkWaitForNobodyAndBothCount() throws Exception {
    build(CachePolicy.chrome(), Patience.unlimited());
    holdFirstCompile();
    Thread leading = startLeader();
    assertCold(follower.compile(engine, source));
    goOn.countDown();
    leading.join();
    assertThat(seen.count("waited")).isZero();
    leader.flush();
    follower.flush();
    assertWarm(load(CachePolicy.chrome(), source));
  }

  @Test
  void warmLoadsWaitAndTheFollowerIsHot() throws Exception {
    load(CachePolicy.chrome(), source);
    build(CachePolicy.chrome(), Patience.unlimited());
    holdFirstCompile();
    Thread leading = startLeader();
    Thread following = startFollower();
    awaitParked(following);
    goOn.countDown();
    leading.join();
    following.join();
    assertWarm(ofLeader.get());
    assertHot(ofFollower.get());
    assertThat(engine.compiles()).isEqualTo(2);
  }

  @Test
  void followerCompilesWhenItsTimeIsUp() throws Exception {
    build(CachePolicy.eager(), Patience.atMost(Duration.ofMillis(20)));
    holdFirstCompile();
    Thread leading = startLeader();
    assertCold(follower.compile(engine, source));
    assertThat(follower.stats().waited(Waited.TOO_LONG)).isEqualTo(1);
    goOn.countDown();
    leading.join();
    assertThat(engine.compiles()).isEqualTo(2);
  }

  @Test
  void impatientFollowerCompilesAtOnce() throws Exception {
    build(CachePolicy.eager(), Patience.none());
    holdFirstCompile();
    Thread leading = startLeader();
    assertCold(follower.compile(engine, source));
    assertThat(seen.count("waited")).isZero();
    goOn.countDown();
    leading.join();
  }

  @Test
  void interruptedFollowerCompilesAndKeepsItsFlag() throws Exception {
    holdFirstCompile();
    Thread leading = startLeader();
    boolean[] flag = new boolean[1];
    Thread following =
        new Thread(
            () -> {
              ofFollower.set(follower.compile(engine, source));
              flag[0] = Thread.currentThread().isInterrupted();
            });
    following.start();
    awaitParked(following);
    following.interrupt();
    following.join();
    assertThat(flag[0]).isTrue();
    assertCold(ofFollower.get());
    assertThat(follower.stats().waited(Waited.INTERRUPTED)).isEqualTo(1);
    String what = leader.keeper().what(key(source), null);
    assertThat(follower.store().lead(what, 0)).as("the leader leads on").isNull();
    goOn.countDown();
    leading.join();
  }

  private CodeKey key(Source of) {
    return new CodeKey("", of, Shape.SCRIPT, EngineFingerprint.compute(engine));
  }

  private Lead leadNow(Source of) throws IOException {
    leader.flush();
    return follower.store().lead(leader.keeper().what(key(of), null), 0);
  }

  @Test
  void leadEndsWithEveryEndOfACompile() throws IOException {
    Source error = source("!error");
    assertThatThrownBy(() -> leader.compile(engine, error)).isInstanceOf(CompileException.class);
    leadNow(error).close();
    engine.failSerialize(new IOException("planted"));
    assertCold(leader.compile(engine, source));
    leadNow(source).close();
    engine.failSerialize(null);
    Source other = source("other");
    leader.compile(engine, other);
    leadNow(other).close();
    leader.close();
    Source dropped = source("dropped");
    leader.compile(engine, dropped);
    assertThat(leader.stats().dropped()).isPositive();
    leadNow(dropped).close();
  }

  @Test
  void compileErrorOfTheLeaderIsNotTheFollowersAnswer() throws Exception {
    Source error = source("!error");
    Threads.run(
        2,
        index ->
            assertThatThrownBy(() -> (index == 0 ? leader : follower).compile(engine, error))
                .isInstanceOf(CompileException.class));
    assertThat(engine.compiles()).isEqualTo(2);
  }

  /** Each compiles what needs the other one's unit: whoever leads waits for nobody. */
  @Test
  void unitsThatLoadEachOtherDoNotBlockEachOther() throws Exception {
    Source[] sources = {source("one"), source("two")};
    CodeCache[] caches = {leader, follower};
    CountDownLatch both = new CountDownLatch(2);
    ThreadLocal<Integer> mine = new ThreadLocal<>();
    engine.whileCompiling(
        compiled -> {
          int index = mine.get();
          if (compiled.equals(sources[index])) {
            both.countDown();
            await(both);
            caches[index].compile(engine, sources[1 - index]);
          }
        });
    Threads.run(
        2,
        index -> {
          mine.set(index);
          checked(caches[index].compile(engine, sources[index]), sources[index]);
        });
    // Whoever is slower may find what the other one has stored meanwhile.
    assertThat(engine.compiles()).isBetween(3, 4);
    assertThat(seen.count("waited")).isZero();
  }

  @Test
  void brokenLockFileCostsAFaultAndNothingElse() throws Exception {
    Path locks = folder.resolve("v1/locks");
    Files.createDirectories(locks);
    assertRun(leader.compile(engine, source), Temperature.COLD, Origin.COMPILED);
    assertThat(seen.faults()).isNotEmpty();
  }
}
