package dev.thermae.cli;

import dev.thermae.http.testing.PromptServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real origin and a real folder; the command runs through its entry. */
abstract class CommandFixture {
  /** 2,500 bytes. */
  static final String SCRIPT = "function f(n) { n++; }\n//".repeat(100);

  final MockWebServer origin = PromptServer.create();
  private final Map<String, MockResponse> answers = new ConcurrentHashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path temporary;
  Path folder;

  @BeforeEach
  void start(@TempDir Path given) throws IOException {
    temporary = given.toRealPath();
    folder = temporary.resolve("cache");
    origin.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answered(request);
          }
        });
    origin.start();
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  private MockResponse answered(RecordedRequest request) {
    MockResponse known = answers.get(request.getTarget());
    if (known == null) {
      return new MockResponse.Builder().code(404).build();
    }
    String tag = known.getHeaders().get("ETag");
    boolean same = tag != null && tag.equals(request.getHeaders().get("If-None-Match"));
    return same ? known.newBuilder().code(304).body("").build() : known;
  }

  /** From now on; an entity tag is heeded. */
  void answer(String path, String body, String... fields) {
    MockResponse.Builder response = new MockResponse.Builder().body(body);
    for (String field : fields) {
      int colon = field.indexOf(':');
      response.addHeader(field.substring(0, colon), field.substring(colon + 1).trim());
    }
    answers.put(path, response.build());
  }

  void redirect(String path, String to) {
    answers.put(
        path,
        new MockResponse.Builder()
            .code(302)
            .addHeader("Location", to)
            .addHeader("Cache-Control", "max-age=600")
            .build());
  }

  String url(String path) {
    return origin.url(path).toString();
  }

  /** The command with the fixture's folder, unless there is another; what it printed is kept. */
  int run(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    if (!all.contains("--dir")) {
      all.addAll(List.of("--dir", folder.toString()));
    }
    return runAlone(all.toArray(new String[0]));
  }

  /** The command as it is; what it printed is kept. */
  int runAlone(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  /** Standard output of the last run. */
  String out() {
    return out.toString();
  }

  /** Standard error of the last run. */
  String err() {
    return err.toString();
  }

  /** The files of the folder that end so, sorted. */
  List<Path> files(String end) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> Files.isRegularFile(file) && file.toString().endsWith(end))
          .sorted()
          .toList();
    }
  }

  static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  JsonNode json() {
    return JsonMapper.shared().readTree(out());
  }
}
