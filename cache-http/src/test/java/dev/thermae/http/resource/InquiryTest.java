package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is foretold is what the loader does then: over a matrix, and against the real thing. */
class InquiryTest extends LoaderFixture {
  private static final List<String> DIRECTIVES =
      List.of(
          "max-age=60",
          "max-age=60, s-maxage=5",
          "no-cache",
          "max-age=60, no-cache",
          "max-age=60, must-revalidate",
          "max-age=60, proxy-revalidate",
          "max-age=60, stale-if-error=30",
          "max-age=60, immutable",
          "max-age=0",
          "public");
  private static final List<String> REQUESTS =
      List.of(
          "",
          "no-cache",
          "max-age=0",
          "max-age=20",
          "min-fresh=50",
          "max-stale",
          "max-stale=5",
          "only-if-cached",
          "stale-if-error=10",
          "only-if-cached, no-cache");
  private static final long[] AGES = {0, 30, 60, 63, 100};

  private int number;

  private Inquiry inquiry(boolean shared) {
    return Inquiry.of(settings().shared(shared));
  }

  private Outlook outlook(Inquiry inquiry, String path, ResourceRequest request)
      throws IOException {
    StoredEntry entry = store.find(inquiry.key(url(path)), request);
    return entry == null
        ? inquiry.missing(request)
        : inquiry.outlook(request, entry.head(), true, time.millis());
  }

