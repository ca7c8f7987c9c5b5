package dev.thermae.http.commonjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thermae.engine.CompileException;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.CacheStats;
import dev.thermae.file.FileLoader;
import dev.thermae.http.CodeLoader;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mozilla.javascript.Script;

/** Real files and the real watcher. Looks are trusted for a day, so that only events help. */
final class WatchedModulesTest {
  @TempDir Path folder;

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private Path tree;
  private CodeLoader<Script> loader;
  private FileLoader<Script> files;

  @BeforeEach
  void watch() throws IOException {
    tree = folder.toRealPath().resolve("tree");
    ModuleTree.write(tree, ModuleTree.files());
    open();
  }

  private void open() {
    RhinoEngine engine = RhinoEngine.create();
    loader =
        CodeLoader.builder(engine)
            .directory(folder.resolve("cache"))
            .policy(CachePolicy.eager())
            .build();
    files =
        FileLoader.builder(loader.cache(), engine)
            .watch(tree)
            .listener((file, change) -> told.add(change + " " + tree.relativize(file)))
            .quiet(Duration.ofMillis(20))
            .trust(Duration.ofDays(1))
            .build();
    assertThat(files.isWatching()).isTrue();
  }

  @AfterEach
  void close() {
    files.close();
    loader.close();
  }

  private String run() {
    return RequireProcess.run(CommonJs.of(loader, tree).files(files));
  }

  private void awaitChange(String change) throws InterruptedException {
    String next = told.poll(30, TimeUnit.SECONDS);
    while (next != null && !next.equals(change)) {
      next = told.poll(30, TimeUnit.SECONDS);
    }
    assertThat(next).isEqualTo(change);
  }

  private long compiles() {
    return loader.cache().stats().compiles();
  }

  /** Among 30 modules; what requires the one that changed stays as it was compiled. */
  @Test
  void theNextRequireSeesAChangedModuleAndCompilesNothingElse() throws Exception {
    assertThat(run()).isEqualTo(ModuleTree.TEXT);
    assertThat(compiles()).isEqualTo(30);
    assertThat(run()).isEqualTo(ModuleTree.TEXT);
    assertThat(compiles()).isEqualTo(30);

    Files.writeString(tree.resolve("chain/m1.js"), "exports.numbers = ['one'];");
    awaitChange("MODIFIED chain/m1.js");

    assertThat(run()).isEqualTo(ModuleTree.TEXT.replace(",1;", ",one;"));
    CacheStats stats = loader.cache().stats();
    assertThat(stats.compiles()).isEqualTo(31);
    assertThat(stats.restores()).isZero();

    close();
    open();
    assertThat(run()).isEqualTo(ModuleTree.TEXT.replace(",1;", ",one;"));
    assertThat(loader.cache().stats().restores()).as("in a new process").isEqualTo(30);
    assertThat(compiles()).isZero();
  }

  /** As editors write; and back again, which has to be seen as well. */
  @Test
  void aModuleThatIsMovedIntoPlace() throws Exception {
    assertThat(run()).isEqualTo(ModuleTree.TEXT);
    Path module = tree.resolve("folder/index.js");
    for (String text : new String[] {"other", "index"}) {
      Path beside = tree.resolve("folder/.index.js.swp");
      Files.writeString(beside, "module.exports = '" + text + "';");
      Files.move(beside, module, StandardCopyOption.REPLACE_EXISTING);
      awaitChange("MODIFIED folder/index.js");
      assertThat(run()).contains("folder:" + text + ";");
    }
  }

  /** What an id means is looked up each time, and JSON is read. */
  @Test
  void filesThatComeAndGoAndJson() throws Exception {
    assertThat(run()).isEqualTo(ModuleTree.TEXT);
    Files.writeString(tree.resolve("folder.js"), "module.exports = 'file';");
    assertThat(run()).contains("folder:file;");
    Files.delete(tree.resolve("folder.js"));
    assertThat(run()).contains("folder:index;");
    Files.writeString(tree.resolve("data.json"), "{\"seven\": 8}");
    assertThat(run()).endsWith("json:8");
    Files.writeString(tree.resolve("node_modules/pkg/package.json"), "{\"main\": \"other\"}");
    Files.writeString(tree.resolve("node_modules/pkg/other.js"), "exports.name = 'other';");
    assertThat(run()).contains("package:other;");
  }

  @Test
  void aModuleThatIsBrokenAndMended() throws Exception {
    assertThat(run()).isEqualTo(ModuleTree.TEXT);
    Files.writeString(tree.resolve("folder/index.js"), "\nvar a = ;");
    awaitChange("MODIFIED folder/index.js");
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(this::run)
        .satisfies(e -> assertThat(e.name()).isEqualTo(tree.resolve("folder/index.js").toString()));
    Files.writeString(tree.resolve("folder/index.js"), "module.exports = 'mended';");
    awaitChange("MODIFIED folder/index.js");
    assertThat(run()).contains("folder:mended;");
  }

  /** Without a watcher they are read at each load. */
  @Test
  void afterTheWatcherIsClosed() throws Exception {
    assertThat(run()).isEqualTo(ModuleTree.TEXT);
    files.close();
    Files.writeString(tree.resolve("folder/index.js"), "module.exports = 'unwatched';");
    assertThat(run()).contains("folder:unwatched;");
    assertThat(compiles()).isEqualTo(31);
  }
}
