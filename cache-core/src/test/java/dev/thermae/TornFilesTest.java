package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Coding;
import dev.thermae.code.Rejection;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskOptions;
import dev.thermae.disk.DiskOptions.Packing;
import dev.thermae.disk.FolderCheck;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A power loss on a file system that keeps names and loses bytes: under the right name lies
 * nothing, zeros, or a beginning. That is a miss with a reason, and the next store mends it.
 */
class TornFilesTest extends CodeCacheFixture {
  private static final Source TEXT = Source.of("a.txt", text());

  private static String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < 150_000; i++) {
      text.append("line ").append(i % 1_009).append('\n');
    }
    return text.toString();
  }

  /** What is left of a file. */
  enum Left {
    NOTHING,
    ZEROS,
    BEGINNING_AND_ZEROS,
    FIRST_PAGE,
    ZEROS_AND_END;

    byte[] of(byte[] file) {
      byte[] bytes = file.clone();
      int half = bytes.length / 2;
      switch (this) {
        case NOTHING -> {
          return new byte[0];
        }
        case ZEROS -> Arrays.fill(bytes, (byte) 0);
        case BEGINNING_AND_ZEROS -> Arrays.fill(bytes, half, bytes.length, (byte) 0);
        case FIRST_PAGE -> {
          return Arrays.copyOf(bytes, Math.min(4_096, half));
        }
        case ZEROS_AND_END -> Arrays.fill(bytes, 0, half, (byte) 0);
      }
      return bytes;
    }
  }

  private CodeCache cache(Coding coding) {
    return builder()
        .policy(CachePolicy.eager())
        .disk(DiskOptions.DEFAULTS.packing(new Packing(coding, coding, 1_000)))
        .build();
  }

  /** Looks up, fetches what is not there, compiles, runs. */
  private Compiled<TextUnit> run(Coding coding) throws IOException {
    try (CodeCache cache = cache(coding)) {
      StoredEntry entry = cache.store().find(KEY, null);
      byte[] body = entry == null ? null : entry.body();
      if (body == null) {
        time.advance(1, TimeUnit.SECONDS);
        entry = store(cache, TEXT);
      }
      return checked(cache.compile(engine, TEXT, Shape.SCRIPT, entry), TEXT);
    }
  }

  private List<Path> files() throws IOException {
    return FolderCheck.files(folder.resolve("v1")).stream()
        .filter(file -> !file.endsWith("locks") && !file.endsWith("usage"))
        .filter(file -> !file.toString().endsWith(".s"))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void isAMissWithAReasonAndMended(Left left) throws IOException {
    for (Coding coding : List.of(Coding.NONE, Coding.DEFLATE)) {
      for (int i = 0; i < 4; i++) {
        tear(left, coding, i);
        FolderCheck.delete(folder.resolve("v1"));
      }
    }
  }

  private void tear(Left left, Coding coding, int number) throws IOException {
    run(coding);
    assertHot(run(coding));
    assertThat(files()).as("head, body, code, fingerprint").hasSize(4);
    Path file = files().get(number);
    byte[] bytes = left.of(Files.readAllBytes(file));
    Files.delete(file);
    Files.write(file, bytes);
    seen.clear();
    run(coding);
    assertThat(seen.rejections())
        .as("%s of %s", left, file)
        .isNotEmpty()
        .allMatch(
            reason ->
                reason == Rejection.TRUNCATED
                    || reason == Rejection.MAGIC
                    || reason == Rejection.SEAL);
    seen.clear();
    assertHot(run(coding));
    assertThat(seen.rejections()).as("mended").isEmpty();
    assertThat(seen.faults()).isEmpty();
  }

  /** All of it at once, as a machine that lost power right after a first run. */
  @ParameterizedTest
  @EnumSource
  void everyFileAtOnce(Left left) throws IOException {
    run(Coding.NONE);
    for (Path file : files()) {
      Files.write(file, left.of(Files.readAllBytes(file)));
    }
    seen.clear();
    run(Coding.NONE);
    assertThat(seen.rejections()).isNotEmpty();
    seen.clear();
    assertHot(run(Coding.NONE));
    assertThat(seen.rejections()).isEmpty();
  }
}
