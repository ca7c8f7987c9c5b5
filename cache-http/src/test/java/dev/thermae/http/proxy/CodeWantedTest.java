package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked for by Accept, and what of it the origin sees. */
class CodeWantedTest {
  private static final String FP = "0123456789abcdef".repeat(4);
  private static final String TYPE = "application/vnd.thermae.code";

  private static CodeWanted wanted(String... accepts) {
    HttpFields.Mutable fields = HttpFields.build();
    for (String accept : accepts) {
      fields.add("Accept", accept);
    }
    return CodeWanted.of(fields);
  }

  @Test
  void everyParameterIsRead() {
    CodeWanted plain = wanted(TYPE + ";fp=" + FP);
    assertThat(plain.fingerprint()).hasToString(FP);
    assertThat(plain.named()).isFalse();
    assertThat(plain.source()).isFalse();
    assertThat(plain.rest()).isEmpty();
    CodeWanted whole = wanted(TYPE + " ; FP = " + FP + "; named=1;source=1;q=0.9");
    assertThat(whole.named()).isTrue();
    assertThat(whole.source()).isTrue();
    assertThat(wanted(TYPE.toUpperCase(Locale.ROOT) + ";fp=" + FP)).isNotNull();
  }

  @Test
  void theOriginSeesTheRest() {
    String code = TYPE + ";fp=" + FP;
    assertThat(wanted(code + ", */*;q=0.1").rest()).isEmpty();
    assertThat(wanted("text/javascript, " + code, "text/plain;a=\"x,y\"").rest())
        .isEqualTo("text/javascript, text/plain;a=\"x,y\"");
    HttpFields client = HttpFields.build().add("Accept", code).add("X", "y");
    CodeWanted wanted = CodeWanted.of(client);
    assertThat(wanted.forOrigin(client).contains("Accept")).isFalse();
    assertThat(wanted.forOrigin(client).get("X")).isEqualTo("y");
    HttpFields both = HttpFields.build().add("Accept", code + ", text/css");
    assertThat(CodeWanted.of(both).forOrigin(both).get("Accept")).isEqualTo("text/css");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*/*",
        "application/*",
        TYPE,
        TYPE + ";fp=",
        TYPE + ";fp=0123",
        TYPE + ";fp=zz",
        TYPE + ";fp=" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg",
        TYPE + ";fp=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef;q=0",
        TYPE + ";fp=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef;q=0.000",
        TYPE + ";fp=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef;shape=x",
        TYPE + "x;fp=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "text/plain;a=\"" + TYPE + ";fp=0123456789abcdef0123456789abcdef0123456789abcdef01234567\""
      })
  void whatCannotBeUnderstoodIsNotAskedFor(String accept) {
    assertThat(wanted(accept)).isNull();
  }

  @Test
  void onlyWholeCodePathsAreOurs() {
    assertThat(CodeRoutes.isOurs("/code/" + FP + "/" + FP)).isTrue();
    assertThat(CodeRoutes.isOurs("/.well-known/thermae/fingerprints")).isTrue();
    assertThat(CodeRoutes.isOurs("/.well-known/thermae/other")).isTrue();
    assertThat(CodeRoutes.isOurs("/code/a.js")).isFalse();
    assertThat(CodeRoutes.isOurs("/code/" + FP + "/" + FP + "0")).isFalse();
    assertThat(CodeRoutes.isOurs("/code/" + FP + "0" + FP)).isFalse();
    assertThat(CodeRoutes.isOurs("/code/" + FP + "/" + FP.replace('a', 'x'))).isFalse();
    assertThat(CodeRoutes.isOurs("/")).isFalse();
  }
}