  private ResourceRequest request(String path, String control) {
    ResourceRequest request = ResourceRequest.get(url(path));
    return control.isEmpty() ? request : request.header("Cache-Control", control);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsForetoldHappens(boolean shared) throws IOException {
    use(settings().shared(shared));
    Inquiry inquiry = inquiry(shared);
    List<Outlook.Action> met = new ArrayList<>();
    for (String directives : DIRECTIVES) {
      met.addAll(checkAll(inquiry, directives, "ETag: \"1\""));
    }
    met.addAll(checkAll(inquiry, "max-age=60", "X-None: 1"));
    assertThat(met).contains(Outlook.Action.values());
  }

  /** One response at all ages; what is asked of it in vain does not change it. */
  private List<Outlook.Action> checkAll(Inquiry inquiry, String directives, String validator)
      throws IOException {
    String path = "/" + number++;
    answer(200, "a", "Cache-Control: " + directives, validator);
    get(path);
    long start = time.millis();
    List<Outlook.Action> met = new ArrayList<>();
    for (long age : AGES) {
      time.advanceSeconds(age - (time.millis() - start) / 1000);
      for (String control : REQUESTS) {
        String what = directives + " | " + validator + " | " + age + " s | " + control;
        met.add(check(inquiry, path, request(path, control), what));
      }
    }
    return met;
  }

  private Outlook.Action check(Inquiry inquiry, String path, ResourceRequest request, String what)
      throws IOException {
    Outlook outlook = outlook(inquiry, path, request);
    int before = requests.size();
    boolean asks =
        outlook.action() == Outlook.Action.VALIDATED || outlook.action() == Outlook.Action.FETCHED;
    if (asks) {
      answer(503, "");
    }
    Fetched fetched = loader.fetch(request);
    assertThat(requests.size() - before).as(what).isEqualTo(asks ? 1 : 0);
    boolean refused = outlook.action() == Outlook.Action.REFUSED;
    assertThat(fetched.status() == 504).as(what).isEqualTo(refused);
    if (asks) {
      Headers sent = lastRequest().getHeaders();
      assertThat(sent.get("If-None-Match")).isEqualTo(outlook.conditions().first("If-None-Match"));
      Long until = outlook.stale().untilOnError();
      boolean standsIn = until != null && time.millis() <= until;
      assertThat(fetched.outcome() == Fetched.Outcome.STALE).as(what).isEqualTo(standsIn);
    }
    return outlook.action();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void howLongItStandsInForAnOriginThatIsAway(boolean shared) throws IOException {
    use(settings().shared(shared));
    Inquiry inquiry = inquiry(shared);
    List<String> paths = new ArrayList<>();
    for (String directives : DIRECTIVES) {
      String path = "/" + paths.size();
      paths.add(path);
      answer(200, "a", "Cache-Control: " + directives, "ETag: \"1\"");
      get(path);
    }
    server.close();
    int stood = 0;
    for (long seconds : new long[] {70, 20, 86_000, 500}) {
      time.advanceSeconds(seconds);
      for (String path : paths) {
        Outlook outlook = outlook(inquiry, path, ResourceRequest.get(url(path)));
        Long until = outlook.stale().untilUnreachable();
        if (until != null && time.millis() <= until) {
          get(path).is(Fetched.Outcome.STALE);
          stood++;
        } else {
          assertThat(fails(path)).as(path).isNotNull();
        }
        if (outlook.stale().forbiddenBy() != null) {
          assertThat(until).isNull();
        }
      }
    }
    assertThat(stood).isBetween(5, 35);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Cache-Control: no-cache, max-age=5 | no-cache | no-cache",
        "Cache-Control: max-age=60, s-maxage=5 | max-age=60 | s-maxage=5",
        "Cache-Control: max-age=x | max-age=0 | max-age=0",
        "Expires: Sun, 06 Nov 1994 08:50:37 GMT | Expires: Sun, 06 Nov | Expires: Sun, 06 Nov",
        "Last-Modified: Sat, 05 Nov 1994 08:49:37 GMT | heuristic, 10 % | heuristic, 10 %",
        "X-Any: 1 | none | none",
      })
  void theRuleIsSaid(String field, String whenPrivate, String whenShared) throws IOException {
    for (boolean shared : new boolean[] {false, true}) {
      use(settings().shared(shared));
      answer(200, "a", field);
      get("/a");
      Outlook outlook = outlook(inquiry(shared), "/a", ResourceRequest.get(url("/a")));
      assertThat(outlook.rule()).startsWith(shared ? whenShared : whenPrivate);
    }
  }

  /** The rule's own figure is the lifetime that {@link Freshness} gives. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theRuleIsTheOneThatDecides(boolean shared) {
    Rules rules = new Rules(shared, false, 0, 3_600_000, 0);
    String[] controls = {
      "", "no-cache", "max-age=7", "s-maxage=3", "max-age=7, s-maxage=3", "public"
    };
    String[] expires = {"", time.date(5), "0"};
    String[] modified = {"", time.date(-100), time.date(-1_000_000), "rubbish"};
    for (int status : new int[] {200, 302, 404, 500}) {
      for (String control : controls) {
        for (String expiry : expires) {
          for (String change : modified) {
            HeaderList headers = HeaderList.of("Date", time.date(0));
            headers = control.isEmpty() ? headers : headers.with("Cache-Control", control);
            headers = expiry.isEmpty() ? headers : headers.with("Expires", expiry);
            headers = change.isEmpty() ? headers : headers.with("Last-Modified", change);
            Metadata response = new Metadata(status, "", headers);
            long lifetime = Freshness.lifetime(response, time.millis(), rules);
            FreshnessRule rule =
                FreshnessRule.of(
                    response, CacheControl.ofResponse(response.headers(), rules), rules);
            assertThat(lifetime).as("%s %s", rule, response).isIn(possible(rule, expiry));
          }
        }
      }
    }
  }

  private static List<Long> possible(FreshnessRule rule, String expiry) {
    return switch (rule) {
      case NO_CACHE, NONE -> List.of(0L);
      case S_MAXAGE -> List.of(3_000L);
      case MAX_AGE -> List.of(7_000L);
      case EXPIRES -> List.of(expiry.equals("0") ? 0L : 5_000L);
      case HEURISTIC -> List.of(10_000L, 3_600_000L, 0L);
    };
  }

  @Test
  void requestsThatGoPastTheCache() throws IOException {
    answer(200, "a", "Cache-Control: max-age=60");
    get("/a");
    ResourceRequest ranged = ResourceRequest.get(url("/a")).header("Range", "bytes=0-1");
    Outlook outlook = outlook(inquiry(false), "/a", ranged);
    assertThat(outlook.action()).isEqualTo(Outlook.Action.FETCHED);
    assertThat(outlook.why()).contains("past the cache");
  }

  @Test
  void aBodyThatCannotBeReadIsFetched() throws IOException {
    answer(200, "a", "Cache-Control: max-age=60");
    get("/a");
    Inquiry inquiry = inquiry(false);
    ResourceRequest request = ResourceRequest.get(url("/a"));
    StoredEntry entry = store.find(inquiry.key(url("/a")), request);
    Outlook outlook = inquiry.outlook(request, entry.head(), false, time.millis());
    assertThat(outlook.action()).isEqualTo(Outlook.Action.FETCHED);
    assertThat(outlook.why()).isEqualTo("the stored body cannot be read");
    assertThat(inquiry.view(url("/a"), entry, time.millis()).source().text()).isEqualTo("a");
  }

  @Test
  void urlsAreNormalized() throws IOException {
    Inquiry inquiry = inquiry(true);
    assertThat(inquiry.normalize("HTTP://Example.org:80/a/../b#c"))
        .isEqualTo("http://example.org/b");
    assertThat(inquiry.key("http://example.org/b")).isEqualTo("GET/shared \nhttp://example.org/b");
    assertThatThrownBy(() -> inquiry.normalize("nonsense")).isInstanceOf(FetchException.class);
  }
}
