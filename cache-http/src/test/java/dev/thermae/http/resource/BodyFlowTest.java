package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.thermae.code.Seal;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskOptions;
import dev.thermae.disk.DiskStore;
import dev.thermae.http.resource.Fetched.Outcome;
import dev.thermae.store.BodyReader;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect.ShutdownConnection;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
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
    use(settings().maximumBytes(maximum));
  }

  /** The response of a loader, its body not held where it is long. */
  private static Fetched fetch(ResourceLoader from, String url) throws IOException {
    return from.fetch(ResourceRequest.get(url).streamFrom(PIECE));
  }

  private Fetched large(String path) throws IOException {
    return fetch(loader, url(path));
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
      if (end < body.length) {
        builder.onResponseEnd(ShutdownConnection.INSTANCE);
      }
    } else {
      builder
          .removeHeader("Content-Length")
          .setHeader("Connection", "close")
          .onResponseEnd(ShutdownConnection.INSTANCE);
    }
    return builder.addHeader("Cache-Control", "max-age=100").build();
  }

  /** Reads all that a reader gets; null where that is not all. */
  private static byte @Nullable [] all(Pieces pieces) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      for (ByteBuffer piece = pieces.next(); piece != null; piece = pieces.next()) {
        if (piece.hasRemaining()) {
          write(piece, bytes);
        } else {
          CountDownLatch more = new CountDownLatch(1);
          pieces.whenMore(more::countDown);
          assertThat(more.await(20, TimeUnit.SECONDS)).isTrue();
        }
      }
      return bytes.toByteArray();
    } catch (IOException cut) {
      return null;
    }
  }

  /** A reader that has begun when this returns. */
  private static CompletableFuture<byte @Nullable []> reading(BodyFlow flow, long from, long to)
      throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<byte @Nullable []> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try (Pieces reading = flow.open(from, to)) {
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
    Fetched first = large("/large");
    BodyFlow flow = first.flow();
    assertThat(flow.length()).isEqualTo(announced ? BODY.length : -1);
    assertThat(first.outcome()).isEqualTo(Outcome.STORED);
    CompletableFuture<byte @Nullable []> one = reading(flow, 0, Long.MAX_VALUE);
    CompletableFuture<Void> brought = CompletableFuture.runAsync(flow::bring);
    Fetched second = large("/large");
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

    Fetched third = large("/large");
    assertThat(third.outcome()).isEqualTo(Outcome.FRESH);
    assertThat(third.flow()).isNull();
    try (Pieces pieces = LongBody.of(third).open(0, Long.MAX_VALUE)) {
      assertThat(all(pieces)).isEqualTo(BODY);
    }
    try (Pieces pieces = LongBody.of(third).open(3 * PIECE - 2, 5 * PIECE + 3)) {
      assertThat(all(pieces)).isEqualTo(Arrays.copyOfRange(BODY, 3 * PIECE - 2, 5 * PIECE + 3));
    }
    EntryHead head = third.entry().head();
    assertThat(head.charset()).isEqualTo("UTF-8");
    assertThat(head.sourceHash()).isEqualTo(Source.hash(StandardCharsets.UTF_8, BODY));
    assertThat(requests).hasSize(1);
  }

  /** As a client's connection does whose writes end at once: on the thread that brings the body. */
  @Test
  void whoIsWokenReadsOn() throws Exception {
    answer(request -> slow(BODY, true, new Semaphore(100), BODY.length));
    Fetched fetched = large("/large");
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    Pieces pieces = fetched.flow().open(0, Long.MAX_VALUE);
    drain(pieces, read);
    fetched.flow().bring();
    assertThat(read.toByteArray()).isEqualTo(BODY);
  }

  private static void drain(Pieces pieces, ByteArrayOutputStream into) {
    try {
      for (ByteBuffer piece = pieces.next(); piece != null; piece = pieces.next()) {
        if (!piece.hasRemaining()) {
          pieces.whenMore(() -> drain(pieces, into));
          return;
        }
        write(piece, into);
      }
      pieces.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whoAsksTooLateToBeWokenIsToldAtOnce() throws Exception {
    answer(request -> slow(BODY, true, new Semaphore(100), BODY.length));
    Fetched fetched = large("/large");
    try (Pieces pieces = fetched.flow().open(0, Long.MAX_VALUE)) {
      assertThat(pieces.next().hasRemaining()).isFalse();
      fetched.flow().bring();
      AtomicBoolean told = new AtomicBoolean();
      pieces.whenMore(() -> told.set(true));
      assertThat(told).isTrue();
      assertThat(all(pieces)).isEqualTo(BODY);
    }
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
    Fetched first = large("/large");
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
    Fetched first = large("/large");
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
  void aStoreThatFailsAtTheEndLosesNobody() throws Exception {
    FaultyStore faulty = new FaultyStore(store);
    ResourceLoader failing =
        newLoader(ResourceLoader.builder(faulty).time(time).counters(counters));
    answer(request -> slow(BODY, true, new Semaphore(100), BODY.length));
    Fetched first = fetch(failing, url("/large"));
    faulty.writesFail = true;
    expectedFaults = 1;
    CompletableFuture<byte @Nullable []> one = reading(first.flow(), 0, Long.MAX_VALUE);
    CompletableFuture<byte @Nullable []> other = reading(first.flow(), 7, Long.MAX_VALUE);
    first.flow().bring();
    assertThat(get(one)).isEqualTo(BODY);
    assertThat(get(other)).isEqualTo(Arrays.copyOfRange(BODY, 7, BODY.length));
  }

  @Test
  void whatExceedsTheLimitPasses() throws Exception {
    use(4L * PIECE);
    for (boolean announced : new boolean[] {true, false}) {
      answer(request -> slow(BODY, announced, new Semaphore(100), BODY.length));
      Fetched fetched = large("/large");
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
    Fetched fetched = large("/private");
    assertThat(fetched.outcome()).isEqualTo(Outcome.PASSED);
    BodyFlow flow = fetched.flow();
    try (Pieces pieces = flow.open(10, Long.MAX_VALUE)) {
      assertThat(flow.open(0, 1)).as("for one alone").isNull();
      flow.bring(); // nobody waits for whoever reads
      assertThat(pieces.isWaiting()).isTrue();
      assertThat(all(pieces)).isEqualTo(Arrays.copyOfRange(body, 10, body.length));
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
    Fetched fetched = large("/private");
    fetched.flow().bring();
    assertThat(fetched.flow().open(0, 1)).isNull();
    permits.release(100);
  }

  @Test
  void whoLeavesDoesNotKeepItFromBeingStored() throws Exception {
    answer(request -> slow(BODY, true, new Semaphore(100), BODY.length));
    Fetched fetched = large("/large");
    fetched.flow().open(0, Long.MAX_VALUE).close();
    fetched.flow().bring();
    get("/large").is(Outcome.FRESH).requests(1);
    assertThat(loader.fetch(url("/large")).body()).isEqualTo(BODY);
  }

  /** A client that asks for much and leaves does not keep us busy. */
  @Test
  void whatNobodyReadsToItsEndIsNotBroughtUnlessItIsNearlyThere() throws Exception {
    use(64L << 20);
    byte[] body = new byte[20 << 20];
    answer(request -> slow(body, true, new Semaphore(1_000), body.length));
    Fetched fetched = large("/large");
    Pieces pieces = fetched.flow().open(0, Long.MAX_VALUE);
    assertThat(fetched.flow().length()).isEqualTo(body.length);
    pieces.close();
    fetched.flow().bring();
    assertThat(fetched.flow().open(0, 1)).isNull();
    answer(200, "short", FRESH);
    get("/large").is(Outcome.STORED).body("short").requests(2);
  }

  /** Library users get whole bodies, and wait for nobody's flow. */
  @Test
  void whoDidNotAskForThatGetsWholeBodies() throws Exception {
    Semaphore permits = new Semaphore(0);
    answer(request -> slow(BODY, true, permits, BODY.length));
    answer(request -> response(200, BODY, FRESH));
    BodyFlow flow = large("/large").flow();
    assertThat(loader.fetch(url("/large")).body()).isEqualTo(BODY);
    permits.release(100);
    flow.bring();
    assertThat(requests).hasSize(2);
  }

  @Test
  void theTextOfWhatPassesInGzipIsKnown() throws Exception {
    byte[] text = ("\ufeff" + "var x = 'ä';\n".repeat(30_000)).getBytes(StandardCharsets.UTF_16LE);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(text);
    }
    answer(request -> response(200, packed.toByteArray(), FRESH, "Content-Encoding: gzip"));
    Fetched fetched = loader.fetch(ResourceRequest.get(url("/text")).streamFrom(100));
    try (Pieces pieces = LongBody.of(fetched).gunzipped().open(0, Long.MAX_VALUE)) {
      fetched.flow().bring();
      assertThat(all(pieces)).isEqualTo(text);
    }
    Fetched stored = loader.fetch(url("/text"));
    assertThat(stored.entry().head().charset()).isEqualTo("UTF-16LE");
    Source source = stored.source();
    assertThat(source.charset()).isEqualTo(StandardCharsets.UTF_16LE);
    assertThat(source.hash()).isEqualTo(Source.hash(StandardCharsets.UTF_16LE, text));
  }

  @Test
  void aRevalidationBehindTheCallerBringsItWhole() throws Exception {
    String stale = "Cache-Control: max-age=1, stale-while-revalidate=100";
    use(settings().executor(Runnable::run));
    answer(request -> response(200, BODY, stale));
    large("/large").flow().bring();
    time.advance(2_000);
    byte[] news = new byte[20 << 20];
    answer(request -> response(200, news, FRESH));
    assertThat(large("/large").outcome()).isEqualTo(Outcome.STALE);
    assertThat(loader.fetch(url("/large")).body()).isEqualTo(news);
  }

  @Test
  void aValidationKeepsIt() throws Exception {
    answer(
        request ->
            slow(BODY, true, new Semaphore(100), BODY.length)
                .newBuilder()
                .addHeader("ETag", "\"1\"")
                .build());
    large("/large").flow().bring();
    time.advance(200_000);
    answer(304, "", FRESH, "ETag: \"1\"");
    get("/large").is(Outcome.REVALIDATED);
    assertThat(loader.fetch(url("/large")).body()).isEqualTo(BODY);
  }

  @Test
  void aPurgeMeanwhileCounts() throws Exception {
    Semaphore permits = new Semaphore(0);
    answer(request -> slow(BODY, true, permits, BODY.length));
    Fetched fetched = large("/large");
    CompletableFuture<byte @Nullable []> one = reading(fetched.flow(), 0, Long.MAX_VALUE);
    CompletableFuture<Void> brought = CompletableFuture.runAsync(fetched.flow()::bring);
    loader.invalidate(url("/large"));
    answer(200, "short", FRESH);
    assertThat(large("/large").flow()).as("for those who asked before").isNull();
    loader.invalidate(url("/large"));
    permits.release(100);
    assertThat(get(one)).isEqualTo(BODY);
    brought.get(20, TimeUnit.SECONDS);
    assertThat(store.find(loader.key(url("/large")), null)).isNull();
  }

  /** What becomes of a body in a store that ends as it is told to. */
  private static class Ending implements BodyFlow.Keeping {
    private final NewBody body;
    private final Runnable atWrite;
    private boolean given;

    Ending(NewBody body, Runnable atWrite) {
      this.body = body;
      this.atWrite = atWrite;
    }

    @Override
    public void write(byte[] piece, int count) throws IOException {
      atWrite.run();
      body.write(piece, 0, count);
    }

    @Override
    public void whole(long length) throws IOException {
      body.close();
    }

    @Override
    public void given(@Nullable IOException reason) {
      given = true;
      try {
        body.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Arriving arriving(byte[] bytes, AtomicBoolean closed) {
    Call call = new OkHttpClient().newCall(new Request.Builder().url("http://a.test").build());
    return new Arriving(
        new ByteArrayInputStream(bytes),
        bytes.length,
        () -> closed.set(true),
        new CallLimit(call, 0));
  }

  @Test
  void wantOfMemoryIsAnEndForAll() throws Exception {
    NewBody body = store.newBody("k");
    AtomicBoolean closed = new AtomicBoolean();
    Ending ending =
        new Ending(
            body,
            () -> {
              throw new OutOfMemoryError("planned");
            });
    BodyFlow flow = new BodyFlow(arriving(BODY, closed), body, ending, () -> 0);
    try (Pieces pieces = flow.open(0, Long.MAX_VALUE)) {
      assertThat(pieces.next().remaining()).isZero();
      AtomicBoolean told = new AtomicBoolean();
      pieces.whenMore(() -> told.set(true));

      assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(flow::bring);

      assertThat(told).isTrue();
      assertThatIOException().isThrownBy(pieces::next);
    }
    assertThat(ending.given).isTrue();
    assertThat(closed).isTrue();
    assertThat(flow.open(0, 1)).isNull();
  }

  /** A revalidation reads nothing; who came after it is the first of those who do. */
  @Test
  void whoReadsNothingInheritsNothing() throws Exception {
    NewBody body = store.newBody("k");
    AtomicInteger pieces = new AtomicInteger();
    Ending ending =
        new Ending(
            body,
            () -> {
              if (pieces.incrementAndGet() == 3) {
                throw new UncheckedIOException(new IOException("planned"));
              }
            }) {
          @Override
          public void write(byte[] piece, int count) throws IOException {
            try {
              super.write(piece, count);
            } catch (UncheckedIOException e) {
              throw e.getCause();
            }
          }
        };
    BodyFlow flow = new BodyFlow(arriving(BODY, new AtomicBoolean()), body, ending, () -> 0);
    try (Pieces interest = flow.open(0, 0);
        Pieces reader = flow.open(0, Long.MAX_VALUE)) {
      flow.bring();
      assertThat(interest).isNotNull();
      assertThat(all(reader)).isEqualTo(BODY);
    }
  }

  /** An origin that takes its time holds nobody for hours when all have left. */
  @Test
  void whatIsNearlyThereIsGivenAMinute() throws Exception {
    AtomicLong clock = new AtomicLong();
    AtomicInteger written = new AtomicInteger();
    NewBody body = store.newBody("k");
    Ending ending =
        new Ending(
            body,
            () -> {
              written.incrementAndGet();
              clock.addAndGet(TimeUnit.SECONDS.toNanos(25));
            });
    BodyFlow flow = new BodyFlow(arriving(BODY, new AtomicBoolean()), body, ending, clock::get);

    flow.bring();

    assertThat(written).hasValue(4);
    assertThat(flow.isWhole()).isFalse();
    assertThat(ending.given).isTrue();
  }
}
