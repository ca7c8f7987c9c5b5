package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mark tells of the compile before it. */
class DiskMarksTest {
  @TempDir Path folder;

  private long told(byte... marks) throws IOException {
    Path file = folder.resolve("marks");
    Files.write(file, marks);
    return DiskMarks.compileNanos(file.toFile());
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000, 1_999, 500_000, 540_000_000, 59_000_000_000L, 3_600_000_000_000L})
  void timeIsToldWithinAFactorOfTwo(long nanos) throws IOException {
    assertThat(told((byte) 1, DiskMarks.mark(nanos))).isBetween(nanos, 2 * nanos);
  }

  @Test
  void whatIsNotKnownIsNotTold() throws IOException {
    assertThat(DiskMarks.mark(0)).isEqualTo((byte) 1);
    assertThat(DiskMarks.mark(-5)).isEqualTo((byte) 1);
    assertThat(DiskMarks.mark(Long.MAX_VALUE)).isPositive();
    assertThat(told((byte) 1)).isZero();
    assertThat(told()).isZero();
    assertThat(told((byte) 0)).isZero();
    assertThat(told((byte) -1)).isZero();
    assertThat(told((byte) 127)).isZero();
    assertThat(DiskMarks.compileNanos(folder.resolve("none").toFile())).isZero();
  }
}
