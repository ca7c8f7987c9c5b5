package dev.thermae.engine.quickjs;

import io.roastedroot.quickjs4j.core.Engine;
import io.roastedroot.quickjs4j.core.GuestException;

/**
 * Where units run: one QuickJS with its global object, as the user has set it up. What the user's
 * {@code Builtins} offer is defined there once, and so is no part of any unit's code.
 *
 * <p>Once a unit has thrown, a runtime is finished. Used by one thread at a time.
 */
public final class QuickJsRuntime implements AutoCloseable {
  private final Engine engine;

  private QuickJsRuntime(Engine engine) {
    this.engine = engine;
  }

  /** A runtime over {@code engine}, which it closes when it is closed. */
  public static QuickJsRuntime over(Engine engine) {
    QuickJsRuntime runtime = new QuickJsRuntime(engine);
    runtime.execute(engine.compile("")); // which defines the builtins
    return runtime;
  }

  /** A runtime without builtins. */
  public static QuickJsRuntime create() {
    return new QuickJsRuntime(Engine.builder().withCache(NoCache.INSTANCE).build());
  }

  /**
   * Runs a unit, and the jobs that it queues.
   *
   * @throws GuestException when it throws
   */
  public void run(QuickJsUnit unit) {
    execute(engine.writeCompiled(unit.shared()));
  }

  private void execute(int code) {
    engine.exec(code);
    engine.free(code);
  }

  /** What units have printed so far. */
  public String output() {
    return engine.stdout();
  }

  @Override
  public void close() {
    engine.close();
  }
}
