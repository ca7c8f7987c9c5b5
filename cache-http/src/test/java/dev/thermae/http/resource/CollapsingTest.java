package dev.thermae.http.resource;

import static dev.thermae.http.resource.Fetched.Outcome.FRESH;
import static dev.thermae.http.resource.Fetched.Outcome.PASSED;
import static dev.thermae.http.resource.Fetched.Outcome.REVALIDATED;
import static dev.thermae.http.resource.Fetched.Outcome.STALE;
import static dev.thermae.http.resource.Fetched.Outcome.STORED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.Test;

/** Requests that come while one for the same resource is under way. */
class CollapsingTest extends LoaderFixture {
  private static final int MANY = 1_000;

  /** More than one read brings. */
  private static final String LATE = "late".repeat(1 << 20);

  private final CountDownLatch released = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private final List<FutureTask<Fetched>> loads = new ArrayList<>();

  private void start(int count, Callable<Fetched> load) {
    for (int i = 0; i < count; i++) {
      FutureTask<Fetched> task = new FutureTask<>(load);
      Thread thread = new Thread(null, task, "load-" + i, 256 << 10);
      loads.add(task);
      threads.add(thread);
      thread.start();
    }
  }

  private void start(int count, String path) {
    start(count, () -> loader.fetch(url(path)));
  }

