package dev.thermae.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.testing.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registered as the jar jsr223 registers it, in front of the others or behind them. */
class TakeoverTest {
  private static final String SERVICE = "META-INF/services/javax.script.ScriptEngineFactory";
  private static final List<String> TAKEN =
      List.of(
          "groovy ScriptClassLoader 3",
          "Groovy ScriptClassLoader 3",
          "rhino ThermaeScriptEngine 3",
          "javascript ThermaeScriptEngine 3",
          "JavaScript ThermaeScriptEngine 3",
          "js ThermaeScriptEngine 3",
          ".groovy ScriptClassLoader 3",
          ".js ThermaeScriptEngine 3",
          "text/javascript ThermaeScriptEngine 3");
  private static final List<String> STOCK =
      List.of(
          "groovy GroovyClassLoader 3",
          "Groovy GroovyClassLoader 3",
          "rhino RhinoScriptEngine 3",
          "javascript RhinoScriptEngine 3",
          "JavaScript RhinoScriptEngine 3",
          "js none",
          ".groovy GroovyClassLoader 3",
          ".js RhinoScriptEngine 3",
          "text/javascript RhinoScriptEngine 3",
          "no cache");

  @TempDir Path folder;
  private String ours;
  private String groovy;
  private String rhino;
  private String rest;

  @BeforeEach
  void splitTheClassPath() throws IOException {
    List<String> others = new ArrayList<>();
    for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (each.contains("groovy-jsr223")) {
        groovy = each;
      } else if (each.contains("rhino-engine")) {
        rhino = each;
      } else {
        others.add(each);
      }
    }
    rest = String.join(File.pathSeparator, others);
    String registration =
        Files.readString(
            Path.of(
                System.getProperty("basedir", "."),
                "src/main/jsr223/javax.script.ScriptEngineFactory"));
    ours = service("ours", registration);
  }

  private String service(String name, String registration) throws IOException {
    Path file = folder.resolve(name).resolve(SERVICE);
    Files.createDirectories(file.getParent());
    Files.writeString(file, registration);
    return folder.resolve(name).toString();
  }

  private List<String> run(List<String> path, List<String> options, Map<String, String> variables)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(options);
    all.add("-Dthermae.dir=" + folder.resolve("cache"));
    String classPath = String.join(File.pathSeparator, path);
    try (ChildJvm child =
        ChildJvm.start(TakeoverProgram.class, classPath, List.of(), all, variables)) {
      return child.finish();
    }
  }

  private static List<String> and(List<String> lines, String last) {
    List<String> all = new ArrayList<>(lines);
    all.add(last);
    return all;
  }

  /** The long form, every order twice: {@code -Dthermae.takeover.all=true}. */
  @Test
  void takesOverWhateverTheOrderOfTheClassPath() throws Exception {
    List<List<String>> orders =
        List.of(
            List.of(ours, groovy, rhino, rest),
            List.of(ours, rhino, groovy, rest),
            List.of(groovy, ours, rhino, rest),
            List.of(rhino, ours, groovy, rest),
            List.of(groovy, rhino, rest, ours),
            List.of(rest, rhino, groovy, ours));
    for (List<String> order : orders) {
      // Another order of the class path is another one for Groovy, and none for Rhino.
      String compiles = order == orders.get(0) ? "compiles 2" : "compiles 1";

      assertThat(run(order, List.of(), Map.of())).isEqualTo(and(TAKEN, compiles));
      if (isFirstOrLast(order, orders) || Boolean.getBoolean("thermae.takeover.all")) {
        assertThat(run(order, List.of(), Map.of())).isEqualTo(and(TAKEN, "compiles 0"));
      }
    }
  }

  private static <T> boolean isFirstOrLast(T one, List<T> all) {
    return one == all.get(0) || one == all.get(all.size() - 1);
  }

  @Test
  void withoutTheRegistrationNothingIsTakenOver() throws Exception {
    assertThat(run(List.of(groovy, rhino, rest), List.of(), Map.of())).isEqualTo(STOCK);
    assertThat(CachingFactory.class.getClassLoader().getResources(SERVICE).asIterator())
        .toIterable()
        .noneMatch(each -> read(each.toString()).contains("dev.thermae"));
  }

  private static String read(String url) {
    try (var in = java.net.URI.create(url).toURL().openStream()) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void propertyAndVariableSwitchItOff() throws Exception {
    List<String> path = List.of(ours, groovy, rhino, rest);

    assertThat(run(path, List.of("-Dthermae.enabled=false"), Map.of())).isEqualTo(STOCK);
    assertThat(run(path, List.of(), Map.of("THERMAE_ENABLED", "0"))).isEqualTo(STOCK);
    assertThat(run(path, List.of("-Dthermae.enabled=true"), Map.of("THERMAE_ENABLED", "0")))
        .as("the property is asked first")
        .startsWith(TAKEN.get(0));
    assertThat(folder.resolve("cache")).exists();
  }

  @Test
  void onlyWhatIsThereIsTakenOver() throws Exception {
    assertThat(run(List.of(ours, rhino, rest), List.of(), Map.of()))
        .contains("groovy none", "rhino ThermaeScriptEngine 3");
    assertThat(run(List.of(ours, groovy, rest), List.of(), Map.of()))
        .contains("groovy ScriptClassLoader 3", "rhino none", "js none", ".js none");
  }

  /** The manager asks the rival first where Rhino's engine stands alone, and so it does here. */
  @Test
  void takesOverFromNobodyElse() throws Exception {
    String rival = service("rival", RivalFactory.class.getName() + "\n");
    List<String> stock = run(List.of(rhino, rest, rival), List.of(), Map.of());

    List<String> taken = run(List.of(ours, rhino, rest, rival), List.of(), Map.of());

    assertThat(stock)
        .contains("javascript RivalEngine 3", "js RivalEngine 3", "text/javascript RivalEngine 3")
        .contains("rhino RhinoScriptEngine 3", ".js RhinoScriptEngine 3");
    assertThat(taken)
        .contains("javascript RivalEngine 3", "js RivalEngine 3", "text/javascript RivalEngine 3")
        .contains("rhino ThermaeScriptEngine 3", ".js ThermaeScriptEngine 3");
  }
}
