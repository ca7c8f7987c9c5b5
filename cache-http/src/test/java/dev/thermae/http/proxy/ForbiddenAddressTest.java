package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.event.Counters;
import dev.thermae.http.guard.GuardedNetwork;
import dev.thermae.http.guard.OriginGuard;
import dev.thermae.http.guard.OriginRules;
import dev.thermae.http.resource.FakeTime;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.store.MemoryStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Forbidden addresses in all their spellings, named directly, by a redirect, and by a resolver that
 * answers otherwise the second time. All of them lead to a canary in the network of this test, and
 * one public address to an origin: so what the guard lets through is seen, and each test is run
 * without the guard to show that it would be.
 */
@Tag("once")
class ForbiddenAddressTest {
  private static final List<String> FORMS = ForbiddenForms.all();
  private static final int PORT = 8999;

  private final CountingServer canary = new CountingServer("canary");
  private final CountingServer origin = new CountingServer("origin");
  private final FakeTime time = new FakeTime();
  private final Map<String, Integer> lookups = new ConcurrentHashMap<>();
  private InetAddress open;
  private OkHttpClient client;

  @BeforeEach
  void start() throws Exception {
    open = InetAddress.getByName("93.184.216.34");
    canary.start();
    origin.start();
    origin.answers(
        path ->
            path.startsWith("/to/")
                ? "HTTP/1.1 302 Found\r\nLocation: http://" + form(path) + ":" + PORT + "/\r\n"
                : "HTTP/1.1 200 OK\r\n");
    client =
        new OkHttpClient.Builder()
            .dns(this::resolve)
            .socketFactory(GuardedNetwork.open(this::network))
            .callTimeout(Duration.ofSeconds(20))
            .build();
  }

  @AfterEach
  void stop() throws Exception {
    canary.close();
    origin.close();
  }

