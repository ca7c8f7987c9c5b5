package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.code.Seal;
import dev.thermae.disk.DiskStore;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.store.BodyReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.SocketEffect.ShutdownConnection;
import okio.BufferedSink;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are not held: they go out while they come, from the origin or the folder. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@Tag("once")
class LongBodiesTest extends ProxyFixture {
  private static final int PIECE = BodyReader.PIECE;
  private static final int LONGEST = 16 << 20;
  private static final byte[] BODY = new byte[20 * PIECE + 321];
  private static final String[] FRESH = {"Cache-Control: max-age=600", "ETag: \"one\""};

  static {
    new Random(11).nextBytes(BODY);
  }

  @TempDir Path folder;

  @Override
  ProxyServerBuilder settings() {
    return super.settings().streamFrom(PIECE);
  }

  @Override
  ProxyServer open(ProxyServerBuilder settings) throws IOException {
    DiskStore store = DiskStore.open(folder.resolve("c"), Seal.checksum(), counters, time);
    ResourceLoader loader =
        ResourceLoader.builder(store)
            .time(time)
            .counters(counters)
            .shared(true)
            .maximumBytes(LONGEST)
            .build();
    ProxyServer server = settings.start(loader);
    closeLater(server, loader, store);
    return server;
  }

  /** A body whose origin waits for a permit before each piece after the first three. */
  private static MockResponse slow(byte[] body, boolean announced, Semaphore permits, int end) {
    MockResponse.Builder builder = with(new MockResponse.Builder().code(200), FRESH);
    builder.body(
        new MockResponseBody() {
          @Override
          public long getContentLength() {
            return announced ? body.length : -1;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            for (int at = 0; at < end; at += PIECE) {
              if (at >= 3 * PIECE) {
                permits.acquireUninterruptibly();
              }
              int count = Math.min(PIECE, end - at);
              if (!announced) {
                sink.writeHexadecimalUnsignedLong(count).writeUtf8("\r\n");
              }
              sink.write(body, at, count);
              sink.writeUtf8(announced ? "" : "\r\n").flush();
            }
            sink.writeUtf8(announced || end < body.length ? "" : "0\r\n").flush();
          }
        });
    if (announced) {
      builder.setHeader("Content-Length", body.length);
    } else {
      builder.removeHeader("Content-Length").setHeader("Transfer-Encoding", "chunked");
    }
    return (end < body.length ? builder.onResponseEnd(ShutdownConnection.INSTANCE) : builder)
        .build();
  }

  private HttpResponse<byte[]> bytes(String path, String... fields) throws Exception {
    return client.send(request("GET", path, null, fields), BodyHandlers.ofByteArray());
  }

  private HttpResponse<InputStream> stream(String path) throws Exception {
    return client.send(request("GET", path, null), BodyHandlers.ofInputStream());
  }

  private CompletableFuture<HttpResponse<byte[]>> later(String path, String... fields) {
    return client.sendAsync(request("GET", path, null, fields), BodyHandlers.ofByteArray());
  }

  private void awaitRequests(int count) {
    Awaitility.await().until(() -> proxy.stats().requests() == count);
  }

