package dev.thermae.event.jfr;

import dev.thermae.code.Rejection;
import dev.thermae.event.CacheListener;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import java.util.Locale;

/**
 * Writes what a cache does to the JVM's flight recorder: {@code dev.thermae.Load}, {@code
 * dev.thermae.Compile} and {@code dev.thermae.Rejection}. Costs next to nothing while nothing is
 * recorded. Thread-safe.
 *
 * <pre>{@code
 * CodeCache cache = CodeCache.builder().listener(new JfrListener()).build();
 * }</pre>
 *
 * <p>Whoever wants the quickest first load of a fresh process leaves it out: the recorder's own
 * classes take longer to load than that.
 */
public final class JfrListener implements CacheListener {
  /** Writes to the recorder of this JVM. */
  public JfrListener() {}

  @Override
  public void onUnit(
      String name, Temperature temperature, Origin origin, long compileNanos, long loadNanos) {
    LoadEvent event =
        new LoadEvent(name, lower(temperature), lower(origin), compileNanos, loadNanos);
    if (event.shouldCommit()) {
      event.commit();
    }
  }

  @Override
  public void onCompile(String name, long nanos) {
    commit(new CompileEvent(name, nanos, true, false));
  }

  @Override
  public void onCompileError(String name, boolean remembered) {
    commit(new CompileEvent(name, 0, false, remembered));
  }

  @Override
  public void onRejected(String where, Rejection reason, String detail) {
    RejectionEvent event = new RejectionEvent(where, reason.name(), detail);
    if (event.shouldCommit()) {
      event.commit();
    }
  }

  private static void commit(CompileEvent event) {
    if (event.shouldCommit()) {
      event.commit();
    }
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
