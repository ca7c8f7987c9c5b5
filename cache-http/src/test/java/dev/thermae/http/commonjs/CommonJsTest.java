package dev.thermae.http.commonjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thermae.engine.CompileException;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.http.CodeLoader;
import dev.thermae.http.resource.FetchException;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mozilla.javascript.JavaScriptException;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.WrappedException;

final class CommonJsTest {
  @TempDir Path folder;
  private TreeServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private void serve(Map<String, String> files) throws IOException {
    server = new TreeServer(files);
  }

  private CodeLoader<Script> loader() {
    return CodeLoader.builder(RhinoEngine.create())
        .directory(folder.resolve("cache"))
        .policy(CachePolicy.eager())
        .build();
  }

  /** What {@code main.js} exports as {@code text}, in a cache as a new process has it. */
  private String run(String root) {
    try (CodeLoader<Script> loader = loader()) {
      return RequireProcess.run(loader, root);
    }
  }

  private String run(Map<String, String> files) throws IOException {
    serve(files);
    String overHttp = run(server.root());
    Path tree = folder.resolve("tree" + System.nanoTime());
    ModuleTree.write(tree, files);
    assertThat(run(tree.toUri().toString())).as("the same from files").isEqualTo(overHttp);
    return overHttp;
  }

  private List<String> process() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                RequireProcess.class.getName(),
                folder.resolve("cache").toString(),
                server.root())
            .redirectErrorStream(true)
            .start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as(lines.toString()).isZero();
    return lines;
  }

  @Test
  void theSecondProcessCompilesNothingAndFetchesWith304sOnly() throws Exception {
    Map<String, String> files = ModuleTree.files();
    long modules = files.keySet().stream().filter(name -> name.endsWith(".js")).count();
    assertThat(modules).isGreaterThanOrEqualTo(30);
    serve(files);

    assertThat(process()).contains(ModuleTree.TEXT, "compiles " + modules + ", restored 0");
    List<String> first = server.answers();
    assertThat(first.stream().filter(answer -> answer.startsWith("200"))).hasSize(files.size());

    assertThat(process()).contains(ModuleTree.TEXT, "compiles 0, restored " + modules);
    List<String> second = server.answers();
    assertThat(second).allMatch(answer -> answer.startsWith("304")).hasSize(files.size());
  }

  @Test
  void modulesInFilesAreCompiledOncePerFolder() throws Exception {
    Path tree = folder.resolve("tree");
    ModuleTree.write(tree, ModuleTree.files());

    for (long compiles : new long[] {30, 0}) {
      try (CodeLoader<Script> loader = loader()) {
        assertThat(RequireProcess.run(loader, tree.toUri().toString())).isEqualTo(ModuleTree.TEXT);
        assertThat(loader.cache().stats().compiles()).isEqualTo(compiles);
      }
    }
  }

  @Test
  void whatWasReplacedIsCompiledAnewAndLookedForAnew() throws IOException {
    serve(ModuleTree.files());
    run(server.root());
    server.answers();
    server.files().put("folder/index.js", "module.exports = 'other';");
    server.files().put("folder.js", "module.exports = 'file';");
    server.files().put("node_modules/pkg/package.json", "{\"main\": \"other\"}");
    server.files().put("node_modules/pkg/other.js", "exports.name = 'other main';");

    assertThat(run(server.root())).contains("folder:file", "package:other main", "json:7");
    server.answers();
    assertThat(run(server.root())).contains("folder:file", "package:other main", "json:7");
    assertThat(server.answers()).allMatch(answer -> answer.startsWith("304"));
  }

  @Test
  void whatIsGoneIsLookedForAnew() throws IOException {
    serve(ModuleTree.files());
    run(server.root());
    server.files().remove("folder/index.js");
    server.files().put("folder.json", "\"moved\"");

    assertThat(run(server.root())).contains("folder:moved");
  }

  @Test
  void looksInTheOrderOfNode() throws IOException {
    Map<String, String> files = new HashMap<>();
    files.put(
        "main.js",
        "exports.text = [require('./x'), require('./x.js'), require('./y/'), require('./y'),"
            + " require('./z'), require('./w'), require('p'), require('p/sub'), require('@s/q'),"
            + " require('./deep/er/use'), require('/x'), require('./e'), require('.')].join();");
    files.put("x", "module.exports = 'exact';");
    files.put("x.js", "module.exports = 'js';");
    files.put("x.json", "\"json\"");
    files.put("y.json", "\"y json\"");
    files.put("y/index.js", "module.exports = 'y folder';");
    files.put("z/package.json", "{\"main\": \"lib\"}");
    files.put("z/lib/index.js", "module.exports = 'z main folder';");
    files.put("w/package.json", "{\"main\": \"gone.js\"}");
    files.put("w/index.js", "module.exports = 'w index';");
    files.put("node_modules/p.js", "module.exports = 'p file';");
    files.put("node_modules/p/package.json", "{\"main\": \"\"}");
    files.put("node_modules/p/sub.js", "module.exports = 'p sub';");
    files.put("node_modules/@s/q/package.json", "{\"main\": \"a b.js\"}");
    files.put("node_modules/@s/q/a%20b.js", "module.exports = 'scoped';");
    files.put("deep/er/use.js", "module.exports = require('near') + require('far');");
    files.put("deep/node_modules/near/index.json", "\"near\"");
    files.put("node_modules/near/index.js", "module.exports = 'wrong';");
    files.put("node_modules/far/index.js", "module.exports = '+far';");
    files.put("e/index.json", "\"index json\"");
    files.put("index.js", "module.exports = 'dot';");
    serve(files);

    assertThat(run(server.root()))
        .isEqualTo(
            "exact,js,y folder,y json,z main folder,w index,p file,p sub,scoped,near+far,"
                + "exact,index json,dot");
  }

  @Test
  void modulesAreOneWhateverTheyAreCalledBy() throws IOException {
    assertThat(
            run(
                Map.of(
                    "main.js",
                        "var a = require('./a'); exports.text = [a === require('./a.js'),"
                            + " a === require('./lib/../a'), a === require('./b').a, a.count,"
                            + " typeof count].join();",
                    "a.js", "var count = 1; exports.count = count++;",
                    "b.js", "exports.a = (function () { var r = require; return r('./a'); })();")))
        .isEqualTo("true,true,true,1,undefined");
  }

  @Test
  void aCycleSeesWhatIsExportedSoFar() throws IOException {
    assertThat(
            run(
                Map.of(
                    "main.js", "exports.text = require('./a').seen + '|' + require('./b').seen;",
                    "a.js",
                        "exports.one = 1; module.exports = {two: 2};"
                            + " module.exports.seen = JSON.stringify(require('./b').own);"
                            + " module.exports.late = 3;",
                    "b.js", "exports.own = 'b'; exports.seen = JSON.stringify(require('./a'));")))
        .isEqualTo("\"b\"|{\"two\":2}");
  }

  @Test
  void modulesKnowTheirNames() throws IOException {
    Map<String, String> files =
        Map.of(
            "main.js",
            "exports.text = require('./lib/names').text;",
            "lib/names.js",
            "exports.text = [__filename, __dirname, module.id, this === exports,"
                + " module.exports === exports].join();");
    serve(files);
    String http = server.root() + "lib";
    assertThat(run(server.root()))
        .isEqualTo(http + "/names.js," + http + "," + http + "/names.js,true,true");

    Path tree = folder.toRealPath().resolve("tree");
    ModuleTree.write(tree, files);
    Path names = tree.resolve("lib").resolve("names.js");
    assertThat(run(tree.toUri().toString()))
        .isEqualTo(names + "," + names.getParent() + "," + names.toUri() + ",true,true");
  }

  @Test
  void scriptsCatchWhatCannotBeFound() throws IOException {
    assertThat(
            run(
                Map.of(
                    "main.js",
                    "try { require('optional') } catch (e) {"
                        + " exports.text = e.code + (e instanceof Error)"
                        + " + (e.message.indexOf(\"'optional'\") > 0); }")))
        .isEqualTo("MODULE_NOT_FOUNDtruetrue");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://other/x", "//other/x", "file:///etc/hostname", "./a?b", "", "../x"})
  void idsAreNeverUrls(String id) throws IOException {
    serve(Map.of("main.js", "require('" + id + "')"));

    assertThatExceptionOfType(JavaScriptException.class)
        .isThrownBy(() -> run(server.root()))
        .withMessageContaining("Cannot find module '" + id + "'");
    assertThat(server.answers()).hasSizeGreaterThan(id.isEmpty() ? 0 : 2);
  }

  @Test
  void htmlAndFoldersAreNoModules() throws IOException {
    serve(
        Map.of(
            "main.js", "exports.text = require('./x')", "x", "<p>", "x.js", "module.exports = 1"));

    assertThat(run(server.root())).isEqualTo("1");
  }

  @Test
  void faultsReachTheCaller() throws IOException {
    serve(Map.of("main.js", "require('./bad')", "bad.js", "\nvar a = ;"));
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> run(server.root()))
        .satisfies(e -> assertThat(e.name()).endsWith("/bad.js"))
        .satisfies(e -> assertThat(e.line()).isEqualTo(2));

    server.files().put("bad.js", "require('p')");
    server.files().put("node_modules/p/package.json", "{main}");
    assertThatExceptionOfType(WrappedException.class)
        .isThrownBy(() -> run(server.root()))
        .withMessageContaining("package.json");
    server.files().put("bad.js", "try { require('./throws') } catch (e) { require('./throws') }");
    server.files().put("throws.js", "throw new Error('again');");
    assertThatExceptionOfType(JavaScriptException.class)
        .isThrownBy(() -> run(server.root()))
        .withMessageContaining("again");
    String gone = server.root();
    server.close();
    assertThatExceptionOfType(WrappedException.class)
        .isThrownBy(() -> run(gone))
        .withCauseInstanceOf(FetchException.class);
  }

  @Test
  void rootsAreUrlsOrFolders() throws IOException {
    try (CodeLoader<Script> loader = loader()) {
      for (String root : List.of("ftp://host/", "relative", "mailto:me")) {
        assertThatIllegalArgumentException().isThrownBy(() -> CommonJs.of(loader, root));
      }
      Files.writeString(folder.resolve("main.js"), "exports.text = 'by path'");
      assertThat(CommonJs.of(loader, folder)).isNotNull();
      assertThat(RequireProcess.run(loader, folder.toUri().toString())).isEqualTo("by path");
    }
  }
}
