package dev.thermae.event;

import dev.thermae.code.Rejection;
import java.util.Objects;

/**
 * Two listeners as one, of which each may be two again; told in order, and one that throws keeps
 * nothing from the others. What is thrown last is thrown, and counted by the cache as a fault.
 *
 * <p>No lambdas: the first one of a process takes longer than a hot load.
 */
public final class CacheListeners implements CacheListener {
  private final CacheListener first;
  private final CacheListener rest;

  private CacheListeners(CacheListener first, CacheListener rest) {
    this.first = Objects.requireNonNull(first);
    this.rest = Objects.requireNonNull(rest);
  }

  /** One listener that tells all of these. */
  public static CacheListener of(CacheListener... all) {
    CacheListener told = new CacheListener() {};
    for (int i = all.length - 1; i >= 0; i--) {
      told = i == all.length - 1 ? all[i] : new CacheListeners(all[i], told);
    }
    return told;
  }

  @Override
  public void onUnit(
      String name, Temperature temperature, Origin origin, long compileNanos, long loadNanos) {
    try {
      first.onUnit(name, temperature, origin, compileNanos, loadNanos);
    } finally {
      rest.onUnit(name, temperature, origin, compileNanos, loadNanos);
    }
  }

  @Override
  public void onCompile(String name, long nanos) {
    try {
      first.onCompile(name, nanos);
    } finally {
      rest.onCompile(name, nanos);
    }
  }

  @Override
  public void onCompileError(String name, boolean remembered) {
    try {
      first.onCompileError(name, remembered);
    } finally {
      rest.onCompileError(name, remembered);
    }
  }

  @Override
  public void onWaited(String name, Waited outcome, long nanos) {
    try {
      first.onWaited(name, outcome, nanos);
    } finally {
      rest.onWaited(name, outcome, nanos);
    }
  }

  @Override
  public void onRejected(String where, Rejection reason, String detail) {
    try {
      first.onRejected(where, reason, detail);
    } finally {
      rest.onRejected(where, reason, detail);
    }
  }

  @Override
  public void onStored(String key, long bytes) {
    try {
      first.onStored(key, bytes);
    } finally {
      rest.onStored(key, bytes);
    }
  }

  @Override
  public void onAttached(String key, long bytes) {
    try {
      first.onAttached(key, bytes);
    } finally {
      rest.onAttached(key, bytes);
    }
  }

  @Override
  public void onEvicted(String where, long bytes) {
    try {
      first.onEvicted(where, bytes);
    } finally {
      rest.onEvicted(where, bytes);
    }
  }

  @Override
  public void onDropped(String what) {
    try {
      first.onDropped(what);
    } finally {
      rest.onDropped(what);
    }
  }

  @Override
  public void onFault(String where, Throwable fault) {
    try {
      first.onFault(where, fault);
    } finally {
      rest.onFault(where, fault);
    }
  }

  @Override
  public void onWarning(String message) {
    try {
      first.onWarning(message);
    } finally {
      rest.onWarning(message);
    }
  }
}
