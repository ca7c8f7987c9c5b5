package dev.thermae.bench;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Cached hits of the proxy beside nginx's {@code proxy_cache}, as it is usually set up and without
 * sendfile: the server on one processor, wrk on the other, in turns. Needs nginx, wrk and taskset.
 */
final class ProxyHits {
  private static final String TAG = "\"v1\"";
  private static final String OURS = "thermae";
  private static final int WARM_UP_SECONDS = 6;

  private final PrintStream out;
  private final Path jar;
  private final int rounds;
  private final int seconds;

  ProxyHits(PrintStream out, Path jar, int rounds, int seconds) {
    this.out = out;
    this.jar = jar;
    this.rounds = rounds;
    this.seconds = seconds;
  }

  /**
   * What is asked for.
   *
   * @param target how many times nginx's rate is to be reached; 0 for none
   */
  private record Case(String name, String path, double target, String... fields) {}

  private static final List<Case> CASES =
      List.of(
          new Case("1 KB, 200", "/1024", 0),
          new Case("10 KB, 200", "/10240", 1.1),
          new Case("10 KB, 304", "/10240", 1.0, "If-None-Match: " + TAG),
          new Case("100 KB, 200", "/102400", 0.95));

  void run() throws Exception {
    Path folder = Folders.create();
    LocalOrigin origin = LocalOrigin.start(ProxyHits::answer);
    String url = origin.url();
    List<LoadedServer> servers = new ArrayList<>();
    try {
      servers.add(nginx("nginx", folder.resolve("on"), url, "sendfile on; tcp_nopush off;"));
      servers.add(
          nginx(
              "nginx, no sendfile",
              folder.resolve("off"),
              url,
              "sendfile off; output_buffers 2 128k;"));
      servers.add(thermae(folder.resolve("thermae"), url));
      warmUp(servers);
      out.println(
          "| asked for | server | requests a second | of nginx's (quartiles) | CPU µs | 99 % within ms |");
      out.println("|---|---|---|---|---|---|");
      for (Case each : CASES) {
        measure(each, servers);
      }
    } finally {
      for (LoadedServer server : servers) {
        server.close();
      }
      origin.close();
      Folders.delete(folder);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] body = new byte[Integer.parseInt(exchange.getRequestURI().getPath().substring(1))];
    new Random(body.length).nextBytes(body);
    LocalOrigin.send(exchange, body, "Cache-Control", "max-age=86400", "ETag", TAG);
  }

  private static LoadedServer nginx(String name, Path folder, String origin, String sending)
      throws Exception {
    Files.createDirectories(folder);
    int port = ServerProcess.freePort();
    String text =
        """
        %5$s daemon off; worker_processes 1; pid %1$s/pid; error_log %1$s/errors warn;
        events { worker_connections 1024; }
        http {
          access_log off; keepalive_requests 1000000000; open_file_cache max=1000; %4$s
          client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/fast;
          uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
          proxy_cache_path %1$s/cache levels=1:2 keys_zone=hits:10m;
          server {
            listen 127.0.0.1:%2$d;
            location / {
              proxy_pass %3$s; proxy_cache hits; add_header X-Cache $upstream_cache_status;
            }
          }
        }
        """;
    String user = System.getProperty("user.name").equals("root") ? "user root;" : "";
    Path file = folder.resolve("nginx.conf");
    Files.writeString(file, String.format(Locale.ROOT, text, folder, port, origin, sending, user));
    String[] command = {"nginx", "-p", folder.toString(), "-c", file.toString()};
    return LoadedServer.start(name, port, folder.resolve("log"), command);
  }

  private LoadedServer thermae(Path folder, String origin) throws Exception {
    Files.createDirectories(folder);
    int port = ServerProcess.freePort();
    List<String> command = ServeCommand.jar(jar).words(origin, port, folder);
    return LoadedServer.start(OURS, port, folder.resolve("log"), command.toArray(new String[0]));
  }

  /** All have it stored, and compiled what they compile. */
  private static void warmUp(List<LoadedServer> servers) throws Exception {
    for (Case each : CASES) {
      for (LoadedServer server : servers) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url(each.path()))).build();
        HttpClient client = HttpClient.newHttpClient();
        client.send(request, BodyHandlers.discarding());
        HttpResponse<Void> hit = client.send(request, BodyHandlers.discarding());
        String said =
            hit.headers().firstValue("X-Cache").orElse("")
                + hit.headers().firstValue("Cache-Status").orElse("");
        if (!said.contains("HIT") && !said.contains("hit")) {
          throw new IOException(
              server.name() + " does not answer from its cache: " + hit.headers());
        }
        server.load(each.path(), server.name().equals(OURS) ? WARM_UP_SECONDS : 1, each.fields());
      }
    }
  }

  private void measure(Case what, List<LoadedServer> servers) throws Exception {
    Map<String, List<LoadedServer.Stretch>> all = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (LoadedServer server : servers) {
        all.computeIfAbsent(server.name(), name -> new ArrayList<>())
            .add(server.load(what.path(), seconds, what.fields()));
      }
    }
    List<LoadedServer.Stretch> nginx = all.get(servers.get(0).name());
    all.forEach((name, stretches) -> print(what, name, stretches, nginx));
  }

  private void print(
      Case what, String name, List<LoadedServer.Stretch> some, List<LoadedServer.Stretch> nginx) {
    double[] ratios = new double[some.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = some.get(i).rate() / nginx.get(i).rate();
    }
    Arrays.sort(ratios);
    double ratio = at(ratios, 0.5);
    String verdict = "";
    if (name.equals(OURS) && what.target() > 0) {
      String word = ratio >= what.target() ? "holds" : "DOES NOT HOLD";
      verdict = String.format(Locale.ROOT, ", at least %.2f: %s", what.target(), word);
    }
    out.printf(
        Locale.ROOT,
        "| %s | %s | %,.0f | %.2f (%.2f to %.2f)%s | %.1f | %.1f |%n",
        what.name(),
        name,
        median(some.stream().mapToDouble(LoadedServer.Stretch::rate).toArray()),
        ratio,
        at(ratios, 0.25),
        at(ratios, 0.75),
        verdict,
        median(some.stream().mapToDouble(LoadedServer.Stretch::cpuMicros).toArray()),
        median(some.stream().mapToDouble(LoadedServer.Stretch::lateMillis).toArray()));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return at(values, 0.5);
  }

  private static double at(double[] sorted, double share) {
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
