package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thermae.http.guard.OriginRules;
import dev.thermae.http.resource.FuzzInput;
import java.util.List;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Tag;

/** Every target has one reading: nothing but its origin, no dots, and itself when read again. */
@Tag("once")
final class RoutesFuzz {
  private static final Routes ROUTES =
      new Routes(
          List.of(Route.all("http://all.example"), Route.parse("/a/", "http://a.example")),
          OriginRules.none().allow("http://b.example").allow("*.c.example"));

  @FuzzTest
  void oneReading(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    String host = input.text();
    String path = input.text();
    check(ROUTES.target(host, path));
    check(ROUTES.target(host, "/fetch/http/" + path));
    check(ROUTES.target(host, "/fetch/http/b.example/" + path));
    check(ROUTES.target(host, "/a/" + path));
  }

  private static void check(Target target) {
    if (target instanceof Target.Forward forward) {
      check(forward.url(), "all.example a.example");
    } else if (target instanceof Target.Fetch fetch) {
      HttpUrl url = check(fetch.url(), "");
      assertThat(url.host()).matches("b\\.example|.+\\.c\\.example");
    }
  }

  private static HttpUrl check(String text, String hosts) {
    HttpUrl url = HttpUrl.parse(text);
    assertThat(url).as(text).isNotNull();
    assertThat(hosts).contains(hosts.isEmpty() ? "" : url.host());
    assertThat(url.username() + url.password()).isEmpty();
    assertThat(url.encodedFragment()).isNull();
    assertThat(url.pathSegments()).doesNotContain(".", "..");
    String target = text.substring(text.indexOf('/', text.indexOf("//") + 2));
    assertThat(TargetForm.normal(target)).isEqualTo(target);
    return url;
  }
}