  /** The whole of it in the folder. */
  private void awaitStored() {
    Awaitility.await().until(() -> !files(".b").isEmpty());
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  private void damage(int at) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(files(".b").get(0).toFile(), "rw")) {
      file.seek(at);
      int before = file.read();
      file.seek(at);
      file.write(before ^ 4);
    }
  }

  private void store() throws Exception {
    script.add(request -> response(200, BODY, FRESH));
    assertThat(bytes("/long").body()).isEqualTo(BODY);
    awaitStored();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void goesOutWhileItComesAndOthersJoin(boolean announced) throws Exception {
    Semaphore permits = new Semaphore(0);
    script.add(request -> slow(BODY, announced, permits, BODY.length));
    try (InputStream one = stream("/long").body();
        InputStream other = stream("/long").body()) {
      assertThat(one.readNBytes(2 * PIECE)).isEqualTo(Arrays.copyOf(BODY, 2 * PIECE));
      assertThat(other.readNBytes(2 * PIECE)).isEqualTo(Arrays.copyOf(BODY, 2 * PIECE));
      CompletableFuture<HttpResponse<byte[]>> part = later("/long", "Range: bytes=100000-900000");
      awaitRequests(3);
      permits.release(100);
      byte[] rest = Arrays.copyOfRange(BODY, 2 * PIECE, BODY.length);
      assertThat(one.readAllBytes()).isEqualTo(rest);
      assertThat(other.readAllBytes()).isEqualTo(rest);
      if (announced) {
        assertThat(part.get().statusCode()).isEqualTo(206);
        assertThat(part.get().body()).isEqualTo(Arrays.copyOfRange(BODY, 100_000, 900_001));
      } else {
        assertThat(part.get().statusCode()).as("of how many?").isEqualTo(200);
        assertThat(part.get().body()).isEqualTo(BODY);
      }
    }
    awaitStored();
    HttpResponse<byte[]> hit = bytes("/long");
    assertThat(hit.body()).isEqualTo(BODY);
    assertThat(field(hit, "Cache-Status")).startsWith("thermae; hit");
    assertThat(field(hit, "Content-Length")).isEqualTo("" + BODY.length);
    assertThat(requests).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=65530-65545, 65530, 65546",
    "bytes=200000-, 200000, 1311041",
    "bytes=-70000, 1241041, 1311041",
    "bytes=-1, 1311040, 1311041",
  })
  void ranges(String range, int from, int to) throws Exception {
    script.add(request -> response(200, BODY, FRESH));
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> part = bytes("/long", "Range: " + range, "If-Range: \"one\"");
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(part.body()).isEqualTo(Arrays.copyOfRange(BODY, from, to));
      assertThat(field(part, "Content-Range"))
          .isEqualTo("bytes " + from + '-' + (to - 1) + '/' + BODY.length);
      awaitStored();
    }
    HttpResponse<byte[]> none = bytes("/long", "Range: bytes=1311041-");
    assertThat(none.statusCode()).isEqualTo(416);
    assertThat(field(none, "Content-Range")).isEqualTo("bytes */1311041");
    assertThat(bytes("/long", "Range: bytes=0-1", "If-Range: \"two\"").body()).isEqualTo(BODY);
    assertThat(requests).hasSize(1);
  }

  /** Nothing is read for a head, nor more than the piece of a range. */
  @Test
  void whatIsNotSentIsNotRead() throws Exception {
    store();
    damage(3 * PIECE + 5);
    HttpResponse<String> head = send("HEAD", "/long", null);
    assertThat(field(head, "Content-Length")).isEqualTo("" + BODY.length);
    assertThat(field(head, "Accept-Ranges")).isEqualTo("bytes");
    assertThat(bytes("/long", "If-None-Match: \"one\"").statusCode()).isEqualTo(304);
    assertThat(bytes("/long", "Range: bytes=400000-400001").statusCode()).isEqualTo(206);
    assertThat(counters.snapshot().rejected()).isZero();
    assertThat(requests).hasSize(1);
  }

  @Test
  void damageInTheMiddleBreaksOffAndTheNextIsRight() throws Exception {
    store();
    damage(7 * PIECE + 5);
    assertThatThrownBy(() -> bytes("/long")).isInstanceOf(IOException.class);
    assertThat(counters.snapshot().rejected()).isEqualTo(1);
    assertThat(proxy.stats().failed()).isEqualTo(1);
    time.advance(10);
    script.add(request -> response(200, BODY, FRESH));
    assertThat(bytes("/long").body()).isEqualTo(BODY);
    assertThat(requests).hasSize(2);
  }

  @Test
  void whatIsFoundDamagedBeforeAnythingIsSentIsAMiss() throws Exception {
    store();
    damage(5);
    script.add(request -> response(200, BODY, FRESH));
    assertThat(bytes("/long").body()).isEqualTo(BODY);
    awaitStored();
    for (Path file : files(".b")) {
      Files.delete(file);
    }
    time.advance(10);
    script.add(request -> response(200, BODY, FRESH));
    assertThat(bytes("/long").body()).isEqualTo(BODY);
    assertThat(requests).hasSize(3);
    assertThat(counters.snapshot().rejected()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anOriginThatBreaksOffLeavesNothing(boolean announced) throws Exception {
    script.add(request -> slow(BODY, announced, new Semaphore(100), 9 * PIECE + 7));
    assertThatThrownBy(() -> bytes("/long")).isInstanceOf(IOException.class);
    Awaitility.await().until(() -> files(".t").isEmpty());
    assertThat(files(".b")).isEmpty();
    script.add(request -> response(200, BODY, FRESH));
    assertThat(bytes("/long").body()).isEqualTo(BODY);
    assertThat(requests).hasSize(2);
  }

  /** More than any buffer on the way takes; who asked first takes nothing, and holds nobody up. */
  @Test
  void aSlowClientHoldsUpNobodyAndNoThread() throws Exception {
    byte[] body = new byte[12 << 20];
    new Random(2).nextBytes(body);
    script.add(request -> response(200, body, FRESH));
    proxy = open(settings().maximumThreads(8));
    Socket[] slow = new Socket[12];
    for (int i = 0; i < slow.length; i++) {
      slow[i] = ask("/long");
      awaitRequests(i + 1);
    }
    assertThat(bytes("/long").body()).isEqualTo(body);
    assertThat(bytes("/long").body()).isEqualTo(body);
    for (Socket socket : slow) {
      String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(text).startsWith("HTTP/1.1 200 ");
      byte[] got =
          text.substring(text.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
      assertThat(got).isEqualTo(body);
      socket.close();
    }
    assertThat(requests).hasSize(1);
  }

  /**
   * Nor does one of a body that is not stored, though it is read from the origin as it takes it.
   */
  @Test
  void aSlowClientOfWhatIsNotStoredHoldsNoThread() throws Exception {
    byte[] body = new byte[12 << 20];
    new Random(3).nextBytes(body);
    proxy = open(settings().maximumThreads(8));
    Socket[] slow = new Socket[12];
    for (int i = 0; i < slow.length; i++) {
      script.add(request -> response(200, body, "Cache-Control: no-store"));
      slow[i] = ask("/private");
      awaitRequests(i + 1);
    }
    answer(200, "short");
    assertThat(get("/short").body()).isEqualTo("short");
    for (Socket socket : slow) {
      byte[] all = socket.getInputStream().readAllBytes();
      assertThat(Arrays.copyOfRange(all, all.length - body.length, all.length)).isEqualTo(body);
      socket.close();
    }
  }

  private Socket ask(String path) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(20_000);
    String request = "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** The limits for slow clients see every piece. */
  @Test
  void whoTakesNothingForTooLongIsSentAway() throws Exception {
    byte[] body = new byte[12 << 20];
    script.add(request -> response(200, body, FRESH));
    try (Socket slow = ask("/long")) {
      Awaitility.await()
          .until(
              () -> {
                time.advanceSeconds(3_600);
                return proxy.slowClients() == 1;
              });
      assertThat(read(slow)).isLessThan(body.length);
    }
    awaitStored();
  }

  /** Bytes until the end, in whatever way it comes. */
  private static long read(Socket socket) throws IOException {
    long count = 0;
    byte[] some = new byte[PIECE];
    try {
      for (int n = socket.getInputStream().read(some); n >= 0; ) {
        count += n;
        n = socket.getInputStream().read(some);
      }
    } catch (SocketException reset) {
      return count;
    }
    return count;
  }

  @Test
  void whoCameFirstMayLeave() throws Exception {
    Semaphore permits = new Semaphore(0);
    script.add(request -> slow(BODY, true, permits, BODY.length));
    Socket first = ask("/long");
    assertThat(first.getInputStream().read()).isEqualTo('H');
    CompletableFuture<HttpResponse<byte[]>> other = later("/long");
    awaitRequests(2);
    first.setSoLinger(true, 0);
    first.close();
    permits.release(100);
    assertThat(other.get().body()).isEqualTo(BODY);
    awaitStored();
    assertThat(bytes("/long").body()).isEqualTo(BODY);
    assertThat(requests).hasSize(1);
  }

  /** Nobody else reads it, so the origin need not send it. */
  @Test
  void whoLeavesEndsWhatIsNotStored() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    script.add(
        request ->
            with(new MockResponse.Builder().code(200), "Cache-Control: no-store")
                .body(endless(ended))
                .setHeader("Content-Length", Long.MAX_VALUE)
                .build());
    try (Socket client = ask("/private")) {
      assertThat(client.getInputStream().readNBytes(3 * PIECE)).hasSize(3 * PIECE);
      client.setSoLinger(true, 0);
    }
    assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private static MockResponseBody endless(CountDownLatch ended) {
    return new MockResponseBody() {
      @Override
      public long getContentLength() {
        return Long.MAX_VALUE;
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        try {
          while (true) {
            sink.write(BODY);
          }
        } finally {
          ended.countDown();
        }
      }
    };
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsTooLongToBeStoredGoesThrough(boolean announced) throws Exception {
    byte[] body = new byte[LONGEST + 3 * PIECE + 5];
    new Random(4).nextBytes(body);
    for (int i = 0; i < 2; i++) {
      script.add(request -> slow(body, announced, new Semaphore(1_000), body.length));
      assertThat(bytes("/longest").body()).isEqualTo(body);
    }
    assertThat(files(".b")).isEmpty();
    assertThat(counters.snapshot().dropped()).isEqualTo(2);
  }

  @Test
  void partsOfWhatIsNotStored() throws Exception {
    script.add(request -> response(200, BODY, "Cache-Control: no-store"));
    HttpResponse<byte[]> part = bytes("/private", "Range: bytes=300000-300010");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(BODY, 300_000, 300_011));
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void byTls(HttpClient.Version version) throws Exception {
    TestCertificate certificate = new TestCertificate();
    proxy = open(settings().listener(listening().tls(certificate.files(folder))));
    HttpClient trusting =
        HttpClient.newBuilder().version(version).sslContext(certificate.trusting()).build();
    URI url = URI.create(proxy.url() + "/long");
    script.add(request -> response(200, BODY, FRESH));
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> whole =
          trusting.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofByteArray());
      assertThat(whole.version()).isEqualTo(version);
      assertThat(whole.body()).isEqualTo(BODY);
      awaitStored();
    }
    HttpRequest range = HttpRequest.newBuilder(url).header("Range", "bytes=-99999").build();
    assertThat(trusting.send(range, BodyHandlers.ofByteArray()).body())
        .isEqualTo(Arrays.copyOfRange(BODY, BODY.length - 99_999, BODY.length));
    damage(9 * PIECE);
    assertThatThrownBy(
            () -> trusting.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofByteArray()))
        .isInstanceOf(IOException.class);
    script.add(request -> slow(BODY, true, new Semaphore(100), 9 * PIECE));
    URI other = URI.create(proxy.url() + "/other");
    assertThatThrownBy(
            () -> trusting.send(HttpRequest.newBuilder(other).build(), BodyHandlers.ofByteArray()))
        .isInstanceOf(IOException.class);
    assertThat(requests).hasSize(2);
  }

  @Test
  void gzipIsUndoneOnTheWayForWhoDoesNotTakeIt() throws Exception {
    byte[] text = new byte[3 << 20];
    Random random = new Random(6);
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) ('a' + random.nextInt(20));
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(text);
    }
    byte[] gzipped = packed.toByteArray();
    script.add(request -> response(200, gzipped, "Content-Encoding: gzip", FRESH[0], FRESH[1]));
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> plain = bytes("/text", "Range: bytes=5-10");
      assertThat(plain.statusCode()).isEqualTo(200);
      assertThat(plain.body()).isEqualTo(text);
      assertThat(field(plain, "ETag")).isEqualTo("W/\"one\"");
      assertThat(field(plain, "Content-Encoding")).isNull();
      awaitStored();
    }
    HttpResponse<byte[]> coded = bytes("/text", "Accept-Encoding: gzip");
    assertThat(coded.body()).isEqualTo(gzipped);
    HttpResponse<byte[]> part = bytes("/text", "Accept-Encoding: gzip", "Range: bytes=-70000");
    assertThat(part.body())
        .isEqualTo(Arrays.copyOfRange(gzipped, gzipped.length - 70_000, gzipped.length));
    assertThat(field(send("HEAD", "/text", null), "Content-Length")).isNull();
    assertThat(requests).hasSize(1);
  }

  /** A bomb costs its client time, and us a piece of memory. */
  @Test
  void gzipThatIsDamagedBreaksOff() throws Exception {
    byte[] text = new byte[4 << 20];
    new Random(8).nextBytes(text);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(text);
    }
    byte[] gzipped = packed.toByteArray();
    gzipped[gzipped.length - 5] ^= 1;
    script.add(request -> response(200, gzipped, "Content-Encoding: gzip", FRESH[0]));
    assertThatThrownBy(() -> bytes("/text")).isInstanceOf(IOException.class);
    assertThat(bytes("/text", "Accept-Encoding: gzip").body()).isEqualTo(gzipped);
  }
}
