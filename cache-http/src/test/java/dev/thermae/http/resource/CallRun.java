package dev.thermae.http.resource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.event.Counters;
import dev.thermae.http.testing.PromptServer;
import dev.thermae.store.MemoryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.GzipSink;
import okio.Okio;

/** Plays one case of a table between a real client and a real origin. */
final class CallRun implements AutoCloseable {
  static final int MAXIMUM = 1000;
  private static final Pattern DATE = Pattern.compile("@([+-]?\\d+)");

  private final FakeTime time = new FakeTime();
  private final Counters counters = new Counters(null);
  private final MockWebServer server = PromptServer.create();
  private final Queue<MockResponse> script = new ConcurrentLinkedQueue<>();
  private final List<RecordedRequest> seen = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new ArrayList<>();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final OkHttpClient client;

  CallRun(List<String> options) throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            seen.add(request);
            MockResponse next = script.poll();
            return next == null ? new MockResponse.Builder().code(599).build() : next;
          }
        });
    server.start();
    CachingInterceptor cache =
        CachingInterceptor.builder(new MemoryStore(1 << 20, counters, time))
            .time(time)
            .counters(counters)
            .singleUser(options.contains("singleUser"))
            .maximumBytes(MAXIMUM)
            .build();
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .retryOnConnectionFailure(false)
            .followRedirects(!options.contains("noRedirects"))
            .eventListener(new Listener());
    client =
        (options.contains("installed") ? cache.installOn(builder) : builder.addInterceptor(cache))
            .build();
  }

  void play(CallTable.Case each) throws IOException {
    for (CallTable.Step step : each.steps()) {
      time.advanceSeconds(step.seconds());
      if (!step.request().isEmpty()) {
        exchange(each, step);
      }
    }
    assertThat(counters.snapshot().faults()).isZero();
  }

  private void exchange(CallTable.Case each, CallTable.Step step) throws IOException {
    events.clear();
    for (List<String> answer : step.answers()) {
      script.add(answer(answer, step.request().get(0).startsWith("HEAD ")));
    }
    int before = seen.size();
    Request request = request(step.request());
    String label = each + ", " + step;
    try (Response response = client.newCall(request).execute()) {
      assertThat(step.expect().get(0)).as("%s: %s", label, response).isNotEqualTo("fails");
      List<RecordedRequest> now = List.copyOf(seen.subList(before, seen.size()));
      new CallCheck(label, request, response, events, bodies, now)
          .check(step.expect().stream().map(this::value).toList());
    } catch (IOException e) {
      assertThat(step.expect().get(0)).as("%s: %s", label, e).isEqualTo("fails");
    }
    assertThat(script).as("%s: answers that nobody asked for", label).isEmpty();
  }

  private Request request(List<String> parts) {
    String[] line = parts.get(0).split(" ", -1);
    boolean reads = line[0].equals("GET") || line[0].equals("HEAD");
    Request.Builder builder =
        new Request.Builder()
            .url(server.url(line[1]))
            .method(line[0], reads ? null : RequestBody.create(new byte[] {1}));
    for (String field : parts.subList(1, parts.size())) {
      int colon = field.indexOf(':');
      builder.addHeader(field.substring(0, colon), value(field.substring(colon + 1).trim()));
    }
    return builder.build();
  }

  private String value(String text) {
    Matcher dates = DATE.matcher(text.replace("$", server.url("/").toString()));
    return dates.replaceAll(date -> time.date(Long.parseLong(date.group(1))));
  }

  private MockResponse answer(List<String> parts, boolean head) throws IOException {
    int status = Integer.parseInt(parts.get(0));
    String text = "b" + (bodies.size() + 1);
    MockResponse.Builder builder = new MockResponse.Builder().code(status);
    boolean gzip = false;
    boolean chunked = false;
    for (String part : parts.subList(1, parts.size())) {
      int colon = part.indexOf(':');
      if (colon > 0) {
        builder.addHeaderLenient(part.substring(0, colon), value(part.substring(colon + 1).trim()));
      } else if (part.equals("drop")) {
        builder.onResponseStart(new SocketEffect.CloseSocket());
      } else if (part.equals("close")) {
        builder.onResponseEnd(new SocketEffect.CloseSocket());
      } else if (part.equals("cut")) {
        builder.onResponseBody(new SocketEffect.CloseSocket());
        text = "x".repeat(500);
      } else if (part.startsWith("size=")) {
        text = "y".repeat(Integer.parseInt(part.substring(5)));
      } else if (part.startsWith("body=")) {
        text = part.substring(5);
      } else {
        gzip |= part.equals("gzip");
        chunked |= part.equals("chunked");
      }
    }
    bodies.add(text);
    if (status != 304 && status != 204 && !head) {
      body(builder, gzip ? gzip(text) : new Buffer().writeUtf8(text), chunked, parts);
    }
    return builder.build();
  }

  private static void body(
      MockResponse.Builder builder, Buffer body, boolean chunked, List<String> parts) {
    List<String> lengths =
        parts.stream().filter(part -> part.startsWith("Content-Length:")).toList();
    if (chunked) {
      builder.chunkedBody(body, 100);
    } else {
      builder.body(body);
    }
    if (!lengths.isEmpty()) {
      builder.removeHeader("Content-Length");
      lengths.forEach(
          line -> builder.addHeaderLenient("Content-Length", line.substring(15).trim()));
    }
  }

  private static Buffer gzip(String text) throws IOException {
    Buffer result = new Buffer();
    try (okio.BufferedSink sink = Okio.buffer(new GzipSink(result))) {
      sink.writeString(text, UTF_8);
    }
    return result;
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
    server.close();
  }

  private final class Listener extends EventListener {
    @Override
    public void cacheHit(Call call, Response response) {
      events.add("hit");
    }

    @Override
    public void cacheMiss(Call call) {
      events.add("miss");
    }

    @Override
    public void cacheConditionalHit(Call call, Response cached) {
      events.add("conditional");
    }

    @Override
    public void satisfactionFailure(Call call, Response response) {
      events.add("unsatisfied");
    }
  }
}
