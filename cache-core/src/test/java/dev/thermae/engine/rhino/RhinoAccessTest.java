package dev.thermae.engine.rhino;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.StringTokenizer;
import org.junit.jupiter.api.Test;
import org.mozilla.javascript.Context;

/** Where Rhino may be, seen from JVMs and class loaders of their own. */
final class RhinoAccessTest {
  private static final String HERE = RhinoProcess.describe();

  @Test
  void writesTheSameBytesInAnotherProcess() throws Exception {
    String classPath = String.join(File.pathSeparator, classPath());
    List<String> options =
        List.of("-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2", "-cp", classPath);

    assertThat(runMain(options)).isEqualTo(HERE).startsWith("ANY_TIME");
  }

  @Test
  void staysInMemoryWhereRhinoIsAClosedModule() throws Exception {
    String said = runMain(modules());

    assertThat(said).startsWith("NEVER").contains("does not open org.mozilla.javascript");
  }

  @Test
  void worksWhereRhinoIsAnOpenModule() throws Exception {
    List<String> options = new ArrayList<>(modules());
    options.add(0, "--add-opens=org.mozilla.rhino/org.mozilla.javascript=ALL-UNNAMED");

    assertThat(runMain(options)).isEqualTo(HERE);
  }

  private static List<String> modules() throws Exception {
    String rhino = path(Context.class).toString();
    StringBuilder others = new StringBuilder();
    for (String each : classPath()) {
      if (!each.equals(rhino)) {
        others.append(each).append(File.pathSeparatorChar);
      }
    }
    return List.of("-p", rhino, "--add-modules", "org.mozilla.rhino", "-cp", others.toString());
  }

  private static List<String> classPath() {
    return Collections.list(
            new StringTokenizer(System.getProperty("java.class.path"), File.pathSeparator))
        .stream()
        .map(String::valueOf)
        .toList();
  }

  private static Path path(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static String runMain(List<String> options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add(RhinoProcess.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void sharesRhinoWithAnotherThermae() throws Exception {
    try (URLClassLoader loader = new Other()) {
      Class<?> other = loader.loadClass(RhinoProcess.class.getName());
      Method describe = other.getDeclaredMethod("describe");
      describe.setAccessible(true);

      assertThat(other).isNotSameAs(RhinoProcess.class);
      assertThat(describe.invoke(null)).isEqualTo(HERE);
    }
  }

  /** Loads another copy of our classes over the same Rhino. */
  private static final class Other extends URLClassLoader {
    Other() throws Exception {
      super(urls(), RhinoAccessTest.class.getClassLoader());
    }

    private static URL[] urls() throws Exception {
      List<URL> urls = new ArrayList<>();
      for (String each : classPath()) {
        URI place = new File(each).toURI();
        urls.add(place.toURL());
      }
      return urls.toArray(new URL[0]);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.thermae.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? findClass(name) : known;
      }
    }
  }
}
