package dev.thermae.engine.groovy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.testing.ChildJvm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Units that ran and were dropped, in a JVM whose Metaspace is small. */
class GroovyDropTest {
  /**
   * 25 KB for each: without letting go, the JVM clears all soft references, of whomever they are,
   * to go on. What is left are one that is kept, and those that the last collections have not seen.
   */
  @Test
  void theirClassesGoBeforeMetaspaceIsShort() throws Exception {
    List<String> options = List.of("-XX:MaxMetaspaceSize=36m", "-Xmx128m");
    try (ChildJvm jvm = ChildJvm.start(GroovyDropProgram.class, options, Map.of(), "500")) {
      String said = jvm.next();
      assertThat(said).endsWith(", short of memory false");
      int left = Integer.parseInt(said.substring("left ".length(), said.indexOf(',')));
      assertThat(left).isBetween(1, 6);
      assertThat(jvm.next()).isEqualTo("ran");
    }
  }
}
