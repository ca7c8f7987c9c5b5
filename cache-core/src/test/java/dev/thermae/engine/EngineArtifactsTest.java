package dev.thermae.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class EngineArtifactsTest {
  private static EngineArtifacts two() {
    return new EngineArtifacts().and("tests", Test.class).and("asserts", Assertions.class);
  }

  @Test
  void tellsOfEachInItsOrder() {
    Map<String, String> parts = new LinkedHashMap<>(Map.of("engine", "x"));

    two().describe(parts);

    assertThat(two().surroundings(", "))
        .isEqualTo(
            ArtifactIdentity.surroundings(Test.class)
                + ", "
                + ArtifactIdentity.surroundings(Assertions.class));
    assertThat(parts)
        .containsExactly(
            Map.entry("engine", "x"),
            Map.entry("tests", String.valueOf(ArtifactIdentity.digest(Test.class))),
            Map.entry("asserts", String.valueOf(ArtifactIdentity.digest(Assertions.class))));
  }

  /** A class of the JDK's lies in its run-time image. */
  @Test
  void saysWhichOneCannotBeIdentified() {
    EngineArtifacts artifacts = two().and("image", String.class);

    assertThat(artifacts.surroundings(" ")).isNull();
    assertThatIllegalStateException()
        .isThrownBy(() -> artifacts.describe(new LinkedHashMap<>()))
        .withMessage("the jar cannot be identified: image");
  }
}
