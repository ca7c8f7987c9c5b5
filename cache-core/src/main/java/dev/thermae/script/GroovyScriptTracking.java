package dev.thermae.script;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.Phases;
import org.codehaus.groovy.tools.gse.DependencyTracker;
import org.codehaus.groovy.tools.gse.StringSetMap;
import org.jspecify.annotations.Nullable;

/** Which files the classes of one compilation use, found as Groovy's own engine finds it. */
final class GroovyScriptTracking {
  private final CompilationUnit unit;
  private final StringSetMap uses = new StringSetMap();
  private final Map<String, String> compiledBefore = new HashMap<>();

  GroovyScriptTracking(CompilationUnit unit) {
    this.unit = unit;
    unit.addPhaseOperation(
        (source, context, node) -> {
          if (node.getOuterClass() == null) {
            new DependencyTracker(source, uses, compiledBefore).visitClass(node);
          }
        },
        Phases.CLASS_GENERATION);
  }

  /** A class that was not compiled again comes from {@code path}. */
  void compiledBefore(String name, String path) {
    compiledBefore.put(name, path);
  }

  /** The files of this compilation; classes that {@code known} has nothing of are left out. */
  List<GroovyScriptFile> files(Function<String, @Nullable Class<?>> known) {
    uses.makeTransitiveHull();
    List<GroovyScriptFile> files = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Map.Entry<String, Set<String>> each : uses.entrySet()) {
      String path = known.apply(each.getKey()) == null ? null : path(each.getKey());
      if (path != null && !compiledBefore.containsKey(each.getKey()) && seen.add(path)) {
        Set<String> paths = new HashSet<>();
        for (String name : each.getValue()) {
          String used = known.apply(name) == null ? null : path(name);
          if (used != null) {
            paths.add(used);
          }
        }
        files.add(new GroovyScriptFile(each.getKey(), path, paths));
      }
    }
    return files;
  }

  private @Nullable String path(String name) {
    ClassNode node = unit.getClassNode(name);
    return node == null ? compiledBefore.get(name) : node.getModule().getContext().getName();
  }
}
