package dev.thermae.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Generation;
import dev.thermae.engine.CompileException;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.policy.CachePolicy;
import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files through the cache, without watching. */
class FileLoaderTest extends FileFixture {
  @Test
  void coldThenWarmThenHotAcrossProcesses() throws IOException {
    write(file, "one");
    assertThat(loadAnew(CachePolicy.chrome()).temperature()).isEqualTo(Temperature.COLD);
    assertThat(loadAnew(CachePolicy.chrome()).temperature()).isEqualTo(Temperature.WARM);
    Compiled<TextUnit> hot = loadAnew(CachePolicy.chrome());
    assertThat(hot.origin()).isEqualTo(Origin.RESTORED);
    assertRuns(hot, "one");
  }

  @Test
  void otherBytesAreA200AndClearTheCode() throws IOException {
    write(file, "one");
    loadAnew(CachePolicy.eager());
    assertThat(loadAnew(CachePolicy.eager()).temperature()).isEqualTo(Temperature.HOT);
    Generation before = entry(file).head().generation();
    assertThat(storedCode()).hasSize(1);
    write(file, "two");
    Compiled<TextUnit> cold = loadAnew(CachePolicy.isolateOnly());
    assertRuns(cold, "two");
    Compiled<TextUnit> again = loadAnew(CachePolicy.chrome());
    assertRuns(again, "two");
    assertThat(again.temperature()).isEqualTo(Temperature.COLD);
    assertThat(entry(file).head().generation()).isNotEqualTo(before);
    assertThat(storedCode()).isEmpty();
    write(file, "one");
    assertThat(loadAnew(CachePolicy.eager()).temperature()).isEqualTo(Temperature.COLD);
  }

  private List<Path> storedCode() throws IOException {
    try (Stream<Path> files = Files.walk(temporary.resolve("cache"))) {
      return files.filter(each -> each.toString().endsWith(".c")).toList();
    }
  }

  @Test
  void otherTimesAreA304() throws IOException {
    write(file, "one");
    loadAnew(CachePolicy.eager());
    Generation before = entry(file).head().generation();
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    Path moved = Files.copy(file, scripts.resolve("b.txt"));
    Files.move(moved, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(loadAnew(CachePolicy.eager()).temperature()).isEqualTo(Temperature.HOT);
    assertThat(entry(file).head().generation()).isEqualTo(before);
  }

  /** What other caches were caught by. */
  @Test
  void equalLengthAndTimesDoNotDeceive() throws IOException {
    write(file, "one");
    FileTime then = Files.getLastModifiedTime(file);
    try (FileLoader<TextUnit> loader = FileLoader.of(cache(), engine)) {
      loader.load(file);
      write(file, "two");
      Files.setLastModifiedTime(file, then);
      assertRuns(loader.load(file), "two");
    }
  }

  @Test
  void aLinkAndItsFileAreOne() throws IOException {
    write(file, "one");
    Path link = Files.createSymbolicLink(temporary.resolve("link.txt"), file);
    try (FileLoader<TextUnit> loader = FileLoader.of(cache(), engine)) {
      TextUnit unit = loader.load(file).code();
      assertThat(loader.load(link).code()).isSameAs(unit);
    }
    assertThat(seen.count("stored")).isEqualTo(1);
  }

  @Test
  void namespacesDoNotMeet() throws IOException {
    write(file, "one");
    loadAnew(CachePolicy.eager());
    try (CodeCache other =
            CodeCache.builder()
                .directory(temporary.resolve("cache"))
                .namespace("other")
                .policy(CachePolicy.eager())
                .build();
        FileLoader<TextUnit> loader = FileLoader.of(other, engine)) {
      assertThat(loader.load(file).temperature()).isEqualTo(Temperature.COLD);
    }
  }

  @Test
  void charsetsOfOneFileAreUnitsOfTheirOwn() throws IOException {
    Files.writeString(file, text("für"), StandardCharsets.ISO_8859_1);
    for (int i = 0; i < 2; i++) {
      try (CodeCache fresh = open(CachePolicy.eager())) {
        FileLoader<TextUnit> latin =
            FileLoader.builder(fresh, engine).charset(StandardCharsets.ISO_8859_1).build();
        assertRuns(latin.load(file), "für");
        assertRuns(FileLoader.of(fresh, engine).load(file), "f\uFFFDr");
      }
    }
    assertThat(engine.compiles()).isEqualTo(2);
    assertThat(seen.count("stored")).isEqualTo(1);
  }

  @Test
  void smallSourcesAreNotStored() throws IOException {
    Files.writeString(file, "short");
    loadAnew(CachePolicy.chrome());
    assertThat(seen.count("stored")).isZero();
  }

  @Test
  void aStoreThatFailsIsACountedFault() throws IOException {
    write(file, "one");
    CodeCache broken = cache();
    FileLoader<TextUnit> loader = FileLoader.of(broken, engine);
    Path format = temporary.resolve("cache").resolve("v1");
    Files.move(format, temporary.resolve("aside"));
    Files.writeString(format, "no folder");
    assertRuns(loader.load(file), "one");
    assertThat(broken.stats().faults()).isPositive();
    broken.close(); // what it stores in the background would make the folder again
    Files.delete(format);
    Files.move(temporary.resolve("aside"), format);
  }

  @Test
  void whatCannotBeReadSaysWhy() throws IOException {
    FileLoader<TextUnit> loader = FileLoader.builder(cache(), engine).maximumBytes(10).build();
    assertThatThrownBy(() -> loader.load(file))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(file + ": there is no such file; check the path");
    assertThatThrownBy(() -> loader.load(scripts))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(scripts + ": is a folder; name a file in it");
    Files.writeString(file, "12345678901");
    assertThatThrownBy(() -> loader.load(file))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(file + ": has 11 bytes, more than 10; raise maximumBytes to read it");
    Files.writeString(file, "1234567890");
    assertThat(loader.load(file).code().run()).isEqualTo(TextUnit.run("1234567890"));
  }

  /** Such a file says that it is empty and is not: as one that grows while it is read. */
  @Test
  void aFileThatChangesWhileItIsReadIsNotTaken() {
    Path growing = Path.of("/proc/self/status");
    assumeTrue(Files.isRegularFile(growing), "only Linux has such files");
    assertThatThrownBy(() -> FileLoader.of(cache(), engine).load(growing))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("changes while it is read");
  }

  @Test
  void compileErrorsAreTheUsersOwn() throws IOException {
    Files.writeString(file, "!error");
    assertThatThrownBy(() -> FileLoader.of(cache(), engine).load(file))
        .isInstanceOf(CompileException.class);
  }

  @Test
  void settingsHaveRanges() {
    FileLoader.Builder<TextUnit> builder = FileLoader.builder(cache(), engine);
    assertThatThrownBy(() -> builder.maximumBytes(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.quiet(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.trust(Duration.ofDays(2)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.listener(told).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("say what to watch");
  }
}
