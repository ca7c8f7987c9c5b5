package dev.thermae.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.Compiled;
import dev.thermae.code.Ed25519PublicKeys;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.http.testing.PromptServer;
import dev.thermae.policy.CachePolicy;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mozilla.javascript.Script;

/**
 * What a new process loads until it has a script of Rhino's from a fresh response, with the shipped
 * defaults: every further class of ours costs a quarter of a millisecond, a library or a security
 * provider tens of them.
 */
class RhinoFreshProcessTest {
  private static final String MARKER = "ANSWERED ";
  private static final List<String> BANNED =
      List.of(
          "com.esotericsoftware.",
          "com.github.benmanes.",
          "java.lang.System$Logger",
          "java.security.MessageDigest",
          "java.security.Provider",
          "java.security.SecureRandom",
          "java.security.Security",
          "java.util.UUID",
          "java.util.logging.",
          "javax.crypto.",
          "kotlin.",
          "net.openhft.",
          "okhttp3.",
          "okio.",
          "org.slf4j.",
          "sun.security.jca.",
          "sun.security.provider.");

  /** Ours, in the order of their names. Whoever adds one has measured what it costs. */
  private static final String OURS =
      """
      dev.thermae.CodeCache
      dev.thermae.Compiled
      dev.thermae.Walk
      dev.thermae.code.CodeKey
      dev.thermae.code.Fingerprint
      dev.thermae.code.Generation
      dev.thermae.code.Seal
      dev.thermae.code.SealedFile
      dev.thermae.code.Shape
      dev.thermae.code.Shape$Kind
      dev.thermae.code.Source
      dev.thermae.disk.CacheFolder
      dev.thermae.disk.DiskEntry
      dev.thermae.disk.DiskStore
      dev.thermae.disk.EntryName
      dev.thermae.engine.ArtifactIdentity
      dev.thermae.engine.Engine
      dev.thermae.engine.RestoreException
      dev.thermae.engine.rhino.LazyFunctions
      dev.thermae.engine.rhino.LazyFunctions$Made
      dev.thermae.engine.rhino.RestoredScript
      dev.thermae.engine.rhino.RhinoAccess
      dev.thermae.engine.rhino.RhinoCodeBytes
      dev.thermae.engine.rhino.RhinoCodeReader
      dev.thermae.engine.rhino.RhinoEngine
      dev.thermae.engine.rhino.RhinoOptions
      dev.thermae.event.Counters
      dev.thermae.event.Temperature
      dev.thermae.event.TimeSource
      dev.thermae.http.CodeLoader
      dev.thermae.http.CodeLoaderBuilder
      dev.thermae.http.resource.Fetched
      dev.thermae.http.resource.ResourceLoader
      dev.thermae.isolate.Flight
      dev.thermae.isolate.IsolateCache
      dev.thermae.store.EntryHead
      dev.thermae.store.Store
      dev.thermae.store.StoredEntry
      """;

  @TempDir Path folder;

  /** The process that is looked at. */
  static final class Hot {
    private Hot() {}

    /** Folder and URL, and perhaps a proxy. */
    public static void main(String[] arguments) throws Exception {
      CodeLoaderBuilder<Script> settings =
          CodeLoader.builder(RhinoEngine.create()).directory(Path.of(arguments[0]));
      if (arguments.length > 2) {
        settings.proxy(arguments[2], Ed25519PublicKeys.of(7, new byte[32]));
      }
      try (CodeLoader<Script> loader = settings.build()) {
        Compiled<Script> unit = loader.load(arguments[1]);
        System.out.println(MARKER.concat(unit.temperature().name()));
      }
    }
  }

  @Test
  void aFreshHotLoadNeedsNoLibraryNoProviderAndFewClassesOfOurs() throws Exception {
    List<String> classes = classesUntilAnswer(store());
    assertThat(classes.stream().filter(RhinoFreshProcessTest::isBanned)).isEmpty();
    TreeSet<String> ours = new TreeSet<>(classes);
    ours.removeIf(name -> !name.startsWith("dev.thermae.") || name.contains("FreshProcessTest"));
    assertThat(String.join("\n", ours) + "\n").isEqualTo(OURS);
  }

  /** What is found on disk is not asked for, so that nothing of a proxy's client is needed. */
  @Test
  void aProxyCostsNothingWhereItIsNotAsked() throws Exception {
    List<String> classes = classesUntilAnswer(store(), "http://127.0.0.1:9");
    assertThat(classes.stream().filter(RhinoFreshProcessTest::isBanned)).isEmpty();
    assertThat(classes)
        .doesNotContain("dev.thermae.http.ProxyClient", "dev.thermae.code.Ed25519Seal")
        .noneMatch(name -> name.startsWith("dev.failsafe."));
  }

  private static boolean isBanned(String name) {
    return BANNED.stream().anyMatch(name::startsWith);
  }

  private String store() throws IOException {
    try (MockWebServer server = PromptServer.create()) {
      server.start();
      server.enqueue(
          new MockResponse.Builder()
              .body("function f(n) { return n + 1; }\n".repeat(100))
              .addHeader("Content-Type", "text/javascript")
              .addHeader("Cache-Control", "max-age=3600")
              .build());
      String url = server.url("/a.js").toString();
      try (CodeLoader<Script> loader =
          CodeLoader.builder(RhinoEngine.create())
              .directory(cache())
              .policy(CachePolicy.eager())
              .build()) {
        loader.load(url);
      }
      return url;
    }
  }

  private Path cache() {
    return folder.resolve("cache");
  }

  private List<String> classesUntilAnswer(String... arguments) throws Exception {
    String ownPath = System.getProperty("java.class.path");
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.add("-Xlog:class+load:stdout:none");
    command.add("-cp");
    command.add(System.getProperty("surefire.test.class.path", ownPath));
    command.add(Hot.class.getName());
    command.add(cache().toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains(MARKER + "HOT");
    List<String> classes = new ArrayList<>();
    for (String line : output.substring(0, output.indexOf(MARKER)).split("\n", -1)) {
      int end = line.indexOf(" source:");
      if (end > 0) {
        classes.add(line.substring(0, end));
      }
    }
    return classes;
  }
}
