package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.CodeCache;
import dev.thermae.code.Source;
import dev.thermae.disk.BaseFolder;
import dev.thermae.disk.DiskStore;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.policy.CachePolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.databind.JsonNode;

/** {@code thermae stats}, {@code inspect} and {@code gc}, and what all commands share. */
class StatsTest extends CommandFixture {
  private static final String MINUTES = "Cache-Control: max-age=600";

  private JsonNode stats(String... more) {
    List<String> args = new java.util.ArrayList<>(List.of("stats", "--json"));
    args.addAll(List.of(more));
    assertThat(run(args.toArray(new String[0]))).as(err()).isZero();
    return json();
  }

  @Test
  void whatThereIs() throws Exception {
    answer("/a.js", SCRIPT, MINUTES);
    answer("/b.js", SCRIPT + SCRIPT, MINUTES);
    assertThat(run("load", url("/a.js"), url("/b.js"), "--policy", "eager")).isZero();
    assertThat(run("load", url("/a.js"), "--namespace", "n")).isZero();
    assertThat(run("purge", url("/b.js"))).isZero();
    Files.write(folder.resolve("v1/temporary/1-1.t"), new byte[700]);
    JsonNode stats = stats();
    assertThat(stats.get("resources").asInt()).isEqualTo(3);
    assertThat(stats.get("invalidated").asInt()).isEqualTo(1);
    assertThat(stats.at("/heads/count").asInt()).isEqualTo(3);
    assertThat(stats.at("/bodies/count").asInt()).isEqualTo(2);
    assertThat(stats.at("/bodies/bytes").asInt()).isEqualTo(2 * SCRIPT.length());
    assertThat(stats.at("/code/count").asInt()).isEqualTo(1);
    assertThat(stats.at("/marks/count").asInt()).isEqualTo(1);
    assertThat(stats.at("/temporaries/bytes").asInt()).isEqualTo(700);
    assertThat(stats.at("/slots/0/engine").asString()).isEqualTo("rhino");
    assertThat(stats.at("/slots/0/slots").asInt()).isEqualTo(1);
    assertThat(stats.at("/slots/0/bytes").asLong()).isEqualTo(Files.size(files(".c").get(0)));
    assertThat(stats.at("/slots/0/parts").toString()).contains("languageVersion=");
    assertThat(stats.at("/origins/0/origin").asString()).isEqualTo(url("").replaceAll("/$", ""));
    assertThat(stats.at("/origins/0/resources").asInt()).isEqualTo(3);
    assertThat(stats.get("index").asString()).isEqualTo("none");
    assertThat(stats.get("allocatedBytes").asLong()).isBetween(allocated() * 9 / 10, allocated());
    assertThat(stats("--top", "0", "--max-bytes", "5").get("origins")).isEmpty();
    assertThat(run("stats")).isZero();
    assertThat(out()).contains("resources     3, of them 1 invalidated").contains("slots of rhino");
    assertThat(run("stats", "--top", "-1")).isEqualTo(2);
  }

  /** As the system counts: folders, too. */
  private long allocated() throws Exception {
    Process du = new ProcessBuilder("du", "-sk", "--apparent-size", folder.toString()).start();
    du.getInputStream().readAllBytes();
    Process blocks =
        new ProcessBuilder("find", folder.toString(), "-type", "f", "-printf", "%k\n").start();
    String sizes = new String(blocks.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    return sizes.lines().mapToLong(size -> 1024 * Long.parseLong(size)).sum();
  }

  @Test
  void codeOfSourcesWithoutAUrlAndOfUnknownBuilds() throws IOException {
    try (CodeCache cache =
        CodeCache.builder().directory(folder).policy(CachePolicy.eager()).build()) {
      cache.compile(RhinoEngine.create(), Source.of("a.js", SCRIPT));
    }
    assertThat(stats().at("/origins/0/origin").asString()).isEqualTo("(sources without URL)");
    try (var records = Files.list(folder.resolve("v1/fingerprints"))) {
      Files.delete(records.findFirst().orElseThrow());
    }
    JsonNode build = stats().at("/slots/0");
    assertThat(build.has("engine")).isFalse();
    assertThat(build.get("fingerprint").asString()).matches("[0-9a-f]{64}");
    assertThat(run("stats")).isZero();
    assertThat(out()).contains("slots of an engine nobody recorded: 1, ");
  }

  @Test
  void theIndexOfAnotherProcessIsLeftAlone() {
    try (CodeCache cache = CodeCache.builder().directory(folder).build()) {
      DiskStore store = (DiskStore) cache.store();
      store.claimIndex();
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> store.usage() != null);
      assertThat(stats().get("index").asString()).isEqualTo("open");
      assertThat(stats().get("index").asString()).as("again").isEqualTo("open");
    }
    assertThat(stats().get("index").asString()).isEqualTo("sealed");
  }

