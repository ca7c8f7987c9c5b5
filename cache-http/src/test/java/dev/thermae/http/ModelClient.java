package dev.thermae.http;

import dev.thermae.http.ModelOrigin.Answer;
import dev.thermae.http.ModelOrigin.Mode;
import dev.thermae.http.ModelRules.Ask;
import dev.thermae.http.resource.FetchException;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;

/**
 * One reader with its own HTTP client, whose interceptor is the way to the origin: it answers
 * without a socket, and holds an answer back when it is told to.
 */
final class ModelClient implements Interceptor {
  private static final OkHttpClient BASE = new OkHttpClient();
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "model-client");
            thread.setDaemon(true);
            return thread;
          });

  private final ModelOrigin origin;
  private final ModelTime time;
  private final List<String> asked = new ArrayList<>();
  private final CompletableFuture<Mode> released = new CompletableFuture<>();
  private final CompletableFuture<String> reached = new CompletableFuture<>();
  private CompletableFuture<String> answer;
  private boolean holds;
  private Mode mode = Mode.HONEST;
  private int delay;
  private ResourceLoader loader;
  private Fetched last;

  ModelClient(ModelOrigin origin, ModelTime time) {
    this.origin = origin;
    this.time = time;
  }

  void use(ResourceLoader built) {
    loader = built;
  }

  ResourceLoader loader() {
    return loader;
  }

  /** What was fetched last; null when that failed. */
  Fetched last() {
    return last;
  }

  OkHttpClient client() {
    return BASE.newBuilder().addInterceptor(this).build();
  }

  static String url(int url) {
    return "http://origin.example/" + url + ".js";
  }

  void answer(Mode newMode, int newDelay) {
    mode = newMode;
    delay = newDelay;
  }

  /** The response in words. */
  String fetch(Ask ask, boolean plain) throws IOException {
    asked.clear();
    last = null;
    try {
      boolean bare = plain && ask.kind().isEmpty() && ask.control().isEmpty();
      Fetched fetched = bare ? loader.fetch(url(ask.url())) : loader.fetch(request(ask));
      last = fetched;
      String body = new String(fetched.body(), StandardCharsets.UTF_8);
      return fetched.outcome()
          + " "
          + fetched.status()
          + " '"
          + body
          + "' age "
          + fetched.age()
          + " "
          + asked;
    } catch (FetchException e) {
      return "FAILED " + e.status() + " '' age 0 " + asked;
    }
  }

  private static ResourceRequest request(Ask ask) {
    ResourceRequest request = ResourceRequest.get(url(ask.url()));
    if (!ask.kind().isEmpty()) {
      request = request.header("X-Kind", ask.kind());
    }
    return ask.control().isEmpty() ? request : request.header("Cache-Control", ask.control());
  }

  /** Begins on another thread; whether the request now waits at the origin. */
  boolean hold(Ask ask) {
    holds = true;
    answer = CompletableFuture.supplyAsync(() -> quietly(ask), THREADS);
    CompletableFuture.anyOf(reached, answer).orTimeout(30, TimeUnit.SECONDS).join();
    return reached.isDone();
  }

  private String quietly(Ask ask) {
    try {
      return fetch(ask, false);
    } catch (IOException e) {
      return e.toString();
    }
  }

  String release(Mode newMode) {
    released.complete(newMode);
    return answer.orTimeout(30, TimeUnit.SECONDS).join();
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    String match = request.header("If-None-Match");
    String since = request.header("If-Modified-Since");
    asked.add("asked " + match + " " + since);
    if (holds) {
      reached.complete("reached");
      mode = released.join();
    }
    time.move(delay);
    int url = Integer.parseInt(request.url().encodedPath().replaceAll("[^0-9]", ""));
    String kind = request.header("X-Kind");
    Answer said = origin.answer(url, kind == null ? "" : kind, match, since, mode, time.millis());
    if (said == null && mode == Mode.FAILED) {
      throw new IOException("nobody answers");
    }
    return said == null ? cut(request) : whole(request, said);
  }

  private static Response.Builder response(Request request, int status) {
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(status)
        .message("");
  }

  private static Response whole(Request request, Answer said) {
    Response.Builder response = response(request, said.status());
    said.fields().forEach(response::addHeader);
    return response
        .body(ResponseBody.create(said.body().getBytes(StandardCharsets.UTF_8), (MediaType) null))
        .build();
  }

  /** Ten bytes are announced, four arrive. */
  private static Response cut(Request request) {
    Buffer four = new Buffer().writeUtf8("four");
    return response(request, 200)
        .addHeader("Cache-Control", "max-age=60")
        .body(ResponseBody.create(four, null, 10))
        .build();
  }
}
