package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.http.guard.OriginRules;
import dev.thermae.http.guard.RefusedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where requests lead. */
class RoutesTest {
  private static final OriginRules RULES =
      OriginRules.none().allow("http://a.example").allow("*.b.example").allow("http://a:81");
  private static final Routes ROUTES =
      new Routes(
          List.of(
              Route.all("http://all"),
              Route.parse("/api/", "http://api:8000"),
              Route.parse("/api/v2/", "https://two"),
              Route.parse("cdn.example", "http://cdn"),
              Route.parse("cdn.example/api/", "http://cdnapi")),
          RULES);

  private static String target(String host, String path) {
    Target target = ROUTES.target(host, path);
    if (target instanceof Target.Forward forward) {
      return forward.url();
    } else if (target instanceof Target.Fetch fetch) {
      return "fetch " + fetch.url();
    }
    return Integer.toString(((Target.Refusal) target).status());
  }

  @ParameterizedTest
  @CsvSource({
    "h, /, http://all/",
    "h, /api, http://all/api",
    "h, /apix/, http://all/apix/",
    "h, /api/x?y, http://api:8000/api/x?y",
    "h, /%61pi/x, http://api:8000/api/x",
    "h, /api%2Fx, http://all/api%2Fx",
    "h, /api/v2/x, https://two/api/v2/x",
    "CDN.example, /x, http://cdn/x",
    "cdn.example, /api/v2/x, http://cdnapi/api/v2/x",
    "x.cdn.example, /x, http://all/x",
    ", /x, http://all/x",
    "h, /%63ode/x, http://all/code/x",
    "h, /codex, http://all/codex",
    "h, /x?100%&%7e, http://all/x?100%&%7e",
    "h, /x?%%44e, http://all/x?%%44e",
    "h, /x?%7e, http://all/x?~",
    "h, /api/../x, 400",
    "h, /api/%2e%2e/x, 400",
    "h, *, 400",
    "h, , 400",
  })
  void routes(String host, String path, String leads) {
    assertThat(target(host, path)).isEqualTo(leads);
  }

  @ParameterizedTest
  @CsvSource({
    "/fetch/http/a.example/x?y=http://b/, fetch http://a.example/x?y=http://b/",
    "/fetch/http/a.example/, fetch http://a.example/",
    "/fetch/http/A.Example:80/x, fetch http://a.example/x",
    "/%66etch/http/%61.example/%7Ex%2fy, fetch http://a.example/~x%2Fy",
    "/fetch/https/x.b.example/, fetch https://x.b.example/",
    "/fetch/https/b.example/, 403",
    "/fetch/https/a.example/, 403",
    "/fetch/http/a.example:81/, 403",
    "/fetch/http/a:81/x, fetch http://a:81/x",
    "/fetch/http/a.example, 400",
    "/fetch/http/a.example?/x, 400",
    "/fetch/http/, 400",
    "/fetch/http, 400",
    "/fetch/, 400",
    "/fetch//a.example/, 400",
    "/fetch/HTTP/a.example/, 400",
    "/fetch/ftp/a.example/, 400",
    "/fetch/file/a.example/etc, 400",
    "/fetch/http/u@a.example/, 400",
    "/fetch/http/u:p@a.example/, 400",
    "/fetch/http/u%40a.example/, 400",
    "/fetch/http/a.example%2Fx/, 400",
    "/fetch/http/a.example%3A81/, 400",
    "/fetch/http/a.example%00/, 400",
    "/fetch/http/a.example:/, 400",
    "/fetch/http/a.example:0/, 400",
    "/fetch/http/a.example:65536/, 400",
    "/fetch/http/a.example:80:80/, 400",
    "/fetch/http/a.example./, 400",
    "/fetch/http/.a.example/, 400",
    "/fetch/http/127.1/, 400",
    "/fetch/http/0177.0.0.1/, 400",
    "/fetch/http/0x7f000001/, 400",
    "/fetch/http/2130706433/, 400",
    "/fetch/http/127.0.0.1/, 403",
    "/fetch/http/[::1]/, 403",
    "/fetch/http/%5b::1%5D/, 403",
    "/fetch/http/%5b::1/, 400",
    "/fetch/http/[::1%25lo]/, 400",
    "/fetch/http/[::1/, 400",
    "/fetch/http/a.example/../x, 400",
    "/fetch/http/a.example/..%2fx, 400",
    "/fetch/http/../x, 400",
  })
  void fetches(String path, String leads) {
    assertThat(target("h", path)).isEqualTo(leads);
  }

  @Test
  void withoutRulesFetchIsAPathLikeOthers() {
    Routes plain = new Routes(List.of(Route.all("http://all")), OriginRules.none());
    assertThat(plain.target("h", "/fetch/http/a.example/"))
        .isInstanceOfSatisfying(
            Target.Forward.class,
            forward -> assertThat(forward.url()).isEqualTo("http://all/fetch/http/a.example/"));
    assertThat(plain).hasToString("http://all");
  }

  @Test
  void redirects() throws Exception {
    assertThat(ROUTES.redirected("http://a.example/%7ex?y").url())
        .isEqualTo("http://a.example/~x?y");
    assertThatThrownBy(() -> ROUTES.redirected("http://c.example/"))
        .isInstanceOf(RefusedException.class)
        .hasMessage("http://c.example is not allowed");
    assertThatThrownBy(() -> ROUTES.redirected("http://u:p@a.example/"))
        .isInstanceOf(RefusedException.class)
        .hasMessage("http://a.example is not allowed");
    assertThatThrownBy(() -> ROUTES.redirected("http://a.example/..%2fx"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void asText() {
    assertThat(ROUTES)
        .hasToString(
            "cdn.example/api/=http://cdnapi, cdn.example=http://cdn, /api/v2/=https://two,"
                + " /api/=http://api:8000, http://all, /fetch/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/x", "x/y", "/x/?", "/x/../", "h:80x", "h:81", "u@h", "127.1", "/x y/"})
  void noRoutes(String from) {
    assertThatThrownBy(() -> Route.parse(from, "http://a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void oneOriginForAPlace() {
    assertThatThrownBy(() -> ProxyServer.builder("http://a").route("/", "http://b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two origins for /");
  }
}
