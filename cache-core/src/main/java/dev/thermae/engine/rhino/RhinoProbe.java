package dev.thermae.engine.rhino;

import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.CompilerEnvirons;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;

/**
 * Asks a ContextFactory what its new Contexts compile with.
 *
 * <p>A thread that is in a Context cannot enter another one, so a thread of its own asks then.
 */
final class RhinoProbe implements Runnable {
  private final ContextFactory factory;
  private final int languageVersion;
  private @Nullable RhinoOptions options;
  private @Nullable RuntimeException failure;

  private RhinoProbe(ContextFactory factory, int languageVersion) {
    this.factory = factory;
    this.languageVersion = languageVersion;
  }

  /** The options of a new Context of {@code factory}; what the factory throws is thrown on. */
  static RhinoOptions options(ContextFactory factory, int languageVersion) {
    RhinoProbe probe = new RhinoProbe(factory, languageVersion);
    if (Context.getCurrentContext() == null) {
      probe.run();
    } else {
      probe.runElsewhere();
    }
    RuntimeException failure = probe.failure;
    if (failure != null) {
      throw failure;
    }
    RhinoOptions options = probe.options;
    if (options == null) {
      throw new IllegalStateException("the options of a ContextFactory could not be read");
    }
    return options;
  }

  private void runElsewhere() {
    Thread thread = new Thread(this, "thermae-rhino-options");
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    try {
      Context context = factory.enterContext();
      try {
        RhinoOptions.swapVersion(context, languageVersion);
        CompilerEnvirons environs = new CompilerEnvirons();
        environs.initFromContext(context);
        options = RhinoOptions.of(factory, languageVersion, environs);
      } finally {
        Context.exit();
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }
}
