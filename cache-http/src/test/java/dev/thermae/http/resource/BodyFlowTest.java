package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Seal;
import dev.thermae.disk.DiskOptions;
import dev.thermae.disk.DiskStore;
import dev.thermae.http.resource.BodyFlow.Reading;
import dev.thermae.http.resource.BodyFlow.State;
import dev.thermae.http.resource.Fetched.Outcome;
import dev.thermae.store.BodyReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect.ShutdownConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies too long to be held: they pass through, and are stored on the way where they may be. */
class BodyFlowTest extends LoaderFixture {
  private static final int PIECE = BodyReader.PIECE;
  private static final byte[] BODY = new byte[10 * PIECE + 321];
  private static final String FRESH = "Cache-Control: max-age=100";

  static {
    new Random(3).nextBytes(BODY);
  }

  @TempDir Path folder;
  private int expectedFaults;

  @Override
  int expectedFaults() {
    return expectedFaults;
  }

  @BeforeEach
  void openStore() throws IOException {
    use(1 << 20);
  }

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    store.close();
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(file -> file.toString().endsWith(".t"))).isEmpty();
    }
  }

  private void use(long maximum) throws IOException {
    use(maximum, DiskOptions.DEFAULTS);
  }

  private void use(long maximum, DiskOptions options) throws IOException {
    store.close();
    store = DiskStore.open(folder, Seal.checksum(), counters, time, options);
    use(settings().streamFrom(PIECE).maximumBytes(maximum));
  }

  /** A body whose origin waits for a permit before each piece after the first three. */
  private static MockResponse slow(byte[] body, boolean announced, Semaphore permits, int end) {
    MockResponse.Builder builder = new MockResponse.Builder().code(200);
    builder.body(
        new mockwebserver3.MockResponseBody() {
          @Override
          public long getContentLength() {
            return announced ? body.length : -1;
          }

          @Override
          public void writeTo(okio.BufferedSink sink) throws IOException {
            for (int at = 0; at < end; at += PIECE) {
              if (at >= 3 * PIECE) {
                permits.acquireUninterruptibly();
              }
              sink.write(body, at, Math.min(PIECE, end - at));
              sink.flush();
            }
          }
        });
    if (announced) {
      builder.setHeader("Content-Length", body.length);
    } else {
      builder
          .removeHeader("Content-Length")
          .setHeader("Connection", "close")
          .onResponseEnd(ShutdownConnection.INSTANCE);
    }
    return builder.addHeader("Cache-Control", "max-age=100").build();
  }

  /** Reads all that a reader gets; null where that is not all. */
  private static byte @Nullable [] all(Reading reading) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (State state = reading.state(); state != State.END; state = reading.state()) {
      if (state == State.FAILED) {
        return null;
      } else if (state == State.LATER) {
        CountDownLatch more = new CountDownLatch(1);
        reading.whenMore(more::countDown);
        assertThat(more.await(20, TimeUnit.SECONDS)).isTrue();
      } else {
        write(reading.next(), bytes);
      }
    }
    return bytes.toByteArray();
  }

  /** A reader that has begun when this returns. */
  private static CompletableFuture<byte @Nullable []> reading(BodyFlow flow, long from, long to)
      throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<byte @Nullable []> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try (Reading reading = flow.open(from, to)) {
                begun.countDown();
                result.complete(all(reading));
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    return result;
  }

  private static byte @Nullable [] get(CompletableFuture<byte @Nullable []> result)
      throws Exception {
    return result.get(20, TimeUnit.SECONDS);
  }

  private static byte[] read(BodyReader reader) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (long at = 0; at < reader.length(); ) {
      ByteBuffer piece = reader.at(at);
      at += piece.remaining();
      write(piece, bytes);
    }
    return bytes.toByteArray();
  }

  private static void write(ByteBuffer piece, ByteArrayOutputStream bytes) {
    while (piece.hasRemaining()) {
      bytes.write(piece.get());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isReadWhileItIsStoredAndOnceOnly(boolean announced) throws Exception {
    Semaphore permits = new Semaphore(0);
    answer(request -> slow(BODY, announced, permits, BODY.length));
    Fetched first = loader.fetch(url("/large"));
    BodyFlow flow = first.flow();
    assertThat(flow.length()).isEqualTo(announced ? BODY.length : -1);
    assertThat(first.outcome()).isEqualTo(Outcome.STORED);
    CompletableFuture<byte @Nullable []> one = reading(flow, 0, Long.MAX_VALUE);
    CompletableFuture<Void> brought = CompletableFuture.runAsync(flow::bring);
    Fetched second = loader.fetch(url("/large"));
    assertThat(second.outcome()).isEqualTo(Outcome.FRESH);
    assertThat(second.flow()).isSameAs(flow);
    CompletableFuture<byte @Nullable []> other = reading(flow, 0, Long.MAX_VALUE);
    CompletableFuture<byte @Nullable []> part = reading(flow, 5, 2 * PIECE + 7);
    assertThat(get(part)).isEqualTo(Arrays.copyOfRange(BODY, 5, 2 * PIECE + 7));
    assertThat(one).isNotDone();
    second.flow().bring(); // somebody does already
    permits.release(100);
    assertThat(get(one)).isEqualTo(BODY);
    assertThat(get(other)).isEqualTo(BODY);
    brought.get(20, TimeUnit.SECONDS);
    assertThat(flow.length()).isEqualTo(BODY.length);

    Fetched third = loader.fetch(ResourceRequest.get(url("/large")).withLazyBody());
    assertThat(third.outcome()).isEqualTo(Outcome.FRESH);
    assertThat(third.flow()).isNull();
    try (BodyReader reader = third.entry().reader()) {
      assertThat(read(reader)).isEqualTo(BODY);
    }
    assertThat(requests).hasSize(1);
  }

  @Test
  void whatIsShortIsHeldAsEver() throws Exception {
    answer(200, "short", FRESH);
    get("/short").is(Outcome.STORED).body("short");
  }

  @Test
  void whatIsCutShortFailsForAllAndIsNotStored() throws Exception {
    Semaphore permits = new Semaphore(0);
    answer(request -> slow(BODY, true, permits, 5 * PIECE));
    Fetched first = loader.fetch(url("/large"));
    CompletableFuture<byte @Nullable []> one = reading(first.flow(), 0, Long.MAX_VALUE);
    CompletableFuture<byte @Nullable []> part = reading(first.flow(), PIECE, 2 * PIECE);
    permits.release(100);
    first.flow().bring();
    assertThat(get(one)).isNull();
    assertThat(get(part)).as("was there in time").hasSize(PIECE);
    assertThat(first.flow().open(0, 10)).as("too late").isNull();
    answer(200, "short", FRESH);
    get("/large").is(Outcome.STORED).body("short").requests(2);
  }

  @Test
  void aStoreThatIsFullLosesNobodyWhoCameFirst() throws Exception {
    use(1 << 20, DiskOptions.DEFAULTS.maximumBytes(5L * PIECE));
    Semaphore permits = new Semaphore(0);
    answer(request -> slow(BODY, false, permits, BODY.length));
    Fetched first = loader.fetch(url("/large"));
    CompletableFuture<byte @Nullable []> one = reading(first.flow(), 0, Long.MAX_VALUE);
    CompletableFuture<byte @Nullable []> other = reading(first.flow(), 0, Long.MAX_VALUE);
    permits.release(100);
    first.flow().bring();
    assertThat(get(one)).isEqualTo(BODY);
    assertThat(get(other)).isNull();
    assertThat(counters.snapshot().dropped()).isEqualTo(1);
    assertThat(store.find(loader.key(url("/large")), null)).isNull();
  }

  @Test
  void aStoreThatFailsAtTheEndLosesNobodyWhoCameFirst() throws Exception {
    FaultyStore faulty = new FaultyStore(store);
    use(settings().streamFrom(PIECE));
    ResourceLoader failing =
        newLoader(ResourceLoader.builder(faulty).time(time).counters(counters).streamFrom(PIECE));
    answer(request -> slow(BODY, true, new Semaphore(100), BODY.length));
    Fetched first = failing.fetch(url("/large"));
    faulty.writesFail = true;
    expectedFaults = 1;
    CompletableFuture<byte @Nullable []> one = reading(first.flow(), 0, Long.MAX_VALUE);
    first.flow().bring();
    assertThat(get(one)).isEqualTo(BODY);
  }

  @Test
  void whatExceedsTheLimitPasses() throws Exception {
    use(4L * PIECE);
    for (boolean announced : new boolean[] {true, false}) {
      answer(request -> slow(BODY, announced, new Semaphore(100), BODY.length));
      Fetched fetched = loader.fetch(url("/large"));
      CompletableFuture<byte @Nullable []> one = reading(fetched.flow(), 0, Long.MAX_VALUE);
      fetched.flow().bring();
      assertThat(get(one)).isEqualTo(BODY);
      assertThat(store.find(loader.key(url("/large")), null)).isNull();
    }
    assertThat(counters.snapshot().dropped()).isEqualTo(2);
  }

  @Test
  void whatMayNotBeStoredPassesToOneAtItsPace() throws Exception {
    byte[] body = new byte[64 * PIECE];
    new Random(5).nextBytes(body);
    answer(request -> response(200, body, "Cache-Control: no-store"));
    Fetched fetched = loader.fetch(url("/private"));
    assertThat(fetched.outcome()).isEqualTo(Outcome.PASSED);
    BodyFlow flow = fetched.flow();
    try (Reading reading = flow.open(10, Long.MAX_VALUE)) {
      assertThat(flow.open(0, 1)).as("for one alone").isNull();
      CompletableFuture<Void> brought = CompletableFuture.runAsync(flow::bring);
      byte[] all = all(reading);
      assertThat(all).isEqualTo(Arrays.copyOfRange(body, 10, body.length));
      brought.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatNobodyReadsIsNotBrought() throws Exception {
    Semaphore permits = new Semaphore(0);
    answer(
        request ->
            slow(BODY, true, permits, BODY.length)
                .newBuilder()
                .setHeader("Cache-Control", "no-store")
                .build());
    Fetched fetched = loader.fetch(url("/private"));
    fetched.flow().bring();
    assertThat(fetched.flow().open(0, 1)).isNull();
    permits.release(100);
  }

  @Test
  void whoLeavesDoesNotKeepItFromBeingStored() throws Exception {
    answer(request -> slow(BODY, true, new Semaphore(100), BODY.length));
    Fetched fetched = loader.fetch(url("/large"));
    fetched.flow().open(0, Long.MAX_VALUE).close();
    fetched.flow().bring();
    get("/large").is(Outcome.FRESH).requests(1);
    assertThat(loader.fetch(url("/large")).body()).isEqualTo(BODY);
  }

  @Test
  void aValidationKeepsIt() throws Exception {
    answer(
        request ->
            slow(BODY, true, new Semaphore(100), BODY.length)
                .newBuilder()
                .addHeader("ETag", "\"1\"")
                .build());
    loader.fetch(url("/large")).flow().bring();
    time.advance(200_000);
    answer(304, "", FRESH, "ETag: \"1\"");
    get("/large").is(Outcome.REVALIDATED);
    assertThat(loader.fetch(url("/large")).body()).isEqualTo(BODY);
  }

  @Test
  void aPurgeMeanwhileCounts() throws Exception {
    Semaphore permits = new Semaphore(0);
    answer(request -> slow(BODY, true, permits, BODY.length));
    Fetched fetched = loader.fetch(url("/large"));
    CompletableFuture<byte @Nullable []> one = reading(fetched.flow(), 0, Long.MAX_VALUE);
    CompletableFuture<Void> brought = CompletableFuture.runAsync(fetched.flow()::bring);
    loader.invalidate(url("/large"));
    permits.release(100);
    assertThat(get(one)).isEqualTo(BODY);
    brought.get(20, TimeUnit.SECONDS);
    assertThat(store.find(loader.key(url("/large")), null)).isNull();
  }
}
