package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.thermae.http.admin.LogFormat;
import dev.thermae.http.proxy.Compression;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file, the environment and the command line, and what is wrong with them. */
class ServeSettingsTest {
  private static final Map<String, String> NOTHING = Map.of();
  private static final Map<String, List<String>> NONE = Map.of();
  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rw-------");

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("proxy.conf"), text);
  }

  @Test
  void theStrongerWins() throws Exception {
    Path file =
        file("origins = [\"http://file\"]\nlisten { port = 1, threads = 3, bind = \"::1\" }\n");
    Map<String, String> environment =
        Map.of("THERMAE_SERVE_LISTEN_PORT", "2", "THERMAE_SERVE_LISTEN_THREADS", "4", "PATH", "/");
    Map<String, List<String>> options = Map.of("--port", List.of("3"), "--quiet", List.of());
    String text = ServeSettings.of(file, environment, options).text();
    assertThat(text).containsPattern("port\\s*=\\s*\"?3\"?\n").containsPattern("threads.*4");
    assertThat(text).contains("http://file").contains("::1").contains("idle-timeout");
    String weaker = ServeSettings.of(file, environment, NONE).text();
    assertThat(weaker).containsPattern("port\\s*=\\s*\"?2\"?\n");
  }

  /** What is printed can be given back. */
  @Test
  void theTextIsAFile() throws Exception {
    Path file = file("origins = [\"https://a.example\"]\nlisten.idle-timeout = 7 seconds\n");
    String text = ServeSettings.of(file, NOTHING, NONE).text();
    assertThat(ServeSettings.of(file(text), NOTHING, NONE).text()).isEqualTo(text);
  }

  @Test
  void theDefaultsAreAFileToo() throws Exception {
    Path file = file(ServeSettings.defaults().replace("origins = []", "origins = [\"http://a\"]"));
    assertThat(ServeSettings.of(file, NOTHING, NONE).folder()).isNull();
  }

  @Test
  void foldersAndTls() throws Exception {
    Path file = file("{\"origins\": [\"http://a\"], \"cache\": {\"directory\": \"/var/x\"}}");
    assertThat(ServeSettings.of(file, NOTHING, NONE).folder()).isEqualTo(Path.of("/var/x"));
    Path half = file("origins=[\"http://a\"]\nlisten.tls.key=/k.pem\n");
    assertThatThrownBy(() -> ServeSettings.of(half, NOTHING, NONE))
        .hasMessageContaining("tls needs both");
  }

  @Test
  void compression() throws Exception {
    Path file = file("origins = [\"http://a\"]\n");
    String text = ServeSettings.of(file, NOTHING, NONE).text();
    Config read = ConfigFactory.parseString(text);
    assertThat(read.getStringList("compression.types")).isEqualTo(Compression.standard().types());
    assertThat(read.getBytes("compression.minimum-size"))
        .isEqualTo(Compression.standard().minimumBytes());
    Map<String, String> bad = Map.of("THERMAE_SERVE_COMPRESSION_TYPES", "text/css, html");
    assertThatThrownBy(() -> ServeSettings.of(file, bad, NONE))
        .hasMessageContaining("compression")
        .hasMessageContaining("a media type is type/subtype: html");
    for (String off : List.of("compression.enabled = false", "compression.types = []")) {
      ServeSettings.of(file("origins = [\"http://a\"]\n" + off + "\n"), NOTHING, NONE);
    }
  }

  @Test
  void engines() throws Exception {
    Path file = file("origins = [\"http://a\"]\n");
    assertThat(ServeSettings.of(file, NOTHING, NONE).compile()).isNull();
    Map<String, List<String>> unsigned = Map.of("--engine", List.of("rhino"));
    assertThatThrownBy(() -> ServeSettings.of(file, NOTHING, unsigned))
        .hasMessageContaining("a --signing-key is needed");
    Path key = folder.resolve("key");
    Files.createFile(key, PosixFilePermissions.asFileAttribute(OWN));
    Files.write(key, new byte[32]); // any 32 bytes are a key
    Map<String, List<String>> options =
        Map.of(
            "--signing-key", List.of(key.toString()),
            "--engine", List.of("rhino", "quickjs"),
            "--engine-path", List.of(folder.toString()),
            "--compile-heap", List.of("64MiB"));
    ServeSettings settings = ServeSettings.of(file, NOTHING, options);
    assertThat(settings.compile()).isNotNull();
    assertThat(settings.text()).contains("quickjs").contains(folder.toString()).contains("64MiB");
  }

  private static AdminSettings admin(
      Path file, Map<String, String> environment, String... options) {
    Map<String, List<String>> given =
        options.length == 0
            ? NONE
            : Map.of(options[0], List.of(options).subList(1, options.length));
    return ServeSettings.of(file, environment, given).operations().admin();
  }

  @Test
  void operations() throws Exception {
    Path file = file("origins = [\"http://a\"]\n");
    assertThat(ServeSettings.of(file, NOTHING, NONE).operations())
        .isEqualTo(OperationsSettings.NONE);
    assertThat(admin(file, Map.of("THERMAE_SERVE_ADMIN_PORT", "2"), "--admin-name", "a", "b"))
        .extracting(AdminSettings::port, AdminSettings::bind, AdminSettings::names)
        .containsExactly(2, "127.0.0.1", List.of("a", "b"));
    ServeSettings logged =
        ServeSettings.of(
            file,
            Map.of("THERMAE_SERVE_ACCESS_LOG_FILE", "/l"),
            Map.of("--log-format", List.of("JSON")));
    assertThat(logged.operations())
        .isEqualTo(new OperationsSettings(null, Path.of("/l"), LogFormat.JSON, null));
    Path other = file("origins = [\"http://a\"]\nadmin { port = 1, bind = \"::1\" }\n");
    assertThat(admin(other, NOTHING, "--admin-port", "3"))
        .extracting(AdminSettings::port, AdminSettings::bind)
        .containsExactly(3, "::1");
  }

  /** Nothing is made before the proxy is started. */
  @Test
  void tokens() throws Exception {
    Path file = file("origins = [\"http://a\"]\nadmin.port = 0\n");
    String variable = "THERMAE_ADMIN_TOKEN";
    String home = folder.toString();
    AdminSettings made = admin(file, Map.of("XDG_CONFIG_HOME", home));
    assertThat(made.file()).isEqualTo(folder.resolve("thermae/admin-token")).doesNotExist();
    assertThat(made.place()).isEqualTo("in " + made.file());
    assertThat(made.token()).isNotNull();
    assertThat(made.file()).exists();
    AdminSettings given = admin(file, Map.of(variable, "0123456789abcdef"));
    assertThat(given.place()).isEqualTo("in " + variable);
    assertThat(given.token()).isSameAs(given.given());
    assertThatThrownBy(() -> admin(file, Map.of(variable, "short")))
        .hasMessageContaining(variable + ": a token has 16 to 1024");
    assertThat(admin(file, Map.of(variable, "short"), "--admin-token-file", home + "/t").place())
        .isEqualTo("in " + home + "/t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "listen.prot = 1 | proxy.conf: 2: no setting is called listen.prot; known here: bind",
        "orign = x | proxy.conf: 2: no setting is called orign",
        "listen = 1 | proxy.conf: 2: listen is a group of settings",
        "name { a = 1 } | proxy.conf: 2: name is no group of settings",
        "listen.port = many | proxy.conf: 2: listen.port has type STRING rather than NUMBER",
        "listen.port = 65536 | proxy.conf: 2: listen.port: a port is 0 to 65535",
        "listen.idle-timeout = soon | No number in duration value",
        "listen.idle-timeout = 0s | the idle timeout is longer than nothing",
        "listen.head-size = 3 | proxy.conf: 2: listen.head-size: bytes of a head: 1024 to 1048576, not 3",
        "listen.threads = 0 | listen.threads: 1 and more, not 0",
        "cache.stream-from = 0 | cache.stream-from: 1 byte and more, not 0",
        "cache.body-size = 0 | cache.body-size: 1 byte and more, not 0",
        "name = 1st | proxy.conf: 2: name: a name is a letter",
        "origins = [\"ftp://a\"] | origins: an origin is http:// or https://",
        "cache.keys = /nowhere/at/all | cache.keys",
        "compile { engines = [v9], signing-key = x } | compile.engines: no engine is called v9; known: rhino",
        "compile { engines = [v8], signing-key = x } | compile.engines: v8 is not for compile workers: its code is what",
        "compile { engines = [rhino], signing-key = x, heap = 1 } | 2: compile.heap: a heap has 16 MiB",
        "compile { engines = [rhino], signing-key = x, engine-path = [/no/x.jar] } |"
            + " 2: compile.engine-path: nothing is at /no/x.jar",
        "compile { engines = [rhino], signing-key = x, niceness = 20 } | niceness: 0 to 19 steps",
        "compile { engines = [rhino], signing-key = x, workers = 0 } | workers: 1 to 64 workers, not 0",
        "compile { engines = [rhino], signing-key = x, time = 0s } | compile.time: the time of a compile",
        "compile.signing-key = /no/key | 2: compile.signing-key: /no/key is missing;",
        "metrics.otlp.url = \"ftp://a\" | 2: metrics.otlp.url: http:// or https://, a host and a path",
        "metrics.otlp { url = \"http://a/v1\", interval = 1ms } | metrics.otlp.interval: a second",
        "admin.prot = 1 | proxy.conf: 2: no setting is called admin.prot; known here: bind, names",
        "admin.port = 65536 | proxy.conf: 2: admin.port: a port is 0 to 65535: 65536",
        "access-log.format = xml | access-log.format: combined or json, not xml",
        "origins = [${NOT_THERE}] | NOT_THERE",
        "listen { | proxy.conf"
      })
  void wrongFiles(String line, String said) throws Exception {
    Path file = file("origins = [\"http://a\"]\n" + line + "\n");
    assertThatThrownBy(() -> ServeSettings.of(file, NOTHING, NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @Test
  void wrongVariables() {
    Map<String, List<String>> options = Map.of("--origin", List.of("http://a"));
    assertThatThrownBy(
            () -> ServeSettings.of(null, Map.of("THERMAE_SERVE_LISTEN_PROT", "1"), options))
        .hasMessageContaining("no setting is called THERMAE_SERVE_LISTEN_PROT");
    assertThatThrownBy(
            () -> ServeSettings.of(null, Map.of("THERMAE_SERVE_LISTEN_PORT", "x"), options))
        .hasMessageContaining("THERMAE_SERVE_LISTEN_PORT: listen.port has type STRING");
  }

  @Test
  void noFile() {
    Path missing = folder.resolve("missing.conf");
    assertThatThrownBy(() -> ServeSettings.of(missing, NOTHING, NONE))
        .hasMessageContaining("missing.conf is no file that can be read");
  }

  @Test
  void checksAndEnds() throws Exception {
    Path file = file("origins = [\"http://a\"]\n");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            new PrintWriter(out),
            new PrintWriter(err),
            "serve",
            "-c",
            file.toString(),
            "--check-config");
    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("http://a").contains("stop-timeout");
    file("orign = 1\n");
    assertThat(
            Main.run(
                new PrintWriter(out),
                new PrintWriter(err),
                "serve",
                "-c",
                file.toString(),
                "--check-config"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("proxy.conf: 1: no setting is called orign");
    assertThat(Main.run(new PrintWriter(out), new PrintWriter(err), "serve", "--print-defaults"))
        .isZero();
  }
}