  private static String form(String path) {
    return FORMS.get(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)));
  }

  private SocketAddress network(SocketAddress asked) {
    boolean isOpen = ((InetSocketAddress) asked).getAddress().equals(open);
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), isOpen ? origin.port() : canary.port());
  }

  /** {@code nN.rebind.example} is public the first time, and then what the form N says. */
  private List<InetAddress> resolve(String host) throws UnknownHostException {
    if (host.equals("start.example")) {
      return List.of(open);
    } else if (!host.endsWith(".rebind.example")) {
      return List.of(InetAddress.getAllByName(host));
    }
    boolean first = lookups.merge(host, 1, Integer::sum) == 1;
    return List.of(first ? open : rebound(host));
  }

  /** An address that the JDK does not read as others do is its loopback instead. */
  private static InetAddress rebound(String host) {
    int index = Integer.parseInt(host.substring(1, host.indexOf('.')));
    String form = FORMS.get(index);
    if (ForbiddenForms.isOctal(form)) {
      return InetAddress.getLoopbackAddress();
    }
    try {
      boolean six = form.startsWith("[");
      return InetAddress.getByName(six ? form.substring(1, form.length() - 1) : form);
    } catch (UnknownHostException e) {
      return InetAddress.getLoopbackAddress();
    }
  }

  private static String rebinding(int index) {
    return "n" + index + ".rebind.example";
  }

  /** What may be allowed in so many words; spellings with two readings may not. */
  private static OriginRules rules(boolean internal) {
    OriginRules rules = OriginRules.none().allow("http://start.example:" + PORT);
    for (int i = 0; i < FORMS.size(); i++) {
      rules = with(rules, "http://" + FORMS.get(i) + ":" + PORT, internal);
      rules = with(rules, "http://" + rebinding(i) + ":" + PORT, internal);
    }
    return rules;
  }

  private static OriginRules with(OriginRules rules, String origin, boolean internal) {
    try {
      return internal ? rules.allowInternal(origin) : rules.allow(origin);
    } catch (IllegalArgumentException twoReadings) {
      return rules;
    }
  }

  private interface Visit {
    void visit(int port) throws IOException;
  }

  /** A real proxy, whose clients choose among the forms. */
  private void throughProxy(boolean internal, Visit visit) throws Exception {
    OriginRules rules = rules(internal);
    try (OriginGuard guard = GuardedNetwork.guard(rules, () -> client, this::network);
        ResourceLoader loader =
            ResourceLoader.builder(new MemoryStore(1 << 20, new Counters(null), time))
                .time(time)
                .shared(true)
                .okHttpClient(guard)
                .build()) {
      ProxyServerBuilder settings =
          ProxyServer.builder()
              .fetch(rules)
              .listener(new ListenerSettings().stopTimeout(Duration.ofSeconds(1)));
      settings.guard(guard);
      try (ProxyServer proxy = settings.start(loader)) {
        visit.visit(proxy.port());
      }
    }
  }

  private static int fetch(int port, String host, String path) throws IOException {
    String escaped = escaped(host);
    String target = "/fetch/http/" + escaped + ':' + PORT + path;
    String request = "GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    return RawAnswer.to(port, request).status();
  }

  private static String escaped(String host) {
    StringBuilder text = new StringBuilder();
    for (byte octet : host.getBytes(StandardCharsets.UTF_8)) {
      text.append(
          octet < 0 || octet == '[' || octet == ']'
              ? String.format(Locale.ROOT, "%%%02X", octet & 0xff)
              : "" + (char) octet);
    }
    return text.toString();
  }

  private static void direct(int port, Map<Integer, Integer> statuses) throws IOException {
    for (String form : FORMS) {
      statuses.merge(fetch(port, form, "/"), 1, Integer::sum);
    }
  }

  private static void redirected(int port, Map<Integer, Integer> statuses) throws IOException {
    for (int i = 0; i < FORMS.size(); i++) {
      statuses.merge(fetch(port, "start.example", "/to/" + i), 1, Integer::sum);
    }
  }

  private static void rebound(int port, Map<Integer, Integer> statuses) throws IOException {
    for (int i = 0; i < FORMS.size(); i++) {
      assertThat(fetch(port, rebinding(i), "/first")).isEqualTo(200);
      statuses.merge(fetch(port, rebinding(i), "/second"), 1, Integer::sum);
    }
  }

  @Test
  void thereAreEnoughForms() {
    assertThat(FORMS).hasSizeGreaterThan(300).doesNotHaveDuplicates();
  }

  @Test
  void noneIsReachedDirectly() throws Exception {
    Map<Integer, Integer> statuses = new TreeMap<>();
    throughProxy(false, port -> direct(port, statuses));
    assertThat(canary.connections()).as(statuses.toString()).isZero();
    assertThat(statuses).containsOnlyKeys(400, 403);
  }

  @Test
  void noneIsReachedByARedirect() throws Exception {
    Map<Integer, Integer> statuses = new TreeMap<>();
    throughProxy(false, port -> redirected(port, statuses));
    assertThat(origin.connections()).isEqualTo(FORMS.size());
    assertThat(canary.connections()).as(statuses.toString()).isZero();
    assertThat(statuses).containsOnlyKeys(403, 502);
  }

  @Test
  void noneIsReachedByResolvingAgain() throws Exception {
    Map<Integer, Integer> statuses = new TreeMap<>();
    throughProxy(false, port -> rebound(port, statuses));
    assertThat(origin.connections()).isEqualTo(FORMS.size());
    assertThat(canary.connections()).isZero();
    assertThat(statuses).containsOnlyKeys(403);
  }

  @Test
  void internalOnesAre() throws Exception {
    Map<Integer, Integer> statuses = new TreeMap<>();
    throughProxy(true, port -> direct(port, statuses));
    int reached = canary.connections();
    assertThat(reached).as(statuses.toString()).isGreaterThan(200);
    assertThat(statuses).containsEntry(200, reached);
    throughProxy(true, port -> redirected(port, statuses));
    assertThat(canary.connections()).isGreaterThanOrEqualTo(2 * reached);
    lookups.clear();
    int before = canary.connections();
    throughProxy(true, port -> rebound(port, statuses));
    assertThat(canary.connections() - before).isEqualTo(FORMS.size());
  }

  /** Spellings that the judge of URLs refuses never come to the judge of addresses otherwise. */
  @Test
  void addressesAreJudgedWithoutTheJudgeOfUrls() throws Exception {
    List<String> reached = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    OkHttpClient guarded = GuardedNetwork.addressesOnly(client, this::network);
    for (String form : FORMS) {
      HttpUrl url = HttpUrl.parse("http://" + form + ':' + PORT + '/');
      if (url != null && !ForbiddenForms.isOctal(form) && isAnswered(client, url)) {
        reached.add(form);
        if (!isAnswered(guarded, url)) {
          refused.add(form);
        }
      }
    }
    assertThat(reached).hasSizeGreaterThan(300);
    assertThat(refused).isEqualTo(reached);
    assertThat(canary.connections()).isEqualTo(reached.size());
  }

  private static boolean isAnswered(OkHttpClient by, HttpUrl url) {
    try (Response response = by.newCall(new Request.Builder().url(url).build()).execute()) {
      return response.isSuccessful();
    } catch (IOException e) {
      return false;
    }
  }
}
