package dev.thermae.samples.operaton;

import java.util.concurrent.atomic.AtomicInteger;
import org.codehaus.groovy.ast.ASTNode;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.transform.ASTTransformation;
import org.codehaus.groovy.transform.GroovyASTTransformation;
import org.jspecify.annotations.Nullable;

/**
 * Counts what Groovy's compiler really compiles, whoever asks it: registered as a global
 * transformation, it is told of every source in every compilation.
 */
@GroovyASTTransformation(phase = CompilePhase.CLASS_GENERATION)
public final class GroovyCompiles implements ASTTransformation {
  private static final AtomicInteger COUNT = new AtomicInteger();

  static int count() {
    return COUNT.get();
  }

  @Override
  public void visit(ASTNode @Nullable [] nodes, SourceUnit source) {
    COUNT.incrementAndGet();
  }
}
