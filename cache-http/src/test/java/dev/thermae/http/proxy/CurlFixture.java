package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.http.testing.Program;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real curl, an origin whose answers last, and the proxy. */
abstract class CurlFixture extends ProxyFixture {
  static final String MODIFIED = "Sun, 06 Nov 1994 08:00:00 GMT";
  static final String[] FRESH = {
    "Cache-Control: max-age=600",
    "ETag: \"one\"",
    "Last-Modified: " + MODIFIED,
    "Content-Type: text/javascript"
  };
  static final int LENGTH = 100_000;

  @TempDir Path folder;
  final byte[] body = new byte[LENGTH];
  Program curl;
  String features;

  @BeforeEach
  void installed() throws Exception {
    Path file = Program.installed("curl");
    assumeTrue(file != null, "no curl here: install curl to test the proxy with it");
    curl = new Program(file, folder);
    features = curl.run("", List.of("--version")).text();
    for (int i = 0; i < LENGTH; i++) {
      body[i] = (byte) ("abcdefghijklmnopqrstuvwxyz\n".charAt(i % 27) ^ i / 27 % 3);
    }
    Files.write(folder.resolve("whole"), body);
  }

  /** A transfer's head, without the line of the status, and its body. */
  @SuppressWarnings("ArrayRecordComponent") // made for one reader
  record Transfer(int exit, int status, String head, byte[] bytes) {
    String field(String name) {
      for (String line : head.split("\r\n", -1)) {
        if (line.regionMatches(true, 0, name + ": ", 0, name.length() + 2)) {
          return line.substring(name.length() + 2);
        }
      }
      return null;
    }

    String version() {
      return head.substring(0, head.indexOf(' '));
    }
  }

  Transfer curl(String url, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-q", "-sS", "-D", "head"));
    if (!List.of(options).contains("-o")) {
      arguments.addAll(List.of("-o", "body"));
    }
    arguments.addAll(List.of(options));
    arguments.add(url);
    Files.deleteIfExists(folder.resolve("body"));
    Program.Outcome outcome = curl.run("", arguments);
    String heads = Files.readString(folder.resolve("head"), StandardCharsets.ISO_8859_1);
    String[] each = heads.split("\r\n\r\n", -1);
    String head = each[Math.max(0, each.length - 2)];
    Path written = folder.resolve("body");
    byte[] bytes = Files.exists(written) ? Files.readAllBytes(written) : new byte[0];
    assertThat(outcome.exit()).as(outcome.error()).isIn(0, 22, 33);
    return new Transfer(outcome.exit(), Integer.parseInt(head.split(" ", 3)[1]), head, bytes);
  }

  /** It is in the cache from then on: whatever else is asked is a hit. */
  String cached() throws Exception {
    script.add(request -> response(200, body, FRESH));
    Transfer first = curl(proxy.url() + "/a.js");
    assertThat(first.status).isEqualTo(200);
    assertThat(first.bytes).isEqualTo(body);
    assertThat(first.field("ETag")).isEqualTo("\"one\"");
    return proxy.url() + "/a.js";
  }
}
