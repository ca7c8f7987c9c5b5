package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thermae.code.Generation;
import dev.thermae.http.resource.Freshness.Verdict;
import dev.thermae.store.EntryHead;
import org.junit.jupiter.api.Tag;

/** Whatever the fields and the clock, there is a verdict, and it follows from the head. */
@Tag("once")
final class FreshnessFuzz {

  @FuzzTest
  void judges(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    long requested = time(input);
    long arrived = time(input);
    long now = time(input);
    int flags = input.below(4);
    Rules rules = new Rules((flags & 1) != 0, (flags & 2) != 0, 86_400_000, 86_400_000, 0);
    CacheControl request = CacheControl.ofRequest(input.fields());
    Metadata response = new Metadata(input.below(600), "", input.fields());
    long age = Freshness.initialAge(response.headers(), requested, arrived);
    long lifetime = Freshness.lifetime(response, arrived, rules);
    assertThat(age).isNotNegative();
    assertThat(lifetime).isNotNegative();
    CacheControl control = CacheControl.ofResponse(response.headers(), rules);
    EntryHead head = head(requested, arrived, age, lifetime);
    Verdict verdict = Freshness.judge(request, control, head, now, rules);
    if (verdict == Verdict.FRESH) {
      assertThat(head.isFresh(now)).isTrue();
    }
    if (verdict != Verdict.VALIDATE) {
      assertThat(control.is(CacheControl.NO_CACHE) || request.is(CacheControl.NO_CACHE)).isFalse();
    }
    if (Freshness.mayStandIn(request, control, head, now, true, rules)) {
      assertThat(control.is(CacheControl.MUST_REVALIDATE)).isFalse();
    }
    Storability stored = Storability.judge(request, HeaderList.EMPTY, response, lifetime, rules);
    if (stored == Storability.STORE && !control.is(CacheControl.MUST_UNDERSTAND)) {
      assertThat(control.is(CacheControl.NO_STORE)).isFalse();
    }
  }

  /** From the year 0 to the year 9000, whatever clocks are set to. */
  private static long time(FuzzInput input) {
    return Math.floorMod(input.number(), 284_000_000_000_000L) - 62_000_000_000_000L;
  }

  private static EntryHead head(long requested, long arrived, long age, long lifetime) {
    byte[] hash = new byte[32];
    return new EntryHead(
        "key",
        "",
        new Generation(1, 2),
        requested,
        arrived,
        age,
        lifetime,
        Long.MIN_VALUE,
        0,
        "",
        "",
        hash,
        hash,
        0,
        new byte[0]);
  }
}
