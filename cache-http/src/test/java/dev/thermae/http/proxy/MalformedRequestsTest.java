package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of requests that no well-meaning client sends, byte by byte. */
@Tag("once")
class MalformedRequestsTest extends ProxyFixture {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
  private static final String SEEN = "the origin saw it";

  /** None of them belongs to the hop behind the proxy. */
  private static final List<String> CONNECTION_ONLY =
      List.of("Expect", "HTTP2-Settings", "Keep-Alive", "TE", "Trailer", "Upgrade");

  @Override
  ProxyServerBuilder settings() {
    return super.settings().listener(listening().idleTimeout(Duration.ofSeconds(1)));
  }

  static Stream<RawRequests.Row> requests() {
    return RawRequests.all();
  }

  @ParameterizedTest
  @MethodSource("requests")
  void outcome(RawRequests.Row row) throws Exception {
    for (int i = 0; i < 3; i++) {
      answer(200, SEEN);
    }
    RawAnswer answer = RawAnswer.to(proxy.port(), row.request());
    List<String> statuses = new ArrayList<>();
    Matcher found = STATUS.matcher(answer.text());
    while (found.find()) {
      statuses.add(found.group(1));
    }
    String targets = requests.isEmpty() ? "" : ">" + seen();
    String outcome = (statuses.isEmpty() ? "0" : String.join(" ", statuses)) + targets;
    assertThat(outcome).as(answer.text()).isEqualTo(row.outcome());
    assertThat(answer.closed()).isTrue();
    assertThat(answer.text())
        .doesNotContain("<html")
        .doesNotContainIgnoringCase("jetty")
        .doesNotContainIgnoringCase("\nserver:")
        .doesNotContainIgnoringCase("\nx-powered-by:")
        .doesNotContain("Exception");
  }

  /** The targets; each request came with the fields that the proxy means it to have. */
  private String seen() {
    List<String> targets = new ArrayList<>();
    for (RecordedRequest request : requests) {
      targets.add(request.getTarget());
      Headers headers = request.getHeaders();
      assertThat(headers.values("Host"))
          .containsExactly(origin.getHostName() + ":" + origin.getPort());
      assertThat(headers.names()).doesNotContainAnyElementsOf(CONNECTION_ONLY);
      assertThat(
              headers.values("Content-Length").size() + headers.values("Transfer-Encoding").size())
          .isLessThanOrEqualTo(1);
    }
    return String.join(" ", targets);
  }

  @Test
  void theTableIsNotSmall() {
    assertThat(RawRequests.all().map(RawRequests.Row::request).distinct()).hasSizeGreaterThan(150);
    assertThat(RawRequests.all().map(RawRequests.Row::name)).doesNotHaveDuplicates();
  }
}
