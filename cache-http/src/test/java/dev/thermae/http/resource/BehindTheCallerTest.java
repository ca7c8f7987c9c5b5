package dev.thermae.http.resource;

import static dev.thermae.http.resource.Fetched.Outcome.FRESH;
import static dev.thermae.http.resource.Fetched.Outcome.PASSED;
import static dev.thermae.http.resource.Fetched.Outcome.STALE;
import static dev.thermae.http.resource.Fetched.Outcome.STORED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What spares the caller a wait: stale-while-revalidate, remembered failures, retries, limits. */
class BehindTheCallerTest extends LoaderFixture {
  private static final String SWR = "Cache-Control: max-age=60, stale-while-revalidate=30";

  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private int faultsExpected;

  @Override
  int expectedFaults() {
    return faultsExpected;
  }

  @Override
  ResourceLoaderBuilder settings() {
    return super.settings().executor(task -> queue.add(task));
  }

  private void useQueue() {
    use(settings());
  }

  private void runQueued(int count) {
    assertThat(queue).hasSize(count);
    while (!queue.isEmpty()) {
      queue.remove().run();
    }
  }

  private static MockResponse cut() {
    return new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
  }

  /** RFC 5861 section 3. */
  @ParameterizedTest
  @ValueSource(ints = {60, 89})
  void aStaleResponseIsServedWhileItIsRevalidated(int age) throws IOException {
    useQueue();
    answer(200, "script", SWR, "ETag: \"1\"");
    Object generation = get("/a").is(STORED).generation();
    time.advanceSeconds(age);
    get("/a").is(STALE).body("script").ageSeconds(age).requests(1);
    answer(304, "", SWR, "ETag: \"1\"");
    runQueued(1);
    assertThat(lastRequest().getHeaders().get("If-None-Match")).isEqualTo("\"1\"");
    assertThat(get("/a").is(FRESH).ageSeconds(0).requests(2).generation()).isEqualTo(generation);
  }

  @Test
  void anotherBodyThatItBringsIsServedNext() throws IOException {
    useQueue();
    answer(200, "old", SWR);
    get("/a").is(STORED);
    time.advanceSeconds(70);
    get("/a").is(STALE).body("old");
    answer(200, "new", SWR);
    runQueued(1);
    get("/a").is(FRESH).body("new");
  }

  /** RFC 9111 section 4.2.4, RFC 5861 section 3: what forbids stale responses forbids this, too. */
  @ParameterizedTest
  @CsvSource({
    "'max-age=60, stale-while-revalidate=30', '', 90",
    "'max-age=60, stale-while-revalidate=0', '', 60",
    "'max-age=60, stale-while-revalidate=x', '', 60",
    "'max-age=60', '', 60",
    "'max-age=60, stale-while-revalidate=30, must-revalidate', '', 61",
    "'max-age=60, stale-while-revalidate=30, no-cache', '', 61",
    "'max-age=60, stale-while-revalidate=30', 'no-cache', 61",
    "'max-age=60, stale-while-revalidate=30', 'max-age=60', 61",
    "'max-age=60, stale-while-revalidate=30', 'min-fresh=1', 61",
  })
  void otherwiseTheCallerWaits(String stored, String asked, int age) throws IOException {
    useQueue();
    answer(200, "old", "Cache-Control: " + stored);
    get("/a").is(STORED);
    time.advanceSeconds(age);
    answer(200, "new", "Cache-Control: max-age=60");
    (asked.isEmpty() ? get("/a") : get("/a", "Cache-Control: " + asked)).is(STORED).body("new");
    assertThat(queue).isEmpty();
  }

  @Test
  void aRevalidationThatFailsIsCountedAndNotRepeatedAtOnce() throws IOException {
    useQueue();
    faultsExpected = 1;
    answer(200, "script", SWR + ", stale-if-error=0");
    get("/a").is(STORED);
    time.advanceSeconds(61);
    use(settings().staleWhenDisconnected(Duration.ZERO));
    answer(request -> cut());
    get("/a").is(STALE);
    runQueued(1);
    get("/a").is(STALE);
    assertThat(queue).isEmpty();
    time.advanceSeconds(6);
    get("/a").is(STALE);
    answer(200, "new", SWR);
    runQueued(1);
    get("/a").is(FRESH).body("new");
  }

  @Test
  void anExecutorThatIsFullCostsNobodyAnything() throws IOException {
    use(
        super.settings()
            .executor(
                task -> {
                  throw new RejectedExecutionException("full");
                }));
    answer(200, "script", SWR);
    get("/a").is(STORED);
    time.advanceSeconds(61);
    get("/a").is(STALE).body("script");
    assertThat(counters.snapshot().dropped()).isEqualTo(1);
  }

  @Test
  void ownThreadsDoItUnlessTold() throws IOException {
    use(super.settings());
    use(ResourceLoader.builder(store).time(time).counters(counters));
    answer(200, "old", SWR);
    get("/a").is(STORED);
    time.advanceSeconds(61);
    answer(200, "new", SWR);
    get("/a").is(STALE).body("old");
    await().until(() -> loader.fetch(url("/a")).outcome() == FRESH);
    get("/a").body("new").requests(2);
  }

