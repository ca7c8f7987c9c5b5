package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.http.testing.PromptServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bodies that are several times as long as the heap of the process between: cold, for two clients
 * at once, from the folder, in parts, and one that is not stored. {@code
 * -Dthermae.stream.megabytes=1000} makes them longer.
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
@Tag("once")
class ConstantMemoryTest {
  private static final String HEAP = "-Xmx64m";
  private static final int BLOCK = 1 << 16;
  private static final long LENGTH = (Long.getLong("thermae.stream.megabytes", 128) << 20) + 12_345;

  private final MockWebServer origin = PromptServer.create();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  @TempDir private Path temporary;

  @BeforeEach
  void start() throws Exception {
    origin.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            boolean stored = request.getTarget().equals("/stored");
            return new MockResponse.Builder()
                .addHeader("Cache-Control", stored ? "max-age=600" : "no-store")
                .body(new Generated())
                .setHeader("Content-Length", Long.toString(LENGTH))
                .build();
          }
        });
    origin.start();
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  /** Each block tells where it stands. */
  private static void fill(byte[] block, long number) {
    for (int i = 0; i < block.length; i += 512) {
      for (int shift = 0; shift < 64; shift += 8) {
        block[i + shift / 8] = (byte) (number * 31 + i >> shift);
      }
    }
  }

  private static final class Generated implements MockResponseBody {
    @Override
    public long getContentLength() {
      return LENGTH;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      byte[] block = new byte[BLOCK];
      for (long at = 0; at < LENGTH; at += BLOCK) {
        fill(block, at / BLOCK);
        sink.write(block, 0, (int) Math.min(BLOCK, LENGTH - at));
      }
    }
  }

  private static long checksum(long from, long to) {
    CRC32 crc = new CRC32();
    byte[] block = new byte[BLOCK];
    for (long at = from - from % BLOCK; at < to; at += BLOCK) {
      fill(block, at / BLOCK);
      int skipped = (int) Math.max(0, from - at);
      crc.update(block, skipped, (int) Math.min(BLOCK, to - at) - skipped);
    }
    return crc.getValue();
  }

  private static long checksum(InputStream body) throws IOException {
    CRC32 crc = new CRC32();
    byte[] some = new byte[BLOCK];
    try (body) {
      for (int n = body.read(some); n >= 0; n = body.read(some)) {
        crc.update(some, 0, n);
      }
    }
    return crc.getValue();
  }

  private HttpResponse<InputStream> get(String url, String range) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (!range.isEmpty()) {
      request.header("Range", range);
    }
    return client.send(request.build(), BodyHandlers.ofInputStream());
  }

  @Test
  void longBodiesFitIntoAShortHeap() throws Exception {
    String[] args = {
      "serve",
      "--port",
      "0",
      "--dir",
      temporary.toRealPath().resolve("cache").toString(),
      "--origin",
      "http://" + origin.getHostName() + ':' + origin.getPort(),
      "--config",
      getClass().getResource("long-bodies.conf").getPath()
    };
    try (ServeProcess serving =
        ServeProcess.start(
            temporary.resolve("err"), List.of(HEAP, "-XX:+ExitOnOutOfMemoryError"), args)) {
      String url = serving.ready.split(" ", -1)[1];
      long expected = checksum(0, LENGTH);
      InputStream one = get(url + "/stored", "").body();
      InputStream two = get(url + "/stored", "").body();
      CompletableFuture<Long> other =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return checksum(two);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(checksum(one)).isEqualTo(expected);
      assertThat(other.get()).isEqualTo(expected);

      HttpResponse<InputStream> hit = get(url + "/stored", "");
      assertThat(hit.headers().firstValue("Cache-Status").orElse("")).startsWith("thermae; hit");
      assertThat(hit.headers().firstValueAsLong("Content-Length")).hasValue(LENGTH);
      assertThat(checksum(hit.body())).isEqualTo(expected);
      long from = LENGTH / 2 - 7;
      HttpResponse<InputStream> part =
          get(url + "/stored", "bytes=" + from + "-" + (from + 99_999));
      assertThat(checksum(part.body())).isEqualTo(checksum(from, from + 100_000));
      HttpResponse<InputStream> end = get(url + "/stored", "bytes=-1000");
      assertThat(end.headers().firstValue("Content-Range").orElse(""))
          .isEqualTo("bytes " + (LENGTH - 1000) + "-" + (LENGTH - 1) + "/" + LENGTH);
      assertThat(checksum(end.body())).isEqualTo(checksum(LENGTH - 1000, LENGTH));
      assertThat(origin.getRequestCount()).isEqualTo(1);

      assertThat(checksum(get(url + "/not-stored", "").body())).isEqualTo(expected);
      serving.terminate();
      assertThat(serving.errors()).isEmpty();
    }
  }
}
