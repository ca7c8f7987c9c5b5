package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.Zstd;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.store.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Plain and packed bodies of one origin, through proxies over one store. */
abstract class PackedFixture extends ProxyFixture {
  static final String TEXT = "var x = 'some text that packs well';\n".repeat(100);
  static final String TYPE = "Content-Type: text/javascript; charset=utf-8";
  static final String MINUTE = "Cache-Control: max-age=60";
  static final String TAG = "ETag: \"v1\"";
  static final String GZIP = "Accept-Encoding: gzip";
  static final String ZSTD = "Accept-Encoding: gzip, deflate, br, zstd";

  private MemoryStore store;

  @Override
  ProxyServer open(ProxyServerBuilder settings) throws IOException {
    if (store == null) {
      store = new MemoryStore(64 << 20, counters, time);
    }
    ResourceLoader loader =
        ResourceLoader.builder(store).time(time).counters(counters).shared(true).build();
    ProxyServer server = settings.start(loader);
    closeLater(server, loader);
    return server;
  }

  /** Over what the one before has stored. */
  void restart() throws IOException {
    proxy.close();
    proxy = open(settings());
  }

  HttpResponse<byte[]> fetch(String path, String... fields) throws Exception {
    return exchange("GET", path, fields);
  }

  HttpResponse<byte[]> exchange(String method, String path, String... fields) throws Exception {
    return client.send(request(method, path, null, fields), BodyHandlers.ofByteArray());
  }

  /** The body as it was before it was packed. */
  static String text(HttpResponse<byte[]> response) throws IOException {
    String coding = field(response, "Content-Encoding");
    byte[] body = response.body();
    if ("gzip".equals(coding)) {
      body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
    } else if ("zstd".equals(coding)) {
      body = Zstd.decompress(body, (int) Zstd.getFrameContentSize(body));
    }
    return new String(body, StandardCharsets.UTF_8);
  }

  static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  /** Asks until what comes is packed: the first time in vain, and while somebody packs it. */
  HttpResponse<byte[]> packed(String path, String... fields) {
    AtomicReference<HttpResponse<byte[]>> last = new AtomicReference<>();
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              last.set(fetch(path, fields));
              return field(last.get(), "Content-Encoding") != null;
            });
    return last.get();
  }

  /** Stored, asked for again, packed: what a client of gzip gets from then on. */
  HttpResponse<byte[]> warm(String... fields) throws Exception {
    answer(200, TEXT, fields);
    assertThat(field(fetch("/a.js", GZIP), "Content-Encoding")).isNull();
    return packed("/a.js", GZIP);
  }
}
