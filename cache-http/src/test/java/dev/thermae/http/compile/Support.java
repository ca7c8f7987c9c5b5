package dev.thermae.http.compile;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.http.proxy.CompileRefusedException;
import dev.thermae.http.proxy.CompileRefusedException.Reason;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;

/** What tests of workers share. */
final class Support {
  private Support() {}

  /** Strings of some megabytes are folded thousands of times, which takes a quarter of a minute. */
  static Source slow(int n) {
    String text = "var x = " + n + "+'" + "a".repeat(13 << 20) + "'" + "+'b'".repeat(12_000);
    return Source.of("slow.js", text);
  }

  static Fingerprint named(CompileWorkers workers, String engine) {
    return workers.producible().entrySet().stream()
        .filter(each -> each.getValue().equals(engine))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new AssertionError(engine + " is missing: " + workers.missing()));
  }

  static AbstractThrowableAssert<?, ? extends Throwable> refused(
      CompileWorkers workers, Fingerprint fingerprint, Source source, Reason reason) {
    Shape shape = Shape.SCRIPT.named(source.name());
    return assertThatThrownBy(() -> workers.compile(fingerprint, source, shape))
        .isInstanceOfSatisfying(
            CompileRefusedException.class,
            e ->
                org.assertj.core.api.Assertions.assertThat(e.reason())
                    .as(e.getMessage())
                    .isEqualTo(reason));
  }
}
