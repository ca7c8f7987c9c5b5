package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thermae.event.CacheListener;
import dev.thermae.event.Counters;
import dev.thermae.http.testing.PromptServer;
import dev.thermae.store.MemoryStore;
import dev.thermae.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A real origin, a clock, a store and a loader; what comes back is asserted fluently. */
abstract class LoaderFixture {
  final FakeTime time = new FakeTime();
  final List<String> faults = new CopyOnWriteArrayList<>();
  final Counters counters =
      new Counters(
          new CacheListener() {
            @Override
            public void onFault(String where, Throwable fault) {
              faults.add(where + ": " + fault);
            }
          });
  final MockWebServer server = PromptServer.create();
  final Queue<Function<RecordedRequest, MockResponse>> script = new ConcurrentLinkedQueue<>();
  final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
  private final List<ResourceLoader> loaders = new ArrayList<>();
  Store store = new MemoryStore(64 << 20, counters, time);
  ResourceLoader loader = newLoader(settings());

  @BeforeEach
  void startOrigin() throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            requests.add(request);
            Function<RecordedRequest, MockResponse> next = script.poll();
            return next == null ? response(599, "nothing was scripted") : next.apply(request);
          }
        });
    server.start();
  }

  @AfterEach
  void stopOriginAndCheck() {
    for (ResourceLoader each : loaders) {
      each.close();
    }
    server.close();
    assertThat(script).as("scripted answers that nobody asked for").isEmpty();
    assertThat(counters.snapshot().faults()).as("faults %s", faults).isEqualTo(expectedFaults());
  }

  int expectedFaults() {
    return 0;
  }

  ResourceLoaderBuilder settings() {
    return ResourceLoader.builder(store).time(time).counters(counters);
  }

  ResourceLoader newLoader(ResourceLoaderBuilder settings) {
    ResourceLoader built = settings.build();
    loaders.add(built);
    return built;
  }

  void use(ResourceLoaderBuilder settings) {
    loader = newLoader(settings);
  }

  static MockResponse response(int status, String body, String... fields) {
    return response(status, body.getBytes(StandardCharsets.UTF_8), fields);
  }

  static MockResponse response(int status, byte[] body, String... fields) {
    MockResponse.Builder builder = new MockResponse.Builder().code(status);
    if (status != 304 && status != 204) {
      builder.body(new Buffer().write(body));
    }
    for (String field : fields) {
      int colon = field.indexOf(':');
      builder.addHeaderLenient(field.substring(0, colon), field.substring(colon + 1).trim());
    }
    return builder.build();
  }

  void answer(int status, String body, String... fields) {
    script.add(request -> response(status, body, fields));
  }

  void answer(Function<RecordedRequest, MockResponse> answer) {
    script.add(answer);
  }

  String url(String path) {
    return server.url(path).toString();
  }

  static ResourceRequest with(ResourceRequest request, String... fields) {
    ResourceRequest result = request;
    for (String field : fields) {
      int colon = field.indexOf(':');
      result = result.header(field.substring(0, colon), field.substring(colon + 1).trim());
    }
    return result;
  }

  Check get(String path, String... fields) throws IOException {
    return new Check(
        fields.length == 0
            ? loader.fetch(url(path))
            : loader.fetch(with(ResourceRequest.get(url(path)), fields)));
  }

  FetchException fails(String path, String... fields) {
    ResourceRequest request = with(ResourceRequest.get(url(path)), fields);
    return catchThrowableOfType(FetchException.class, () -> loader.fetch(request));
  }

  RecordedRequest lastRequest() {
    return requests.get(requests.size() - 1);
  }

  /** What a fetch brought. */
  final class Check {
    final Fetched fetched;

    Check(Fetched fetched) {
      this.fetched = fetched;
    }

    Check is(Fetched.Outcome outcome) {
      assertThat(fetched.outcome()).as(fetched.why()).isEqualTo(outcome);
      assertThat(fetched.entry() != null).isEqualTo(outcome != Fetched.Outcome.PASSED);
      return this;
    }

    Check body(String text) throws IOException {
      assertThat(new String(fetched.body(), StandardCharsets.UTF_8)).isEqualTo(text);
      return this;
    }

    Check status(int status) {
      assertThat(fetched.status()).isEqualTo(status);
      return this;
    }

    Check ageSeconds(long seconds) {
      assertThat(fetched.age() / 1000).isEqualTo(seconds);
      return this;
    }

    Check header(String name, String... values) throws IOException {
      assertThat(fetched.headers().all(name)).containsExactly(values);
      return this;
    }

    /** How many requests have reached the origin so far. */
    Check requests(int count) {
      assertThat(requests).hasSize(count);
      return this;
    }

    Object generation() {
      return fetched.entry().head().generation();
    }
  }
}
