package dev.thermae.http;

import dev.thermae.engine.Engine;
import dev.thermae.event.Counters;
import dev.thermae.http.proxy.ListenerSettings;
import dev.thermae.http.proxy.ProxyServer;
import dev.thermae.http.proxy.ProxyServerBuilder;
import dev.thermae.http.resource.FakeTime;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.testing.EngineCompiler;
import dev.thermae.http.testing.PromptServer;
import dev.thermae.http.testing.WireKeys;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.MemoryStore;
import dev.thermae.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real origin, a real proxy that compiles, and workers with folders of their own. */
abstract class FleetFixture {
  static final WireKeys KEYS = new WireKeys(7);

  @TempDir Path folders;
  final FakeTime time = new FakeTime(System.currentTimeMillis());
  final MockWebServer origin = PromptServer.create();
  final Queue<MockResponse> script = new ConcurrentLinkedQueue<>();
  final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
  final List<AutoCloseable> opened = new ArrayList<>();
  private EngineCompiler compiler;
  ProxyServer proxy;

  abstract List<Engine<?>> engines();

  @BeforeEach
  void start() throws Exception {
    origin.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            requests.add(request);
            MockResponse next = script.poll();
            return next == null ? new MockResponse.Builder().code(599).build() : next;
          }
        });
    origin.start();
    compiler = new EngineCompiler(engines());
    proxy = open(settings());
  }

  EngineCompiler compiler() {
    return compiler;
  }

  ProxyServerBuilder settings() {
    return ProxyServer.builder(originUrl())
        .codeCompiler(compiler)
        .signWith(KEYS.signing())
        .compileWait(Duration.ofSeconds(20))
        .listener(new ListenerSettings().stopTimeout(Duration.ofSeconds(1)));
  }

  ProxyServer open(ProxyServerBuilder settings) throws IOException {
    Counters counters = new Counters(null);
    return open(settings, new MemoryStore(64 << 20, counters, time), counters);
  }

  ProxyServer open(ProxyServerBuilder settings, Store store, Counters counters) throws IOException {
    ResourceLoader loader =
        ResourceLoader.builder(store).time(time).counters(counters).shared(true).build();
    ProxyServer server = settings.start(loader);
    opened.add(server);
    opened.add(loader);
    return server;
  }

  @AfterEach
  void stop() throws Exception {
    compiler.close();
    for (AutoCloseable each : opened) {
      each.close();
    }
    origin.close();
  }

  String originUrl() {
    return "http://" + origin.getHostName() + ':' + origin.getPort();
  }

  ProxyTier.Builder tier() {
    return ProxyTier.builder(proxy.url(), KEYS.open())
        .origin(originUrl())
        .timeout(Duration.ofSeconds(30))
        .limit(Duration.ofSeconds(60));
  }

  /** A worker over a folder; the tier may be null. */
  <C> CodeLoader<C> worker(Engine<C> engine, String folder, ProxyTier tier) {
    CodeLoaderBuilder<C> settings =
        CodeLoader.builder(engine)
            .directory(folders.resolve(folder))
            .time(time)
            .policy(CachePolicy.eager());
    return (tier == null ? settings : settings.proxy(tier)).build();
  }

  void answer(int status, String body, String... fields) {
    MockResponse.Builder response = new MockResponse.Builder().code(status);
    if (status != 304) {
      response.body(body);
    }
    for (String field : fields) {
      int colon = field.indexOf(':');
      response.addHeader(field.substring(0, colon), field.substring(colon + 1).trim());
    }
    script.add(response.build());
  }
}
