package dev.thermae.event;

import dev.thermae.code.Rejection;
import java.util.List;
import java.util.function.Consumer;

/** Several listeners as one, told in order; one that throws keeps nothing from the others. */
public final class CacheListeners implements CacheListener {
  private final List<CacheListener> all;

  private CacheListeners(List<CacheListener> all) {
    this.all = all;
  }

  /** One listener that tells all of these. */
  public static CacheListener of(CacheListener... all) {
    return new CacheListeners(List.of(all));
  }

  /** What was thrown first is thrown when all were told, and counted by the cache as a fault. */
  private void tell(Consumer<CacheListener> event) {
    Throwable first = null;
    for (CacheListener each : all) {
      try {
        event.accept(each);
      } catch (RuntimeException | Error e) {
        first = first == null ? e : first;
      }
    }
    if (first instanceof RuntimeException fault) {
      throw fault;
    }
    if (first != null) {
      throw (Error) first;
    }
  }

  @Override
  public void onUnit(
      String name, Temperature temperature, Origin origin, long compileNanos, long loadNanos) {
    tell(each -> each.onUnit(name, temperature, origin, compileNanos, loadNanos));
  }

  @Override
  public void onCompile(String name, long nanos) {
    tell(each -> each.onCompile(name, nanos));
  }

  @Override
  public void onCompileError(String name, boolean remembered) {
    tell(each -> each.onCompileError(name, remembered));
  }

  @Override
  public void onWaited(String name, Waited outcome, long nanos) {
    tell(each -> each.onWaited(name, outcome, nanos));
  }

  @Override
  public void onRejected(String where, Rejection reason, String detail) {
    tell(each -> each.onRejected(where, reason, detail));
  }

  @Override
  public void onStored(String key, long bytes) {
    tell(each -> each.onStored(key, bytes));
  }

  @Override
  public void onAttached(String key, long bytes) {
    tell(each -> each.onAttached(key, bytes));
  }

  @Override
  public void onEvicted(String where, long bytes) {
    tell(each -> each.onEvicted(where, bytes));
  }

  @Override
  public void onDropped(String what) {
    tell(each -> each.onDropped(what));
  }

  @Override
  public void onFault(String where, Throwable fault) {
    tell(each -> each.onFault(where, fault));
  }

  @Override
  public void onWarning(String message) {
    tell(each -> each.onWarning(message));
  }
}
