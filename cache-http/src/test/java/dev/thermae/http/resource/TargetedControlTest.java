package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Directives for shared caches alone; every row has {@code Cache-Control: max-age=60} beside. */
class TargetedControlTest {
  private static final Rules PRIVATE = new Rules(false, false, 0, 0, 0);
  private static final Rules SHARED = new Rules(true, false, 0, 0, 0);
  private static final String MINUTE = "Sun, 06 Nov 1994 08:50:37 GMT";

  private static Metadata response(String fields) {
    List<String> lines = new ArrayList<>(List.of("Cache-Control", "max-age=60", "Expires", MINUTE));
    for (String line : fields.split("\\|", -1)) {
      int colon = line.indexOf(':');
      lines.add(line.substring(0, colon).trim());
      lines.add(line.substring(colon + 1).trim());
    }
    return new Metadata(200, "OK", HeaderList.of(lines.toArray(new String[0])));
  }

  @ParameterizedTest(name = "RFC 9213: {0} -> {1} s, {2}")
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '\0',
      value = {
        "CDN-Cache-Control: max-age=10 > 10 > STORE",
        "cdn-cache-control: max-age=10;x=1, foo > 10 > STORE",
        "CDN-Cache-Control: max-age=10, s-maxage=5 > 5 > STORE",
        "CDN-Cache-Control: a| CDN-Cache-Control: max-age=10 > 10 > STORE",
        "CDN-Cache-Control: max-age=1, max-age=10 > 10 > STORE",
        "CDN-Cache-Control: max-age=99999999999 > 2147483648 > STORE",
        "CDN-Cache-Control: max-age=0 > 0 > STORE",
        "CDN-Cache-Control: public > 0 > STORE",
        "CDN-Cache-Control: no-cache > 0 > STORE",
        "CDN-Cache-Control: no-store > 0 > NO_STORE",
        "CDN-Cache-Control: private > 0 > PRIVATE",
        "CDN-Cache-Control: private=?0, max-age=10 > 10 > STORE",
        "CDN-Cache-Control: private=\"set-cookie\", max-age=10 > 10 > STORE",
        "CDN-Cache-Control: private=set-cookie, max-age=10 > 10 > STORE",
        "CDN-Cache-Control: private=1, max-age=10 > 10 > PRIVATE",
        "CDN-Cache-Control: max-age=\"10\" > 0 > STORE",
        "CDN-Cache-Control: max-age=10.5 > 0 > STORE",
        "CDN-Cache-Control: max-age=-10 > 0 > STORE",
        "CDN-Cache-Control: max-age=ten > 0 > STORE",
        "CDN-Cache-Control: max-age > 0 > STORE",
        "CDN-Cache-Control: max-age=(1 2) > 0 > STORE",
        // Not a structured field, or empty: as good as none.
        "CDN-Cache-Control:  > 60 > STORE",
        "CDN-Cache-Control: no-store, &&& > 60 > STORE",
        "CDN-Cache-Control: Max-Age=10 > 60 > STORE",
        "CDN-Cache-Control: max-age =10 > 60 > STORE",
        "CDN-Cache-Control: max-age= 10 > 60 > STORE",
        "CDN-Cache-Control: no-store, > 60 > STORE",
        "CDN-Cache-Control: max-age=9999999999999999 > 60 > STORE",
        "CDN-Cache-Control: max-age=\u0661 > 60 > STORE",
        // The most specific that is valid counts (section 2.2).
        "Thermae-Cache-Control: max-age=5| CDN-Cache-Control: no-store > 5 > STORE",
        "CDN-Cache-Control: no-store| Thermae-Cache-Control: max-age=5 > 5 > STORE",
        "Thermae-Cache-Control: =| CDN-Cache-Control: max-age=10 > 10 > STORE",
        "Other-Cache-Control: no-store > 60 > STORE",
        // Edge Architecture 1.0.
        "Surrogate-Control: max-age=10 > 10 > STORE",
        "Surrogate-Control: MAX-AGE=10+600, content=\"ESI/1.0\" > 10 > STORE",
        "Surrogate-Control: max-age=9;other > 60 > STORE",
        "Surrogate-Control: max-age=9, max-age=10;thermae > 10 > STORE",
        "Surrogate-Control: no-store > 0 > NO_STORE",
        "Surrogate-Control: no-store;thermae > 0 > NO_STORE",
        "Surrogate-Control: content=\"ESI/1.0\" > 60 > STORE",
        "Surrogate-Control: max-age=x > 0 > STORE",
        "Surrogate-Control: max-age =10 > 60 > STORE",
        "Surrogate-Control: no-store| CDN-Cache-Control: max-age=10 > 10 > STORE",
      })
  void sharedCachesObeyWhatIsAddressedToThem(String fields, long seconds, Storability expected) {
    Metadata response = response(fields);
    long lifetime = Freshness.lifetime(response, FakeTime.START, SHARED);
    assertThat(lifetime).isEqualTo(seconds * 1000);
    assertThat(judge(response, lifetime, SHARED)).isEqualTo(expected);

    assertThat(Freshness.lifetime(response, FakeTime.START, PRIVATE)).isEqualTo(60_000);
    assertThat(judge(response, 60_000, PRIVATE)).isEqualTo(Storability.STORE);
  }

  private static Storability judge(Metadata response, long lifetime, Rules rules) {
    return Storability.judge(CacheControl.NONE, HeaderList.EMPTY, response, lifetime, rules);
  }

  @Test
  void cacheControlDoesNotCountBeside() {
    Metadata response =
        new Metadata(
            200,
            "OK",
            HeaderList.of("Cache-Control", "no-store", "CDN-Cache-Control", "max-age=10"));
    long lifetime = Freshness.lifetime(response, FakeTime.START, SHARED);
    assertThat(lifetime).isEqualTo(10_000);
    assertThat(judge(response, lifetime, SHARED)).isEqualTo(Storability.STORE);
    assertThat(judge(response, 0, PRIVATE)).isEqualTo(Storability.NO_STORE);
  }

  @Test
  void readingIsTotal() {
    Random random = new Random(9213);
    String alphabet = "max-age=10,;\"\\()?:*@% \t.no-store=private\u00e4\u20ac";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder value = new StringBuilder();
      for (int i = random.nextInt(24); i > 0; i--) {
        value.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      for (String name : new String[] {"CDN-Cache-Control", "Surrogate-Control"}) {
        Metadata response = new Metadata(200, "", HeaderList.of(name, value.toString()));
        assertThat(Freshness.lifetime(response, 0, SHARED)).isNotNegative();
      }
    }
  }

  /** RFC 9213 section 2.2: a targeted field is heeded in place of Expires, and explained so. */
  @Test
  void expiresIsNotTheRuleBesideATargetedField() {
    HeaderList fields =
        HeaderList.of("CDN-Cache-Control", "public", "Expires", "Sun, 06 Nov 2094 08:49:37 GMT");
    Metadata response = new Metadata(200, "", fields);
    CacheControl shared = CacheControl.ofResponse(fields, SHARED);
    assertThat(FreshnessRule.of(response, shared, SHARED)).isEqualTo(FreshnessRule.NONE);
    CacheControl own = CacheControl.ofResponse(fields, PRIVATE);
    assertThat(FreshnessRule.of(response, own, PRIVATE)).isEqualTo(FreshnessRule.EXPIRES);
  }
}
