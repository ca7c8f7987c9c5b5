package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import mockwebserver3.RecordedRequest;
import okhttp3.Request;
import okhttp3.Response;

/**
 * What a response must be. The first expectation says where it comes from, and with that whether
 * the origin was asked, what the listener heard and what {@code Cache-Status} says.
 */
record CallCheck(
    String label,
    Request request,
    Response response,
    List<String> events,
    List<String> bodies,
    List<RecordedRequest> seen) {

  void check(List<String> expected) throws IOException {
    boolean redirected = expected.stream().anyMatch(each -> each.startsWith("url "));
    String times = named(expected, "times ");
    boolean counted = times != null;
    origin(expected.get(0), redirected, counted);
    String body = response.body().string();
    boolean bodiless =
        request.method().equals("HEAD") || response.code() == 204 || response.code() == 304;
    if (bodiless || expected.get(0).equals("504")) {
      assertThat(body).as(label).isEmpty();
    } else if (response.header("Content-Encoding") == null) {
      assertThat(bodies).as(label).contains(body);
    }
    for (String each : expected.subList(1, expected.size())) {
      one(each, body);
    }
  }

  private static String named(List<String> expected, String word) {
    return expected.stream().filter(each -> each.startsWith(word)).findFirst().orElse(null);
  }

  private void origin(String outcome, boolean redirected, boolean counted) {
    String status = String.join(", ", response.headers("Cache-Status"));
    boolean stored = response.cacheResponse() != null;
    boolean network = response.networkResponse() != null;
    String got = label + ": " + response + ", " + status + ", " + events;
    int asked =
        switch (outcome) {
          case "hit" -> expect(got, stored && !network && status.contains("thermae; hit"), 0);
          case "validated" ->
              expect(
                  got,
                  stored && network && response.networkResponse().code() == 304 && isTagged(),
                  1);
          case "stale" -> expect(got, stored && status.contains("origin-failed"), 1);
          case "miss" ->
              expect(got, !stored && network && status.contains("; stored") && isTagged(), 1);
          case "pass" ->
              expect(got, !stored && network && status.contains("fwd=") && !hasEntry(), 1);
          case "bypass" -> expect(got, !stored && network && status.contains("fwd=bypass"), 1);
          case "method" -> expect(got, !stored && network && status.contains("fwd=method"), 1);
          case "504" -> expect(got, response.code() == 504 && !stored && !network, 0);
          default -> throw new IllegalArgumentException(outcome);
        };
    if (!counted) {
      assertThat(seen).as(got).hasSize(asked);
    }
    if (!redirected) {
      assertThat(events).as(got).isEqualTo(heard(outcome));
      assertThat(response.request().url()).isEqualTo(request.url());
      assertThat(response.request().headers()).isEqualTo(request.headers());
    }
  }

  private static int expect(String got, boolean right, int asked) {
    assertThat(right).as(got).isTrue();
    return asked;
  }

  private boolean isTagged() {
    return hasEntry();
  }

  private boolean hasEntry() {
    Fetched fetched = CachingInterceptor.fetched(response);
    return fetched != null && fetched.entry() != null;
  }

  private static List<String> heard(String outcome) {
    return switch (outcome) {
      case "hit", "stale" -> List.of("hit");
      case "validated" -> List.of("conditional", "hit");
      case "miss", "pass" -> List.of("miss");
      case "504" -> List.of("unsatisfied");
      default -> List.of();
    };
  }

  private void one(String expected, String body) {
    int space = expected.indexOf(' ');
    String word = expected.substring(0, space);
    String value = expected.substring(space + 1);
    int colon = value.indexOf(':');
    String name = colon < 0 ? value : value.substring(0, colon);
    String rest = colon < 0 ? "" : value.substring(colon + 1).trim();
    String as = label + ": " + expected;
    switch (word) {
      case "body" -> assertThat(body).as(as).isEqualTo(value);
      case "age" -> assertThat(response.header("Age", "none")).as(as).isEqualTo(value);
      case "status" -> assertThat(response.code()).as(as).isEqualTo(Integer.parseInt(value));
      case "times" -> assertThat(seen).as(as).hasSize(Integer.parseInt(value));
      case "url" -> assertThat(response.request().url().encodedPath()).as(as).isEqualTo(value);
      case "has" -> assertThat(response.headers(name)).as(as).containsExactly(rest);
      case "hasnot" -> assertThat(response.headers(name)).as(as).isEmpty();
      case "saw" -> assertThat(last().getHeaders().values(name)).as(as).containsExactly(rest);
      case "sawnot" -> assertThat(last().getHeaders().values(name)).as(as).isEmpty();
      case "sawmethod" -> assertThat(last().getMethod()).as(as).isEqualTo(value);
      default -> throw new IllegalArgumentException(expected);
    }
  }

  private RecordedRequest last() {
    return seen.get(seen.size() - 1);
  }
}