  @Test
  void aFailureToConnectIsRememberedWhenAskedFor() throws IOException {
    use(settings().rememberFailures(Duration.ofSeconds(10)));
    answer(request -> cut());
    assertThat(fails("/a")).hasMessageStartingWith("GET " + url("/a") + ": ");
    assertThat(fails("/a")).hasMessageStartingWith("GET " + url("/a") + ": ");
    assertThat(requests).hasSize(1);
    time.advanceSeconds(10);
    answer(200, "back");
    get("/a").body("back").requests(2);
  }

  @Test
  void aFailureIsNotRememberedUnlessAskedFor() throws IOException {
    answer(request -> cut());
    answer(200, "back");
    assertThat(fails("/a")).isNotNull();
    get("/a").body("back").requests(2);
  }

  /** RFC 9111 section 4.2.2: statuses that are heuristically cacheable. */
  @ParameterizedTest
  @CsvSource({
    "404, '', true",
    "410, '', true",
    "501, '', true",
    "405, '', true",
    "414, '', true",
    "403, '', false",
    "500, '', false",
    "404, 'max-age=0', false",
    "404, 'no-store', false",
  })
  void errorsThatSayNothingHoldForTheSameTime(int status, String said, boolean kept)
      throws IOException {
    use(settings().rememberFailures(Duration.ofSeconds(10)));
    answer(status, "gone", "Cache-Control: " + said);
    get("/a").status(status).is(kept ? STORED : PASSED);
    if (kept) {
      time.advanceSeconds(9);
      get("/a").is(FRESH).status(status);
      time.advanceSeconds(1);
    }
    answer(200, "there");
    get("/a").body("there").requests(2);
  }

  @Test
  void theNetworkIsTriedAgainWhenAskedFor() throws IOException {
    use(settings().retries(2, Duration.ofMillis(1)));
    answer(request -> cut());
    answer(request -> cut());
    answer(200, "third");
    get("/a").body("third").requests(3);
    answer(503, "answers are never repeated");
    get("/b").status(503).requests(4);
    // OkHttp itself leaves kept connections and addresses that fail for others: at least ours.
    for (int i = 0; i < 20; i++) {
      answer(request -> cut());
    }
    assertThat(fails("/c")).isNotNull();
    assertThat(requests).hasSizeGreaterThanOrEqualTo(7);
    script.clear();
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings().retries(-1, Duration.ofMillis(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> settings().retries(1, Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> settings().maximumPerOrigin(0));
  }

  @Test
  void onlySoManyRequestsGoToAnOriginAtOnce() throws Exception {
    use(settings().maximumPerOrigin(2));
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch released = new CountDownLatch(1);
    List<FutureTask<Fetched>> loads = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String path = "/" + i;
      answer(
          request -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
              released.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            now.decrementAndGet();
            return response(200, "x");
          });
      FutureTask<Fetched> load = new FutureTask<>(() -> loader.fetch(url(path)));
      loads.add(load);
      Thread thread = new Thread(load);
      threads.add(thread);
      thread.start();
    }
    await()
        .until(
            () ->
                threads.stream()
                        .filter(thread -> thread.getState() == Thread.State.TIMED_WAITING)
                        .count()
                    >= 4);
    await().until(() -> requests.size() == 2);
    released.countDown();
    for (FutureTask<Fetched> load : loads) {
      assertThat(load.get().status()).isEqualTo(200);
    }
    assertThat(most).hasValue(2);
  }

  @Test
  void aTurnIsNotWaitedForLongerThanARequestMayTake() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    try (PerOrigin limited = new PerOrigin(held(asked, released), 1, 20)) {
      FutureTask<Answer> first =
          new FutureTask<>(() -> limited.send("GET", "http://a.example/1", HeaderList.EMPTY));
      new Thread(first).start();
      asked.await();
      assertThatThrownBy(() -> limited.send("GET", "http://a.example/2", HeaderList.EMPTY))
          .isInstanceOf(FetchException.class)
          .hasMessage(
              "GET http://a.example/2: still 1 requests under way to http://a.example after 20 ms");
      released.countDown();
      assertThat(limited.send("GET", "http://b.example/", HeaderList.EMPTY).status())
          .isEqualTo(200);
      assertThat(first.get().status()).isEqualTo(200);
      assertThat(limited.send("GET", "http://a.example/2", HeaderList.EMPTY).status())
          .isEqualTo(200);
    }
  }

  private static Transport held(CountDownLatch asked, CountDownLatch released) {
    return new Transport() {
      @Override
      public Answer send(String method, String url, HeaderList fields, long streamFrom)
          throws IOException {
        asked.countDown();
        try {
          released.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        Metadata metadata = new Metadata(200, "", HeaderList.EMPTY);
        return new Answer(metadata, "HTTP/1.1", HeaderList.EMPTY, 0, new byte[0], true);
      }

      @Override
      public void close() {}
    };
  }
}
