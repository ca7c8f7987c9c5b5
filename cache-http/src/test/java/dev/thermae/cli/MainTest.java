package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line: what it takes, what it says, how it ends. */
class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @Test
  void help() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Usage: thermae").contains("serve").contains("Exit codes");
    assertThat(run("serve", "--help")).isZero();
    assertThat(out.toString()).contains("--origin=URL").contains("--port=N").contains("127.0.0.1");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void version() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("thermae ").contains("JVM: ");
  }

  @ParameterizedTest
  @CsvSource({
    "'', what to do?",
    "srve, Did you mean: thermae serve",
    "serve, where to? --origin URL",
    "load, Missing required parameter: 'URL'",
    "explain, Missing required parameter: 'URL'",
    "explain http://a/ http://b/, Unmatched argument",
    "explain http://a/ --engine v9, --engine: no engine is called v9; known: rhino",
    "serve --allow-internal, where to? --origin URL or --allow ORIGIN",
    "serve --origin http://a --origin http://b, two origins for /",
    "serve --origin /x=http://b, a route is for a host",
    "serve --origin http://127.1, which all read alike",
    "serve --allow *.org, anybody can have a name that matches *.org",
    "serve --allow https://a.example/x, an origin to allow is a host",
    "serve --origin ftp://a, an origin is http:// or https://",
    "serve --origin http://a/path, without a path: http://a/path",
    "serve --origin http://a/?q=1, without a query",
    "serve --origin http://me:secret@a, without credentials",
    "serve --origin http://a --port 70000, --port: listen.port: a port is 0 to 65535: 70000",
    "serve --origin http://a --port x, --port: listen.port has type STRING rather than NUMBER",
    "serve --origin http://a --name 1st, --name: name: a name is a letter",
    "serve --origin http://a --cache x, Unknown option",
  })
  void wrongUse(String line, String said) {
    assertThat(run(line.isEmpty() ? new String[0] : line.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("thermae: ")
        .contains(said)
        .contains("--help'.")
        .doesNotContain("secret")
        .doesNotContain("Exception")
        .doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aPortInUse(@TempDir Path folder) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      String dir = folder.toRealPath().resolve("cache").toString();
      assertThat(run("serve", "--origin", "http://a", "--port", port, "--dir", dir)).isEqualTo(1);
      assertThat(err.toString().lines())
          .containsExactly(
              "thermae: cannot listen: Failed to bind to /127.0.0.1:"
                  + port
                  + ": Address already in use");
      assertThat(out.toString()).isEmpty();
    }
  }
}