  @Test
  void inspectShowsBothKindsOfEntry() throws IOException {
    answer("/a.js", SCRIPT, MINUTES, "X-Kept: 1");
    assertThat(run("load", url("/a.js"), "--policy", "eager")).isZero();
    assertThat(run("inspect", url("/a.js"), "--json")).as(err()).isZero();
    JsonNode place = json().at("/places/0");
    assertThat(json().get("places")).hasSize(1);
    assertThat(place.get("kind").asString()).isEqualTo("private");
    assertThat(place.get("files")).hasSize(3);
    assertThat(place.at("/files/2/name").asString()).endsWith(".h");
    assertThat(place.at("/digests/0/bodySha256").asString()).matches("[0-9a-f]{64}");
    assertThat(place.at("/explained/variants/0/response/fields").toString()).contains("X-Kept: 1");
    assertThat(place.at("/explained/nextRun/temperature").asString()).isEqualTo("hot");
    assertThat(json().at("/builds/0/parts").toString()).contains("languageVersion=");
    assertThat(run("inspect", url("/a.js"))).isZero();
    assertThat(out()).contains("private entry").contains("SHA-256").contains("verified");
    assertThat(run("inspect", url("/none.js"))).isZero();
    assertThat(out()).contains("nothing is stored of it, private or shared");
    flip(files(".b").get(0), 3);
    assertThat(run("inspect", url("/a.js"), "--json")).isZero();
    assertThat(json().at("/places/0/digests/0/bodySha256").isMissingNode()).isTrue();
    assertThat(origin.getRequestCount()).isEqualTo(1);
  }

  @Test
  void gc() throws IOException {
    answer("/a.js", SCRIPT, MINUTES);
    assertThat(run("load", url("/a.js"))).isZero();
    assertThat(run("gc", "--json")).as(err()).isZero();
    assertThat(json().get("filesSwept").asInt()).isZero();
    assertThat(files(".b")).hasSize(1);
    assertThat(run("gc", "--max-bytes", "0")).isEqualTo(2);
    assertThat(err()).contains("--max-bytes: ");
    assertThat(run("gc", "--max-entries", "-1")).isEqualTo(2);
    assertThat(run("gc")).isZero();
    assertThat(out()).contains("evicted 0 resources");
  }

  /** With what of the library's libraries is here; it draws in the background and hides faults. */
  @Test
  void theProgressBar() {
    ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    PrintStream to = new PrintStream(drawn, true, StandardCharsets.UTF_8);
    try (Progress progress = Progress.on(to, "verify", 4)) {
      progress.step();
      progress.step();
      progress.step();
    }
    assertThat(drawn.toString(StandardCharsets.UTF_8)).contains("verify").contains("75%");
  }

  private static List<String> commands() {
    return List.of(
        "load",
        "explain",
        "serve",
        "stats",
        "inspect",
        "verify",
        "purge",
        "gc",
        "precompile",
        "keys");
  }

