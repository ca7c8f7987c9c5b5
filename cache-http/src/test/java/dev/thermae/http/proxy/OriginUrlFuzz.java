package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thermae.http.resource.FuzzInput;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Tag;

/** No request target and no reference leads away from the origin. */
@Tag("once")
final class OriginUrlFuzz {

  @FuzzTest
  void stays(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    OriginUrl origin = parse(input.text());
    if (origin == null) {
      origin = OriginUrl.parse("http://origin.example:8080");
    }
    HttpUrl root = HttpUrl.parse(origin.toString());
    String target = origin.resolve(input.text());
    check(root, target);
    check(root, origin.resolve(origin + "/a/b?c", input.text()));
    check(root, origin.resolve(input.text(), input.text()));
  }

  private static OriginUrl parse(String text) {
    try {
      return OriginUrl.parse(text);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("an origin is");
      return null;
    }
  }

  private static void check(HttpUrl root, String target) {
    HttpUrl url = target == null ? root : HttpUrl.parse(target);
    assertThat(url).as("target %s", target).isNotNull();
    assertThat(url.scheme() + url.host() + url.port())
        .isEqualTo(root.scheme() + root.host() + root.port());
    assertThat(url.username() + url.password()).isEmpty();
  }
}