  /** An answer that comes when {@link #released} says so. */
  private void holdBack(int status, String body, String... fields) {
    answer(
        request -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return response(status, body, fields);
        });
  }

  /** Lets the answer go once all threads but the one that asks are waiting for it. */
  private void releaseWhenAllWait() {
    await()
        .until(
            () ->
                requests.size() > 0
                    && threads.stream()
                            .filter(thread -> thread.getState() == Thread.State.WAITING)
                            .count()
                        >= threads.size() - 1);
    released.countDown();
  }

  private void all(Fetched.Outcome one, Fetched.Outcome others, String body) throws Exception {
    List<Fetched.Outcome> outcomes = new ArrayList<>();
    for (FutureTask<Fetched> load : loads) {
      Fetched fetched = load.get();
      outcomes.add(fetched.outcome());
      assertThat(new String(fetched.body(), StandardCharsets.UTF_8)).isEqualTo(body);
    }
    assertThat(outcomes).contains(one);
    outcomes.remove(one);
    assertThat(outcomes).containsOnly(others);
  }

  @Test
  void oneRequestGoesOutForManyLoadsOfWhatIsMissing() throws Exception {
    holdBack(200, "script", "Cache-Control: max-age=60");
    start(MANY, "/a.js");
    releaseWhenAllWait();
    all(STORED, FRESH, "script");
    assertThat(requests).hasSize(1);
  }

  @Test
  void oneRequestGoesOutForManyLoadsOfWhatIsStale() throws Exception {
    answer(200, "script", "Cache-Control: max-age=60", "ETag: \"1\"");
    get("/a.js").is(STORED);
    requests.clear();
    time.advanceSeconds(61);
    holdBack(304, "", "Cache-Control: max-age=60", "ETag: \"1\"");
    start(MANY, "/a.js");
    releaseWhenAllWait();
    all(REVALIDATED, FRESH, "script");
    assertThat(requests).hasSize(1);
  }

  @Test
  void noRequestGoesOutForManyLoadsOfWhatIsFresh() throws Exception {
    answer(200, "script", "Cache-Control: max-age=60");
    get("/a.js").is(STORED);
    start(MANY, "/a.js");
    all(FRESH, FRESH, "script");
    assertThat(requests).hasSize(1);
  }

  @Test
  void aStaleResponseStandsInForAllOfThem() throws Exception {
    answer(200, "script", "Cache-Control: max-age=60, stale-if-error=600");
    get("/a.js").is(STORED);
    requests.clear();
    time.advanceSeconds(61);
    holdBack(503, "overloaded");
    start(20, "/a.js");
    releaseWhenAllWait();
    all(STALE, STALE, "script");
    assertThat(requests).hasSize(1);
  }

  @Test
  void whatMustNotBeStoredIsNobodyElses() throws Exception {
    holdBack(200, "1", "Cache-Control: no-store");
    for (int i = 2; i <= 5; i++) {
      answer(200, "" + i, "Cache-Control: no-store");
    }
    start(5, "/a.js");
    releaseWhenAllWait();
    List<String> bodies = new ArrayList<>();
    for (FutureTask<Fetched> load : loads) {
      assertThat(load.get().outcome()).isEqualTo(PASSED);
      bodies.add(new String(load.get().body(), StandardCharsets.UTF_8));
    }
    assertThat(bodies).containsExactlyInAnyOrder("1", "2", "3", "4", "5");
  }

  /** What was not to be shared a moment ago is not waited for. */
  @Test
  void aResourceKnownForThatIsNotWaitedFor() throws Exception {
    answer(200, "0", "Cache-Control: no-store");
    get("/a.js").is(PASSED);
    for (int i = 0; i < 4; i++) {
      holdBack(200, "x", "Cache-Control: no-store");
    }
    start(4, "/a.js");
    await().until(() -> requests.size() == 5);
    released.countDown();
    all(PASSED, PASSED, "x");
  }

  /** Nothing was under way when it wanted to join, but when it had looked into the store. */
  @Test
  void anAnswerThatCameBetweenLookingAndAskingIsTaken() throws Exception {
    FaultyStore overtaken = new FaultyStore(store);
    store = overtaken;
    use(settings());
    answer(200, "a", "Cache-Control: max-age=60", "ETag: \"1\"");
    overtaken.overtakes = () -> fetch("/a.js");
    get("/a.js").is(FRESH).body("a").requests(1);

    time.advanceSeconds(61);
    answer(304, "", "Cache-Control: max-age=60");
    overtaken.overtakes = () -> fetch("/a.js");
    get("/a.js").is(FRESH).body("a").requests(2);
  }

  private void fetch(String path) {
    try {
      loader.fetch(url(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void variantsAreNotMixedUp() throws Exception {
    holdBack(200, "de", "Cache-Control: max-age=60", "Vary: Accept-Language");
    answer(200, "en", "Cache-Control: max-age=60", "Vary: Accept-Language");
    start(1, () -> loader.fetch(ResourceRequest.get(url("/a.js")).header("Accept-Language", "de")));
    await().until(() -> requests.size() == 1);
    start(5, () -> loader.fetch(ResourceRequest.get(url("/a.js")).header("Accept-Language", "en")));
    releaseWhenAllWait();
    assertThat(new String(loads.get(0).get().body(), StandardCharsets.UTF_8)).isEqualTo("de");
    for (FutureTask<Fetched> load : loads.subList(1, 6)) {
      assertThat(new String(load.get().body(), StandardCharsets.UTF_8)).isEqualTo("en");
    }
    assertThat(requests).hasSize(2);
  }

  @Test
  void aFailureIsEverybodysWithAMessageOfItsOwn() throws Exception {
    answer(
        request -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
        });
    start(20, "/a.js");
    releaseWhenAllWait();
    List<Throwable> failures = new ArrayList<>();
    for (FutureTask<Fetched> load : loads) {
      try {
        load.get();
      } catch (java.util.concurrent.ExecutionException e) {
        failures.add(e.getCause());
      }
    }
    assertThat(failures).hasSize(20).doesNotHaveDuplicates();
    assertThat(failures)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(FetchException.class)
                    .hasMessageStartingWith("GET " + url("/a.js") + ": "));
    assertThat(requests).hasSize(1);
  }

  @Test
  void whoIsInterruptedWhileWaitingFailsAloneAndKeepsTheFlag() throws Exception {
    holdBack(200, "script", "Cache-Control: max-age=60");
    start(1, "/a.js");
    await().until(() -> requests.size() == 1);
    List<Boolean> flags = new ArrayList<>();
    start(
        1,
        () -> {
          try {
            return loader.fetch(url("/a.js"));
          } catch (IOException e) {
            flags.add(Thread.currentThread().isInterrupted());
            throw e;
          }
        });
    start(3, "/a.js");
    await()
        .until(
            () ->
                threads.subList(1, 5).stream()
                    .allMatch(thread -> thread.getState() == Thread.State.WAITING));
    threads.get(1).interrupt();
    threads.get(1).join();
    released.countDown();
    assertThat(flags).containsExactly(true);
    for (int i : new int[] {0, 2, 3, 4}) {
      assertThat(loads.get(i).get().body()).isEqualTo("script".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(requests).hasSize(1);
  }

  @Test
  void whenTheOneThatAsksIsInterruptedTheOthersAskAgain() throws Exception {
    CountDownLatch late = new CountDownLatch(1);
    answer(
        request -> {
          try {
            late.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return response(200, LATE);
        });
    holdBack(200, "script", "Cache-Control: max-age=60");
    start(1, "/a.js");
    await().until(() -> requests.size() == 1);
    start(10, "/a.js");
    await()
        .until(
            () ->
                threads.subList(1, 11).stream()
                    .allMatch(thread -> thread.getState() == Thread.State.WAITING));
    threads.get(0).interrupt();
    late.countDown(); // who reads from a socket looks for interrupts between two reads
    threads.get(0).join();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(loads.get(0)::get)
        .withRootCauseInstanceOf(InterruptedIOException.class);
    await().until(() -> requests.size() == 2);
    released.countDown();
    for (FutureTask<Fetched> load : loads.subList(1, 11)) {
      assertThat(load.get().body()).isEqualTo("script".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(requests).hasSize(2);
  }
}