  /** Every command, every option: described, with an example, JSON, and the folder. */
  @ParameterizedTest
  @MethodSource("commands")
  void help(String command) {
    CommandSpec spec = new CommandLine(new Main()).getSubcommands().get(command).getCommandSpec();
    assertThat(spec.usageMessage().description()).isNotEmpty();
    assertThat(spec.usageMessage().footer()).anyMatch(line -> line.contains("thermae " + command));
    for (OptionSpec option : spec.options()) {
      assertThat(option.description()).as(option.longestName()).isNotEmpty();
    }
    assertThat(spec.positionalParameters()).allMatch(one -> one.description().length > 0);
    if (!command.equals("keys")) {
      assertThat(spec.optionsMap()).containsKeys("--dir", "-d", "--keys", "--help");
    }
    if (!command.equals("serve") && !command.equals("keys")) {
      assertThat(spec.optionsMap()).containsKeys("--json", "--namespace");
    }
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out, true);
    assertThat(Main.run(printer, printer, command, "--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: thermae " + command).contains("Example:");
  }

  @Test
  void everyCommandIsTestedHere() {
    assertThat(new CommandLine(new Main()).getSubcommands().keySet())
        .containsExactlyInAnyOrderElementsOf(commands());
  }

  /** Who looks is no user: what nobody loads must not stay for being looked at. */
  @Test
  void lookingChangesNothing() throws IOException {
    answer("/a.js", SCRIPT, MINUTES);
    assertThat(run("load", url("/a.js"), "--policy", "eager")).isZero();
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(3)));
    for (Path file : files("")) {
      Files.setLastModifiedTime(file, old);
    }
    List<Path> before = files("");
    for (String command : List.of("inspect", "explain", "stats", "verify")) {
      List<String> args = new java.util.ArrayList<>(List.of(command));
      args.addAll(command.contains("p") ? List.of(url("/a.js")) : List.of());
      assertThat(run(args.toArray(new String[0]))).as(err()).isZero();
      assertThat(files("")).as(command).isEqualTo(before);
      for (Path file : before) {
        assertThat(Files.getLastModifiedTime(file)).as(command + " " + file).isEqualTo(old);
      }
    }
  }

  /** The bases that a cache in the default folder lies above. */
  @Tag("once")
  @Test
  void basesOfTheEnvironment() throws Exception {
    answer("/a.js", SCRIPT, MINUTES);
    Path base = folder.resolveSibling("base");
    assertThat(run("precompile", url("/a.js"), "--dir", base.toString())).isZero();
    BaseFolder.finish(base);
    answer("/b.js", SCRIPT, MINUTES);
    assertThat(run("load", url("/b.js"))).isZero();
    for (String command : List.of("explain", "inspect", "load")) {
      assertThat(child(base, command, url("/a.js"))).as(command).contains("hot");
    }
    assertThat(child(base, "purge", url("/a.js"))).contains(url("/a.js"));
    assertThat(child(base, "explain", url("/a.js"))).doesNotContain("hot");
    base.toFile().setWritable(true);
    try (var all = Files.walk(base)) {
      all.filter(Files::isDirectory).forEach(path -> path.toFile().setWritable(true));
    }
  }

  /** They were left out, silently, where the folder was named. */
  @Tag("once")
  @Test
  void basesOfTheEnvironmentBelowAFolderThatIsNamed() throws Exception {
    answer("/a.js", SCRIPT, MINUTES);
    Path base = folder.resolveSibling("base");
    assertThat(run("precompile", url("/a.js"), "--dir", base.toString())).isZero();
    Path named = folder.resolveSibling("named");
    for (String command : List.of("load", "explain")) {
      assertThat(child(base, command, url("/a.js"), "--dir", named.toString())).contains("hot");
    }
    // What is to be a base holds all itself, and a folder is no base of its own.
    Path other = folder.resolveSibling("other");
    assertThat(child(base, "precompile", url("/a.js"), "--dir", other.toString()))
        .contains("1 compiled");
    assertThat(child(base, "inspect", url("/a.js"), "--dir", base.toString()))
        .contains("variant 1 of 1");
  }

  private String child(Path base, String... args) throws Exception {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("THERMAE_DIR", folder.toString());
    builder.environment().put("THERMAE_BASE", base.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
