package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases of {@code calls/*.txt}, each between a real client and a real origin. */
@Tag("once")
class CachingInterceptorTableTest {
  private static final List<String> TABLES =
      List.of(
          "freshness",
          "directives",
          "storage",
          "status",
          "validation",
          "variants",
          "credentials",
          "methods",
          "failures",
          "redirects",
          "bodies");

  static List<CallTable.Case> cases() throws IOException {
    List<CallTable.Case> all = new ArrayList<>();
    for (String table : TABLES) {
      all.addAll(CallTable.read(table));
    }
    return all;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void conforms(CallTable.Case each) throws IOException {
    try (CallRun run = new CallRun(each.options())) {
      if (each.known() == null) {
        run.play(each);
      } else {
        assertThat(catchThrowable(() -> run.play(each)))
            .as("passes now, so it is not known to fail any more: %s", each.known())
            .isInstanceOf(AssertionError.class);
      }
    }
  }

  @Test
  void noTwoCasesAreTheSame() throws IOException {
    List<CallTable.Case> all = cases();
    assertThat(all).hasSizeGreaterThanOrEqualTo(200);
    assertThat(all).extracting(CallTable.Case::title).doesNotHaveDuplicates();
    assertThat(all).extracting(each -> each.options() + " " + each.lines()).doesNotHaveDuplicates();
    assertThat(all)
        .extracting(CallTable.Case::title)
        .allMatch(title -> title.matches("RFC \\d{4} [\\d.]+: .+"));
  }
}
