package dev.thermae.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.http.testing.PromptServer;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new process that finds a fresh script hot loads JDK classes, a few of ours, nothing else. */
class FreshProcessTest {
  private static final List<String> LIBRARIES =
      List.of(
          "okhttp3.",
          "okio.",
          "kotlin.",
          "com.esotericsoftware.",
          "com.github.benmanes.",
          "net.openhft.",
          "org.slf4j.",
          "java.security.Provider",
          "sun.security.provider.",
          "java.util.logging.",
          "java.lang.System$Logger",
          "java.util.stream.ReferencePipeline");

  @TempDir Path folder;

  private String store(MockResponse.Builder response) throws IOException {
    try (MockWebServer server = PromptServer.create()) {
      server.start();
      server.enqueue(response.addHeader("Cache-Control", "max-age=3600").build());
      String url = server.url("/a.js").toString();
      try (CodeLoader<String> loader =
          CodeLoader.builder(new TextEngine())
              .directory(folder.resolve("cache"))
              .policy(CachePolicy.eager())
              .build()) {
        loader.load(url);
      }
      return url;
    }
  }

  private List<String> run(String... arguments) throws Exception {
    Path log = folder.resolve("classes.log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + log,
                "-Xshare:auto",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                FreshLoad.class.getName(),
                folder.resolve("cache").toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines().findFirst()).as(output).contains("HOT");
    boolean interrupted = arguments.length > 1;
    assertThat(output.lines().skip(1).findFirst()).contains(Boolean.toString(interrupted));
    try (var lines = Files.lines(log)) {
      return lines
          .filter(line -> line.contains(" source: "))
          .map(line -> line.replaceFirst("^(\\[[^]]*])+ ", "").replaceFirst(" source: .*", ""))
          .toList();
    }
  }

  @Test
  void aFreshHotLoadTouchesNoLibrary() throws Exception {
    String url = store(new MockResponse.Builder().body("var a = 1;".repeat(200)));
    List<String> classes = run(url);
    for (String library : LIBRARIES) {
      assertThat(classes.stream().filter(name -> name.startsWith(library))).as(library).isEmpty();
    }
    TreeSet<String> ours = new TreeSet<>();
    for (String name : classes) {
      if (name.startsWith("dev.thermae.http.")) {
        ours.add(name.substring("dev.thermae.http.".length()));
      }
    }
    assertThat(ours)
        .containsExactlyInAnyOrder(
            "FreshLoad",
            "TextEngine",
            "CodeLoader",
            "CodeLoaderBuilder",
            "resource.Fetched",
            "resource.ResourceLoader");
  }

  @Test
  void anInterruptedThreadLoadsHotAndKeepsItsFlag() throws Exception {
    String url = store(new MockResponse.Builder().body("var a = 1;".repeat(200)));
    run(url, "interrupted");
  }
}
