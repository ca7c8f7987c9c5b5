package dev.thermae;

import dev.thermae.code.CodeKey;
import dev.thermae.event.Waited;
import dev.thermae.policy.Patience;
import dev.thermae.policy.Plan;
import dev.thermae.store.Lead;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to compile what several processes want at once: one leads, the others wait for
 * its code, as long as their {@link Patience} lasts. Used by one thread; the lead may be handed
 * over to another one.
 *
 * <p>Whoever has a lead never waits for another, so that units that load each other in different
 * orders cannot block each other, whichever threads and processes they are loaded by. An engine
 * that hands such a load to another thread, and waits for that, has only patience's end to rely on.
 */
final class Turn implements AutoCloseable {
  private static final ThreadLocal<@Nullable Boolean> LEADING = new ThreadLocal<>();

  private final CodeCache cache;
  private final String name;
  private @Nullable Lead lead;
  private long waited = -1;

  private Turn(CodeCache cache, String name) {
    this.cache = cache;
    this.name = name;
  }

  /** The turn of a load whose code will be attached; waits. */
  static Turn take(CodeCache cache, CodeKey key, @Nullable StoredEntry entry) {
    Turn turn = new Turn(cache, key.source().name());
    try {
      turn.await(cache.keeper().what(key, entry), key, entry);
    } catch (IOException | RuntimeException e) {
      cache.counters().onFault("lead of " + turn.name, e);
    }
    return turn;
  }

  private void await(String what, CodeKey key, @Nullable StoredEntry entry) throws IOException {
    lead = cache.store().lead(what, 0);
    if (lead != null) {
      return;
    }
    long recorded = entry == null ? 0 : entry.compileNanos(StoredEntry.slot(key));
    boolean leading = LEADING.get() != null;
    int length = key.source().bytes().length;
    long nanos = cache.patience().nanos(Plan.COMPILE_AND_ATTACH, leading, recorded, length);
    if (nanos > 0) {
      long start = cache.time().nanos();
      lead = cache.store().lead(what, nanos);
      waited = cache.time().nanos() - start;
    }
  }

  /** Whether the slot is worth another look: somebody may have filled it since the first one. */
  boolean looksAgain() {
    return lead != null || waited >= 0;
  }

  /** Tells how the waiting ended, where there was any. */
  void ended(boolean found) {
    if (waited < 0) {
      return;
    }
    Waited outcome = Waited.FOUND;
    if (!found && lead != null) {
      outcome = Waited.LEFT_ALONE;
    } else if (!found) {
      boolean interrupted = Thread.currentThread().isInterrupted();
      outcome = interrupted ? Waited.INTERRUPTED : Waited.TOO_LONG;
    }
    cache.counters().onWaited(name, outcome, waited);
  }

  /** Compiles; loads that happen meanwhile on this thread wait for nobody, if this one leads. */
  <T> T compile(Supplier<T> compiler) {
    boolean outermost = lead != null && LEADING.get() == null;
    if (outermost) {
      LEADING.set(Boolean.TRUE);
    }
    try {
      return compiler.get();
    } finally {
      if (outermost) {
        LEADING.remove();
      }
    }
  }

  /** The lead, to be closed by who takes it. */
  Lead handOver() {
    Lead mine = lead;
    lead = null;
    return mine == null ? Lead.ALONE : mine;
  }

  @Override
  public void close() {
    handOver().close();
  }
}
