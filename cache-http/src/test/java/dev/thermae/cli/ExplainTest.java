package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.CodeCache;
import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Seal;
import dev.thermae.code.Shape;
import dev.thermae.disk.DiskStore;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.store.EntryHead;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code thermae explain}: what it tells is so, and telling it changes and sends nothing. */
class ExplainTest extends CommandFixture {
  private static final String MINUTES = "Cache-Control: max-age=600";

  private JsonNode explain(String url, String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("explain", url, "--json"));
    args.addAll(List.of(more));
    Map<Path, FileTime> before = files();
    int requests = origin.getRequestCount();
    assertThat(run(args.toArray(new String[0]))).as(err()).isZero();
    assertThat(files()).isEqualTo(before);
    assertThat(origin.getRequestCount()).isEqualTo(requests);
    JsonNode told = json();
    args.remove("--json");
    assertThat(run(args.toArray(new String[0]))).isZero();
    return told;
  }

  private Map<Path, FileTime> files() throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path file : all.toList()) {
          times.put(file, Files.getLastModifiedTime(file));
        }
      }
    }
    return times;
  }

  private Path fileThatEnds(String end) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(end)).findFirst().orElseThrow();
    }
  }

  private String load(String... args) {
    List<String> all = new ArrayList<>(List.of("load", "--json"));
    all.addAll(List.of(args));
    assertThat(run(all.toArray(new String[0]))).as(err()).isZero();
    return json().at("/loads/0/code/temperature").asString();
  }

  private static String at(JsonNode told, String path) {
    return told.at(path).asString("");
  }

  @Test
  void aFolderThatDoesNotExistIsNotMade() throws IOException {
    JsonNode told = explain("http://Example.org/a.js#x");
    assertThat(folder).doesNotExist();
    assertThat(told.get("folderExists").asBoolean()).isFalse();
    assertThat(at(told, "/urls/0/keys/0/key")).isEqualTo("GET \nhttp://example.org/a.js");
    assertThat(out()).contains("(does not exist, not created)").contains("nothing is stored");
  }

  @Test
  void whatIsNotStoredIsSaidWithTheKeysThatWereLookedAt() throws IOException {
    answer("/a.js", SCRIPT, MINUTES);
    load(url("/a.js"));
    JsonNode told = explain(url("/b.js"), "--namespace", "n");
    assertThat(told.at("/urls/0/stored").asBoolean()).isFalse();
    assertThat(at(told, "/urls/0/keys/0/key")).isEqualTo("GET n\n" + url("/b.js"));
    assertThat(at(told, "/urls/0/keys/1/key")).isEqualTo("GET/shared n\n" + url("/b.js"));
    assertThat(at(told, "/urls/0/request/action")).isEqualTo("fetched");
    assertThat(at(told, "/urls/0/nextRun/temperature")).isEqualTo("cold");
    assertThat(out()).contains("GET " + url("/b.js") + ", namespace n: nothing");
    assertThat(explain(url("/a.js"), "--namespace", "n").at("/urls/0/stored").asBoolean())
        .isFalse();
    assertThat(explain(url("/a.js")).at("/urls/0/stored").asBoolean()).isTrue();
  }

  @Test
  void aStoredScript() throws IOException {
    answer("/a.js", SCRIPT, MINUTES, "ETag: \"1\"", "X-Kept: 1");
    load(url("/a.js"), "--repeat", "2");
    JsonNode told = explain(url("/a.js"));
    JsonNode variant = told.at("/urls/0/variants/0");
    assertThat(variant.get("selected").asBoolean()).isTrue();
    assertThat(at(variant, "/state")).isEqualTo("usable");
    JsonNode response = variant.get("response");
    assertThat(at(response, "/status")).isEqualTo("200 OK");
    assertThat(response.get("fields").toString()).contains("X-Kept: 1");
    assertThat(at(response, "/generation")).matches("[0-9a-f]{32}");
    assertThat(at(response, "/freshBy")).isEqualTo("max-age=600");
    assertThat(response.get("lifetimeSeconds").asDouble()).isEqualTo(600);
    assertThat(response.get("ageSeconds").asDouble()).isBetween(0.0, 120.0);
    assertThat(response.get("fresh").asBoolean()).isTrue();
    assertThat(at(response, "/body")).isEqualTo("verified");
    assertThat(response.get("bodyBytes").asLong()).isEqualTo(SCRIPT.length());
    JsonNode slot = variant.at("/slots/0");
    assertThat(at(slot, "/engine")).isEqualTo("rhino");
    assertThat(slot.get("current").asBoolean()).isTrue();
    assertThat(at(slot, "/fingerprint")).isEqualTo(at(told, "/fingerprint"));
    assertThat(at(slot, "/code")).isEqualTo("verified");
    assertThat(slot.get("codeBytes").asLong()).isEqualTo(Files.size(fileThatEnds(".c")));
    assertThat(slot.get("seen").asInt()).isEqualTo(1);
    assertThat(at(told, "/urls/0/request/action")).isEqualTo("served");
    assertThat(out())
        .contains("usable, selected by this request")
        .contains("fresh until")
        .contains("rhino as it runs here")
        .contains("the next run with rhino, policy chrome, is hot");
  }

  /** Whatever is in the slot, and whatever the policy: what is foretold is what happens. */
  @ParameterizedTest
  @CsvSource({
    "chrome, cold warm hot hot",
    "firefox, cold cold cold warm",
    "eager, cold hot hot hot"
  })
  void theForecastIsWhatHappens(String policy, String expected) throws IOException {
    answer("/a.js", SCRIPT, MINUTES);
    List<String> happened = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      JsonNode told = explain(url("/a.js"), "--policy", policy);
      String temperature = load(url("/a.js"), "--policy", policy);
      assertThat(at(told, "/urls/0/nextRun/temperature")).as("load %d", i).isEqualTo(temperature);
      happened.add(temperature);
    }
    assertThat(String.join(" ", happened)).isEqualTo(expected);
    for (String other : new String[] {"chrome", "firefox", "eager"}) {
      JsonNode told = explain(url("/a.js"), "--policy", other);
      assertThat(at(told, "/urls/0/nextRun/temperature"))
          .isEqualTo(load(url("/a.js"), "--policy", other));
    }
  }

  @Test
  void smallAndOldAreToldAsTheyAreLoaded() throws IOException {
    answer("/small.js", "var a", MINUTES);
    load(url("/small.js"), "--repeat", "2");
    JsonNode small = explain(url("/small.js"));
    assertThat(at(small, "/urls/0/nextRun/why")).contains("so small");
    assertThat(load(url("/small.js"))).isEqualTo(at(small, "/urls/0/nextRun/temperature"));

    answer("/a.js", SCRIPT, MINUTES);
    load(url("/a.js"));
    long old = TimeSource.SYSTEM.millis() - 73 * 3_600_000L;
    Files.setLastModifiedTime(fileThatEnds(".s"), FileTime.fromMillis(old));
    JsonNode told = explain(url("/a.js"));
    assertThat(at(told, "/urls/0/nextRun/why")).contains("seen once").contains("too long ago");
    assertThat(load(url("/a.js"))).isEqualTo("cold");
  }

  @Test
  void damagedCodeIsRejectedWithItsReasonAndMakesTheNextRunWarm() throws IOException {
    answer("/a.js", SCRIPT, MINUTES);
    load(url("/a.js"), "--policy", "eager");
    flip(fileThatEnds(".c"), 200);
    JsonNode told = explain(url("/a.js"));
    JsonNode slot = told.at("/urls/0/variants/0/slots/0");
    assertThat(at(slot, "/code")).isEqualTo("rejected");
    assertThat(at(slot, "/rejected")).startsWith("SEAL: the seal does not match");
    assertThat(at(told, "/urls/0/nextRun/temperature")).isEqualTo("warm");
    assertThat(load(url("/a.js"))).isEqualTo("warm");
  }

  /** Sealed as it should be, and nothing that Rhino ever wrote. */
  @Test
  void codeThatTheEngineRefuses() throws IOException {
    answer("/a.js", SCRIPT, MINUTES);
    load(url("/a.js"));
    Fingerprint ours = EngineFingerprint.compute(RhinoEngine.create());
    try (CodeCache cache = CodeCache.builder().directory(folder).build();
        ResourceLoader loader =
            ResourceLoader.of(cache.store(), cache.time(), cache.counters(), "")) {
      Fetched fetched = loader.fetch(url("/a.js"));
      EntryHead head = fetched.entry().head();
      CodeKey key = new CodeKey("", fetched.source(), Shape.SCRIPT, ours);
      byte[] sealed =
          key.seal(cache.store().seal(), head.keyHash(), head.generation(), new byte[50]);
      String slot = StoredEntry.slot(ours, Shape.SCRIPT, fetched.source().charset());
      fetched.entry().attach(slot, sealed);
    }
    JsonNode told = explain(url("/a.js"));
    JsonNode slot = told.at("/urls/0/variants/0/slots/0");
    assertThat(at(slot, "/rejected")).startsWith("ENGINE: Rhino code refused");
    assertThat(at(told, "/urls/0/nextRun/temperature")).isEqualTo("warm");
    assertThat(load(url("/a.js"))).isEqualTo("warm");
  }

  @Test
  void aDamagedBodyIsFetchedAgain() throws IOException {
    answer("/a.js", SCRIPT, MINUTES);
    load(url("/a.js"), "--policy", "eager");
    flip(fileThatEnds(".b"), 300);
    JsonNode told = explain(url("/a.js"));
    assertThat(at(told, "/urls/0/variants/0/response/body")).isEqualTo("damaged");
    assertThat(told.at("/urls/0/variants/0/slots/0/current").asBoolean())
        .as("it is this engine's, whatever became of the body")
        .isTrue();
    assertThat(at(told, "/urls/0/request/action")).isEqualTo("fetched");
    assertThat(at(told, "/urls/0/nextRun/temperature")).isEqualTo("cold");
    assertThat(load(url("/a.js"))).isEqualTo("cold");
    assertThat(origin.getRequestCount()).isEqualTo(2);
  }

  @Test
  void aDamagedHeadIsRefused() throws IOException {
    answer("/a.js", SCRIPT, MINUTES);
    load(url("/a.js"));
    flip(fileThatEnds(".h"), 100);
    JsonNode told = explain(url("/a.js"));
    assertThat(at(told, "/urls/0/variants/0/refused")).startsWith("SEAL: ");
    assertThat(told.at("/urls/0/stored").asBoolean()).isFalse();
  }

  @Test
  void whatIsStaleIsValidatedWithItsConditions() throws IOException {
    answer("/a.js", SCRIPT, "Cache-Control: max-age=0, stale-if-error=60", "ETag: \"1\"");
    load(url("/a.js"), "--policy", "eager");
    JsonNode told = explain(url("/a.js"));
    assertThat(at(told, "/urls/0/request/action")).isEqualTo("validated");
    assertThat(told.at("/urls/0/request/conditions/0").asString())
        .isEqualTo("If-None-Match: \"1\"");
    assertThat(at(told, "/urls/0/request/staleOnErrorUntil")).isNotEmpty();
    assertThat(at(told, "/urls/0/nextRun/temperature")).isEqualTo("hot");
    assertThat(at(told, "/urls/0/nextRun/otherwise")).startsWith("cold: a 200");
    assertThat(out()).contains("is hot if the origin answers 304");
    assertThat(load(url("/a.js"))).isEqualTo("hot");

    JsonNode forbidden = explain(url("/a.js"), "-H", "Cache-Control: only-if-cached");
    assertThat(at(forbidden, "/urls/0/request/action")).isEqualTo("refused");
    assertThat(out()).contains("the next run compiles nothing: the request forbids");
  }

  @Test
  void everyVariantIsListedAndTheSelectedOneMarked() throws IOException {
    answer("/a.js", SCRIPT, MINUTES, "Vary: X-Kind, X-Absent");
    load(url("/a.js"), "-H", "X-Kind: one");
    load(url("/a.js"), "-H", "X-Kind: two");
    JsonNode told = explain(url("/a.js"), "-H", "X-Kind: two");
    JsonNode variants = told.at("/urls/0/variants");
    assertThat(variants).hasSize(2);
    assertThat(variants.get(0).get("selected").asBoolean()).isFalse();
    assertThat(variants.get(1).get("selected").asBoolean()).isTrue();
    assertThat(variants.get(1).get("selecting").toString())
        .isEqualTo("[\"x-absent\",\"x-kind: two\"]");
    assertThat(out()).contains("x-absent (absent)").contains("variant 2 of 2: usable, selected");
    JsonNode none = explain(url("/a.js"), "-H", "X-Kind: three");
    assertThat(none.at("/urls/0/stored").asBoolean()).isFalse();
    assertThat(none.at("/urls/0/variants")).hasSize(2);
    assertThat(at(none, "/urls/0/request/action")).isEqualTo("fetched");
  }

  @Test
  void redirectsAreFollowedInTheStore() throws IOException {
    answer("/a.js", SCRIPT, MINUTES);
    redirect("/old.js", "/a.js");
    load(url("/old.js"), "--policy", "eager");
    JsonNode told = explain(url("/old.js"));
    assertThat(told.get("urls")).hasSize(2);
    assertThat(at(told, "/urls/0/variants/0/response/location")).isEqualTo(url("/a.js"));
    assertThat(at(told, "/urls/0/nextRun/temperature")).isEqualTo("none");
    assertThat(at(told, "/urls/1/url")).isEqualTo(url("/a.js"));
    assertThat(at(told, "/urls/1/nextRun/temperature")).isEqualTo("hot");
    assertThat(out()).contains("leads to  " + url("/a.js"));
  }

  @Test
  void whatTheProxyStoredIsUnderItsOwnKey() throws IOException {
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600, s-maxage=0, proxy-revalidate", "ETag: 1");
    try (CodeCache cache = CodeCache.builder().directory(folder).build();
        ResourceLoader proxy = ResourceLoader.builder(cache.store()).shared(true).build()) {
      proxy.fetch(ResourceRequest.get(url("/a.js")));
    }
    JsonNode asPrivate = explain(url("/a.js"));
    assertThat(asPrivate.at("/urls/0/stored").asBoolean()).isFalse();
    assertThat(at(asPrivate, "/urls/0/keys/1/hint")).isEqualTo("stored there: say --shared");
    assertThat(out()).contains("1 stored; stored there: say --shared");
    JsonNode told = explain(url("/a.js"), "--shared");
    assertThat(told.at("/urls/0/stored").asBoolean()).isTrue();
    assertThat(at(told, "/urls/0/variants/0/response/freshBy")).isEqualTo("s-maxage=0");
    assertThat(at(told, "/urls/0/request/action")).isEqualTo("validated");
    assertThat(at(told, "/urls/0/request/staleForbiddenBy")).isEqualTo("proxy-revalidate");
    assertThat(out()).contains("stale it is never used: proxy-revalidate");
  }

  @Test
  void anEngineOfOtherSurroundingsIsToldByTheFirstPartThatDiffers() throws IOException {
    answer("/a.js", SCRIPT, MINUTES);
    load(url("/a.js"), "--policy", "eager");
    Fingerprint ours = EngineFingerprint.compute(RhinoEngine.create());
    recordAnotherAs(ours);
    JsonNode told = explain(url("/a.js"));
    JsonNode slot = told.at("/urls/0/variants/0/slots/0");
    assertThat(slot.get("current").asBoolean()).isFalse();
    assertThat(at(slot, "/engine")).isEqualTo("rhino");
    assertThat(at(slot, "/difference")).isEqualTo("format: 999 / " + part(ours, "format"));
    assertThat(at(slot, "/code")).isEqualTo("verified");
    assertThat(at(told, "/urls/0/nextRun/temperature")).isEqualTo("cold");
    assertThat(out())
        .contains("rhino, not as it runs here")
        .contains("differs format: 999 / ")
        .contains("there is no slot for the engine as it runs here");
    assertThat(load(url("/a.js"))).isEqualTo("cold");
  }

  /** As if this process ran another build: its surroundings lead to another fingerprint. */
  private void recordAnotherAs(Fingerprint ours) throws IOException {
    RhinoEngine engine = RhinoEngine.create();
    Counters counters = new Counters(null);
    Map<String, String> parts = new TreeMap<>();
    ours.parts().lines().forEach(line -> parts.put(line.split("=", 2)[0], line.split("=", 2)[1]));
    try (DiskStore store = DiskStore.open(folder, Seal.checksum(), counters, TimeSource.SYSTEM)) {
      store.record("rhino\nelsewhere", "rhino", ours);
      parts.put("format", "999");
      String here = EngineFingerprint.recordedUnder(engine);
      store.record(here, "rhino", Fingerprint.compute(parts));
    }
  }

  private static String part(Fingerprint fingerprint, String name) {
    return fingerprint
        .parts()
        .lines()
        .filter(line -> line.startsWith(name + "="))
        .findFirst()
        .orElseThrow()
        .substring(name.length() + 1);
  }

  @Test
  void marksAloneAreKnownByTheRecordedFingerprints() throws IOException {
    answer("/a.js", SCRIPT, MINUTES);
    load(url("/a.js"));
    JsonNode slot = explain(url("/a.js")).at("/urls/0/variants/0/slots/0");
    assertThat(at(slot, "/engine")).isEqualTo("rhino");
    assertThat(at(slot, "/code")).isEqualTo("none");
    assertThat(slot.get("seen").asInt()).isEqualTo(1);
    Files.delete(fileThatEnds(".s"));
    String unknown = fileThatEnds(".b").toString().replaceAll("b$", "0123456789abcdef.s");
    Files.write(Path.of(unknown), new byte[3]);
    JsonNode other = explain(url("/a.js")).at("/urls/0/variants/0/slots/0");
    assertThat(other.get("engine")).isNull();
    assertThat(out()).contains("an engine nobody recorded").contains("seen    3 times");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "ftp://example.org/a.js", "http://me:secret@example.org/"})
  void whatIsNoUrl(String url) {
    assertThat(run("explain", url)).isEqualTo(1);
    assertThat(err()).startsWith("thermae: GET ").doesNotContain("secret");
    assertThat(out()).isEmpty();
  }

  @Test
  void aRefusedFolder() throws IOException {
    answer("/a.js", SCRIPT, MINUTES);
    load(url("/a.js"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(run("explain", url("/a.js"))).isEqualTo(1);
    assertThat(err()).contains("is writable by others");
  }
}
