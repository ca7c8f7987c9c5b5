package dev.thermae.http.commonjs;

import dev.thermae.http.testing.PromptServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** A server of files that have to be validated each time. */
final class TreeServer implements AutoCloseable {
  private final MockWebServer server = PromptServer.create();
  private final Map<String, String> files;
  private final List<String> answers = new CopyOnWriteArrayList<>();

  TreeServer(Map<String, String> files) throws java.io.IOException {
    this.files = new ConcurrentHashMap<>(files);
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            MockResponse answer = answer(request);
            answers.add(answer.getCode() + " " + request.getUrl().encodedPath().substring(1));
            return answer;
          }
        });
    server.start();
  }

  private MockResponse answer(RecordedRequest request) {
    String text = files.get(request.getUrl().encodedPath().substring(1));
    if (text == null) {
      return new MockResponse.Builder().code(404).body("none").build();
    }
    String tag = "\"" + Integer.toHexString(text.hashCode()) + "\"";
    boolean same = tag.equals(request.getHeaders().get("If-None-Match"));
    MockResponse.Builder answer =
        new MockResponse.Builder()
            .code(same ? 304 : 200)
            .addHeader("ETag", tag)
            .addHeader("Cache-Control", "no-cache");
    if (text.startsWith("<")) {
      answer.addHeader("Content-Type", "text/html; charset=utf-8");
    }
    return (same ? answer : answer.body(text)).build();
  }

  Map<String, String> files() {
    return files;
  }

  String root() {
    return server.url("/").toString();
  }

  /** Status and path of all answers since the last time. */
  List<String> answers() {
    List<String> all = List.copyOf(answers);
    answers.clear();
    return all;
  }

  @Override
  public void close() {
    server.close();
  }
}
