package dev.thermae.bench;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.http.CodeLoader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * A slice of each rig of the proxy: what must be right, never how long it takes. Over the command's
 * jar, so nothing before {@code package}.
 */
@Tag("once")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
abstract class ProxyRigFixture {
  static ServeCommand serve;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

  @BeforeAll
  static void find() throws URISyntaxException {
    URL classes = CodeLoader.class.getProtectionDomain().getCodeSource().getLocation();
    Path jar = Path.of(classes.toURI()).resolveSibling("thermae.jar");
    assumeTrue(Files.exists(jar), "made by package");
    serve = ServeCommand.jar(jar);
  }

  final String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
