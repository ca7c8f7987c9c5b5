package dev.thermae.bench;

import dev.thermae.code.SourceSet;
import dev.thermae.engine.groovy.GroovyEngine;
import dev.thermae.engine.groovy.GroovyUnit;
import groovy.lang.GroovySystem;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.codehaus.groovy.runtime.InvokerHelper;

/**
 * CodeNarc from its sources, by Groovy: all of its rules. What needs Ant, XML, JSON or templates is
 * left out, and its few files of Java are compiled as Groovy too.
 */
final class CodeNarcWorkload extends CompileWorkload {
  private static final String COMPILE = "Groovy";
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "org/codenarc/(ant|report|plugin|tool)/.*"
              + "|org/codenarc/[A-Z].*"
              + "|.*/(Json|Xml)(Reader|File)RuleSet.*"
              + "|.*/RuleSetUtil.*"
              + "|.*TestCase.*");
  private static final String ANALYSED = "class A {\n  def f( ){ return 1+2 }  \n}\n";

  @Override
  String name() {
    return "codenarc";
  }

  @Override
  String title() {
    return "CodeNarc 3.5.0 from its sources, by Groovy 5.1.3";
  }

  @Override
  List<Peer> peers() {
    return List.of(new Peer(COMPILE, 8));
  }

  @Override
  byte[] input(Inputs inputs) throws Exception {
    Map<String, String> files = new TreeMap<>();
    inputs.files("org/codenarc/", ".groovy").forEach(files::put);
    inputs
        .files("org/codenarc/", ".java")
        .forEach(
            (name, text) ->
                files.put(
                    name.replace(".java", ".groovy"),
                    text.replace("AbstractAstVisitor.this", "this")
                        .replaceAll("@SuppressWarnings\\(\\{[^}]*\\}\\)", "")));
    files.keySet().removeIf(name -> LEFT_OUT.matcher(name).matches());
    return SourceSet.of("set", files).bytes();
  }

  @Override
  void initialise() {
    GroovySystem.getMetaClassRegistry();
  }

  /** Groovy would find the sources that were left out in the benchmark jar. */
  @Override
  GroovyEngine engine() {
    ClassLoader hiding =
        new ClassLoader(CodeNarcWorkload.class.getClassLoader()) {
          @Override
          public URL getResource(String name) {
            return name.endsWith(".groovy") ? null : super.getResource(name);
          }
        };
    return GroovyEngine.create().withParent(hiding).identifiedBy("benchmark");
  }

  @Override
  String run(Object loaded) throws Exception {
    GroovyUnit unit = (GroovyUnit) loaded;
    StringBuilder found = new StringBuilder();
    for (String rule : List.of("Indentation", "SpaceAroundOperator", "TrailingWhitespace")) {
      Object instance = create(unit, "rule.formatting." + rule + "Rule");
      Object source = create(unit, "source.SourceString", ANALYSED);
      Object violations = InvokerHelper.invokeMethod(instance, "applyTo", new Object[] {source});
      found.append(rule).append(' ').append(((List<?>) violations).size()).append(' ');
    }
    return found.toString().strip();
  }

  private static Object create(GroovyUnit unit, String name, Object... arguments)
      throws ClassNotFoundException {
    return InvokerHelper.invokeConstructorOf(unit.type("org.codenarc." + name), arguments);
  }
}
