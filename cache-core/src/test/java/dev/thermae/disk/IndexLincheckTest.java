package dev.thermae.disk;

import java.io.IOException;
import java.nio.file.Path;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Whatever threads do to an index at once looks like one thing after the other. */
@Tag("once")
class IndexLincheckTest {
  private static final int ITERATIONS = Integer.getInteger("thermae.lincheck", 3);

  private static final long CAPACITY = 1 << 16;

  @TempDir Path folder;

  @Test
  void heapIndexIsLinearizable() {
    new ModelCheckingOptions()
        .iterations(ITERATIONS)
        .invocationsPerIteration(100)
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(IndexOperations.Sequential.class)
        .check(IndexOperations.Heap.class);
  }

  /** Takes long before it begins: Chronicle Map's classes are changed for it. */
  @Test
  @EnabledIfSystemProperty(named = "thermae.lincheck", matches = "[0-9]+")
  void indexOffTheHeapIsLinearizable() throws IOException {
    try (ChronicleIndex index =
        ChronicleIndex.open(folder.resolve("index.cm").toFile(), CAPACITY)) {
      IndexOperations.Chronicle.share(index);
      new StressOptions()
          .iterations(ITERATIONS)
          .invocationsPerIteration(100)
          .threads(2)
          .actorsPerThread(3)
          .sequentialSpecification(IndexOperations.Sequential.class)
          .check(IndexOperations.Chronicle.class);
    }
  }
}
