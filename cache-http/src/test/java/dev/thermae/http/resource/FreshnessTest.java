package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Generation;
import dev.thermae.http.resource.Freshness.Verdict;
import dev.thermae.store.EntryHead;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables: each row names the section of RFC 9111 (or of the RFC it names) that decides it. */
class FreshnessTest {
  private static final long NOW = FakeTime.START;
  private static final Rules PRIVATE = new Rules(false, false, 100_000, 86_400_000, 0);
  private static final Rules SHARED = new Rules(true, false, 100_000, 86_400_000, 0);

  private static HeaderList fields(String text) {
    List<String> lines = new ArrayList<>();
    for (String line : text.split("\\|", -1)) {
      if (!line.isBlank()) {
        int colon = line.indexOf(':');
        lines.add(line.substring(0, colon).trim());
        lines.add(line.substring(colon + 1).trim());
      }
    }
    return HeaderList.of(lines.toArray(new String[0]));
  }

  private static final String NOW_TEXT = "Sun, 06 Nov 1994 08:49:37 GMT";

  @ParameterizedTest(name = "{0}: {1} -> {2} s private, {3} s shared")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\0',
      value = {
        "4.2.1; Cache-Control: max-age=60; 60; 60",
        "4.2.1; Cache-Control: MAX-AGE=60; 60; 60",
        "5.2.2.10; Cache-Control: max-age=60, s-maxage=10; 60; 10",
        "5.2.2.10; Cache-Control: s-maxage=10; 0; 10",
        "5.2.2.10; Cache-Control: s-maxage=junk, max-age=60; 60; 0",
        "5.2; Cache-Control: max-age=\"60\"; 60; 60",
        "5.2; Cache-Control: max-age='60'; 0; 0",
        "4.2.1; Cache-Control: max-age=60.5; 0; 0",
        "4.2.1; Cache-Control: max-age=-60; 0; 0",
        "4.2.1; Cache-Control: max-age=; 0; 0",
        "4.2.1; Cache-Control: max-age; 0; 0",
        "4.2.1; Cache-Control: max-age =60; 0; 0",
        "4.2.1; Cache-Control: max-age= 60; 0; 0",
        "4.2.1; Cache-Control: max-age=60 s; 0; 0",
        "4.2.1; Cache-Control: max-age=60; 60; 60",
        "4.2.1; Cache-Control: max-age=60, max-age=60; 60; 60",
        "4.2.1; Cache-Control: max-age=60, max-age=90; 0; 0",
        "4.2.1; Cache-Control: max-age=60| Cache-Control: max-age=90; 0; 0",
        "4.2.1; Cache-Control: x| Cache-Control: max-age=90; 90; 90",
        "1.2.2; Cache-Control: max-age=99999999999999999999; 2147483648; 2147483648",
        "1.2.2; Cache-Control: max-age=0060; 60; 60",
        "5.2; Cache-Control: max-age=\"60; 0; 0",
        "5.2; Cache-Control: foo=\"a, max-age=60; 60; 60",
        "5.2; Cache-Control: foo=\"max-age=60\", max-age=5; 5; 5",
        "5.2; Cache-Control: foo=\"\\\",\", max-age=5; 5; 5",
        "5.2; Cache-Control: , ,max-age=5,,; 5; 5",
        "5.2.2.4; Cache-Control: no-cache, max-age=60; 0; 0",
        "5.2.2.4; Cache-Control: no-cache=\"set-cookie\", max-age=60; 60; 60",
        "5.2.2.4; Cache-Control: no-cache=x-a, max-age=60; 60; 60",
        "5.2.2.4; Cache-Control: no-cache=\"a\", no-cache, max-age=60; 0; 0",
        "5.2.2.4; Cache-Control: no-cache=\"\", max-age=60; 0; 0",
        "5.2.2.4; Cache-Control: no-cache=\"a b\", max-age=60; 0; 0",
        "5.2.2.4; Cache-Control: no-cache=\"a, Content-Type\", max-age=60; 0; 0",
        "5.2.2.4; Cache-Control: no-cache=\"set-cookie; 0; 0",
        "RFC 8246; Cache-Control: immutable, max-age=60; 60; 60",
        "RFC 8246; Cache-Control: immutable; 0; 0",
        "5.2.2.9; Cache-Control: public; 0; 0",
        "4.2.1; Expires: Sun, 06 Nov 1994 08:50:37 GMT; 60; 60",
        "4.2.1; Cache-Control: max-age=5| Expires: Sun, 06 Nov 1994 08:50:37 GMT; 5; 5",
        "4.2.1; Expires: Sun, 06 Nov 1994 08:50:37 GMT| Date: Sun, 06 Nov 1994 08:49:07 GMT; 90;"
            + " 90",
        "4.2.1; Expires: Sun, 06 Nov 1994 08:50:37 GMT| Date: junk; 60; 60",
        "4.2.1; Expires: Sun, 06 Nov 1994 08:48:37 GMT; 0; 0",
        "5.3; Expires: 0; 0; 0",
        "5.3; Expires: ; 0; 0",
        "5.3; Expires: tomorrow| Last-Modified: Sat, 05 Nov 1994 08:49:37 GMT; 0; 0",
        "4.2.1; Expires: Sun, 06 Nov 1994 08:50:37 GMT| Expires: 0; 0; 0",
        "5.3; Expires: Sun, 06 Nov 1994 08:50:37 UTC; 0; 0",
        "4.2; Expires: sun, 06 nov 1994 08:50:37 gmt; 60; 60",
        "5.6.7 of RFC 9110; Expires: Sunday, 06-Nov-94 08:50:37 GMT; 60; 60",
        "5.6.7 of RFC 9110; Expires: Sun Nov  6 08:50:37 1994; 60; 60",
        "4.2.2; Last-Modified: Sun, 06 Nov 1994 08:39:37 GMT; 60; 60",
        "4.2.2; Last-Modified: Sun, 06 Nov 1994 08:59:37 GMT; 0; 0",
        "4.2.2; Last-Modified: junk; 0; 0",
        "4.2.2; Last-Modified: Tue, 06 Nov 1984 08:39:37 GMT; 86400; 86400",
        "4.2.2; X: y; 0; 0",
      })
  void lifetime(String section, String response, long inPrivate, long inShared) {
    Metadata metadata = new Metadata(200, "OK", fields(response));
    assertThat(Freshness.lifetime(metadata, NOW, PRIVATE)).isEqualTo(inPrivate * 1000);
    assertThat(Freshness.lifetime(metadata, NOW, SHARED)).isEqualTo(inShared * 1000);
  }

  @ParameterizedTest(name = "4.2.2: {0} with {1} -> {2} s")
  @CsvSource({
    "200, max-stale, 60",
    "203, x, 60",
    "301, x, 60",
    "404, x, 60",
    "501, x, 60",
    "302, x, 0",
    "307, x, 0",
    "403, x, 0",
    "500, x, 0",
    "302, public, 60",
  })
  void heuristicsOnlyWhereAllowed(int status, String control, long seconds) {
    HeaderList headers =
        HeaderList.of("Last-Modified", "Sun, 06 Nov 1994 08:39:37 GMT", "Cache-Control", control);
    Metadata metadata = new Metadata(status, "", headers);
    assertThat(Freshness.lifetime(metadata, NOW, PRIVATE)).isEqualTo(seconds * 1000);
  }

  @ParameterizedTest(name = "{0}: {1}, {2} s under way -> {3} s")
  @CsvSource(
      delimiter = ';',
      value = {
        "4.2.3; X: y; 0; 0",
        "4.2.3; X: y; 3; 3",
        "4.2.3; Date: Sun, 06 Nov 1994 08:49:27 GMT; 0; 10",
        "4.2.3; Date: Sun, 06 Nov 1994 08:49:27 GMT; 3; 10",
        "4.2.3; Date: Sun, 06 Nov 1994 08:59:27 GMT; 3; 3",
        "4.2.3; Age: 20; 3; 23",
        "4.2.3; Age: 20| Date: Sun, 06 Nov 1994 08:48:37 GMT; 3; 60",
        "4.2.3; Age: 90| Date: Sun, 06 Nov 1994 08:48:37 GMT; 3; 93",
        "5.1; Age: 20, 90; 0; 20",
        "5.1; Age: 20| Age: 90; 0; 20",
        "5.1; Age: -1; 0; 0",
        "5.1; Age: 2.5; 0; 0",
        "5.1; Age: x; 0; 0",
        "5.1; Age: ; 0; 0",
        "1.2.2; Age: 99999999999; 0; 2147483648",
        "4.2.3; Date: Sun, 06 Nov 1994 08:49:27 GMT| Date: x; 0; 0",
      })
  void initialAge(String section, String response, long delaySeconds, long seconds) {
    long requested = NOW - delaySeconds * 1000;
    assertThat(Freshness.initialAge(fields(response), requested, NOW)).isEqualTo(seconds * 1000);
  }

  private static EntryHead head(long lifetimeSeconds) {
    return new EntryHead(
        "k",
        "",
        Generation.NONE,
        NOW,
        NOW,
        0,
        lifetimeSeconds * 1000,
        Long.MIN_VALUE,
        200 << 16,
        "",
        "",
        new byte[32],
        new byte[32],
        0,
        new byte[0]);
  }

  private static CacheControl control(String text) {
    return CacheControl.parse(List.of(text));
  }

  @ParameterizedTest(name = "{0}: request [{1}], stored for 60 s [{2}], {3} s old -> {4}, {5}")
  @CsvSource(
      delimiter = ';',
      value = {
        "4.2; x; max-age=60; 0; FRESH; FRESH",
        "4.2; x; max-age=60; 59; FRESH; FRESH",
        "4.2; x; max-age=60; 60; VALIDATE; VALIDATE",
        "5.2.1.4; no-cache; max-age=60; 1; VALIDATE; VALIDATE",
        "5.2.2.4; x; max-age=60, no-cache; 1; VALIDATE; VALIDATE",
        "5.2.1.1; max-age=10; max-age=60; 10; FRESH; FRESH",
        "5.2.1.1; max-age=10; max-age=60; 11; VALIDATE; VALIDATE",
        "5.2.1.1; max-age=0; max-age=60; 0; VALIDATE; VALIDATE",
        "5.2.1.1; max-age=junk; max-age=60; 1; VALIDATE; VALIDATE",
        "RFC 8246 2; max-age=0; max-age=60, immutable; 10; FRESH; FRESH",
        "RFC 8246 2; no-cache; max-age=60, immutable; 10; VALIDATE; VALIDATE",
        "RFC 8246 2; max-age=0; max-age=60, immutable; 61; VALIDATE; VALIDATE",
        "5.2.1.3; min-fresh=20; max-age=60; 40; FRESH; FRESH",
        "5.2.1.3; min-fresh=20; max-age=60; 41; VALIDATE; VALIDATE",
        "5.2.1.3; min-fresh=junk; max-age=60; 1; VALIDATE; VALIDATE",
        "5.2.1.2; max-stale=10; max-age=60; 70; STALE_ACCEPTED; STALE_ACCEPTED",
        "5.2.1.2; max-stale=10; max-age=60; 71; VALIDATE; VALIDATE",
        "5.2.1.2; max-stale; max-age=60; 999999; STALE_ACCEPTED; STALE_ACCEPTED",
        "5.2.1.2; max-stale=junk; max-age=60; 61; VALIDATE; VALIDATE",
        "5.2.1.2; max-stale=10, max-age=50; max-age=60; 65; VALIDATE; VALIDATE",
        "4.2.4; max-stale; max-age=60, must-revalidate; 61; VALIDATE; VALIDATE",
        "4.2.4; max-stale; max-age=60, proxy-revalidate; 61; STALE_ACCEPTED; VALIDATE",
        "5.2.2.10; max-stale; s-maxage=60; 61; STALE_ACCEPTED; VALIDATE",
        "5.2.1.5; no-store; max-age=60; 1; FRESH; FRESH",
        "4.2.3; x; max-age=60; -1; VALIDATE; VALIDATE",
        "5.4; pragma; max-age=60; 1; FRESH; FRESH",
      })
  void judge(
      String section,
      String request,
      String stored,
      long age,
      Verdict inPrivate,
      Verdict inShared) {
    long now = NOW + age * 1000;
    CacheControl asked = control(request);
    CacheControl said = control(stored);
    assertThat(Freshness.judge(asked, said, head(60), now, PRIVATE)).isEqualTo(inPrivate);
    assertThat(Freshness.judge(asked, said, head(60), now, SHARED)).isEqualTo(inShared);
  }

  @ParameterizedTest(name = "{0}: [{1}] [{2}] {3} s old -> disconnected {4}, error {5}, shared {6}")
  @CsvSource(
      delimiter = ';',
      value = {
        "4.2.4; x; max-age=60; 70; true; false; true",
        "4.2.4; x; max-age=60; 160; true; false; true",
        "4.2.4; x; max-age=60; 161; false; false; false",
        "4.2.4; x; max-age=60, must-revalidate; 61; false; false; false",
        "4.2.4; x; max-age=60, no-cache; 61; false; false; false",
        "4.2.4; x; max-age=60, proxy-revalidate; 61; true; false; false",
        "5.2.2.10; x; max-age=60, s-maxage=60; 61; true; false; false",
        "RFC 5861 4; x; max-age=60, stale-if-error=500; 560; true; true; true",
        "RFC 5861 4; x; max-age=60, stale-if-error=500; 561; false; false; false",
        "RFC 5861 4; stale-if-error=500; max-age=60; 560; true; true; true",
        "RFC 5861 4; x; max-age=60, stale-if-error=9, must-revalidate; 61; false; false; false",
        "RFC 5861 4; x; max-age=60, stale-if-error=junk; 61; true; false; true",
        "5.2.1.4; no-cache; max-age=60, stale-if-error=500; 61; false; false; false",
        "5.2.1.1; max-age=10; max-age=60, stale-if-error=500; 61; false; false; false",
        "5.2.1.3; min-fresh=1; max-age=60, stale-if-error=500; 61; false; false; false",
      })
  void standIn(
      String section,
      String request,
      String stored,
      long age,
      boolean disconnected,
      boolean error,
      boolean disconnectedShared) {
    long now = NOW + age * 1000;
    CacheControl asked = control(request);
    CacheControl said = control(stored);
    assertThat(Freshness.mayStandIn(asked, said, head(60), now, true, PRIVATE))
        .isEqualTo(disconnected);
    assertThat(Freshness.mayStandIn(asked, said, head(60), now, false, PRIVATE)).isEqualTo(error);
    assertThat(Freshness.mayStandIn(asked, said, head(60), now, true, SHARED))
        .isEqualTo(disconnectedShared);
  }

  @ParameterizedTest(name = "3: {0} [{1}] request [{2}] {3} -> {4} private, {5} shared")
  @CsvSource(
      delimiter = ';',
      value = {
        "200; x; x; X; STORE; STORE",
        "204; x; x; X; STORE; STORE",
        "201; x; x; X; NO_LIFETIME; NO_LIFETIME",
        "201; max-age=9; x; X; STORE; STORE",
        "302; x; x; X; NO_LIFETIME; NO_LIFETIME",
        "302; max-age=9; x; X; STORE; STORE",
        "404; x; x; X; NO_LIFETIME; NO_LIFETIME",
        "404; max-age=9; x; X; STORE; STORE",
        "206; max-age=9; x; X; STATUS; STATUS",
        "304; max-age=9; x; X; STATUS; STATUS",
        "200; no-store; x; X; NO_STORE; NO_STORE",
        "200; no-store=\"a\"; x; X; NO_STORE; NO_STORE",
        "200; NO-STORE; x; X; NO_STORE; NO_STORE",
        "200; max-age=\"9, no-store; x; X; NO_STORE; NO_STORE",
        "200; no-store, must-understand; x; X; STORE; STORE",
        "499; max-age=9, must-understand; x; X; STATUS; STATUS",
        "200; x; no-store; X; REQUEST_FORBIDS; REQUEST_FORBIDS",
        "200; private; x; X; STORE; PRIVATE",
        "200; private=\"set-cookie\"; x; X; STORE; STORE",
        "200; private=\"set-cookie\", private; x; X; STORE; PRIVATE",
        "200; private=\"vary\"; x; X; STORE; PRIVATE",
        "200; max-age=9; x; Authorization; CREDENTIALS; CREDENTIALS",
        "200; max-age=9, public; x; Authorization; STORE; STORE",
        "200; max-age=9, must-revalidate; x; Authorization; STORE; STORE",
        "200; s-maxage=9; x; Authorization; STORE; STORE",
        "200; max-age=9; x; Cookie; CREDENTIALS; STORE",
        "200; max-age=9, public; x; Cookie; STORE; STORE",
        "200; max-age=9, private; x; Cookie; PRIVATE; PRIVATE",
      })
  void storability(
      int status,
      String response,
      String request,
      String field,
      Storability inPrivate,
      Storability inShared) {
    Metadata metadata = new Metadata(status, "", HeaderList.of("Cache-Control", response));
    HeaderList sent = HeaderList.of(field, "a");
    CacheControl asked = control(request);
    long lifetime = Freshness.lifetime(metadata, NOW, SHARED);
    assertThat(Storability.judge(asked, sent, metadata, lifetime, PRIVATE)).isEqualTo(inPrivate);
    assertThat(Storability.judge(asked, sent, metadata, lifetime, SHARED)).isEqualTo(inShared);
  }

  @ParameterizedTest(name = "section 8: one user''s namespace, [{0}] -> {1}")
  @CsvSource({"max-age=9, STORE", "private, STORE", "no-store, NO_STORE"})
  void oneUsersNamespaceStoresTheUsersResponses(String response, Storability expected) {
    Metadata metadata = new Metadata(200, "", HeaderList.of("Cache-Control", response));
    HeaderList sent = HeaderList.of("Cookie", "a", "Authorization", "b");
    Rules rules = new Rules(false, true, 0, 0, 0);
    assertThat(Storability.judge(CacheControl.NONE, sent, metadata, 9, rules)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Sun, 06 Nov 1994 08:49:37 GMT; 784111777",
        "Sunday, 06-Nov-94 08:49:37 GMT; 784111777",
        "Sun Nov  6 08:49:37 1994; 784111777",
        "Wed Nov 16 08:49:37 1994; 784975777",
        "Thu, 01 Jan 1970 00:00:00 GMT; 0",
        "Tue, 29 Feb 2000 12:00:00 GMT; 951825600",
        "Fri, 31 Dec 9999 23:59:59 GMT; 253402300799",
        "Fri, 30 Jun 2028 23:59:60 GMT; 1846022399",
        "Thursday, 01-Jan-70 00:00:00 GMT; 0",
        "Thursday, 18-Aug-44 00:00:00 GMT; 2355091200",
        "Saturday, 18-Aug-45 00:00:00 GMT; -769132800",
      })
  void dates(String text, long seconds) {
    assertThat(HttpDates.parse(text, NOW)).isEqualTo(seconds * 1000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 8:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sun,  06 Nov 1994 08:49:37 GMT",
        "Sun 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Nov 1994 08.49.37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Tue, 29 Feb 1900 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Son, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nev 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 CET",
        "Sunday, 06 Nov 94 08:49:37 GMT",
        "Sun Nov 06 8:49:37 1994 GMT",
        "784111777",
        "0",
        ",",
        ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,",
      })
  void noDates(String text) {
    assertThat(HttpDates.parse(text, NOW)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1970",
    "784111777000, 1994",
    "951825600000, 2000",
    "-1, 1969",
    "253402300799000, 9999",
    "4107542400000, 2100",
    "1709164800000, 2024",
  })
  void formatsWhatItParses(long millis, String year) {
    String text = HttpDates.format(millis);
    assertThat(text).hasSize(29).contains(" " + year + " ");
    assertThat(HttpDates.parse(text, NOW)).isEqualTo(Math.floorDiv(millis, 1000) * 1000);
    assertThat(HttpDates.format(NOW)).isEqualTo(NOW_TEXT);
  }
}
