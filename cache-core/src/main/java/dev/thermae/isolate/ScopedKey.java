package dev.thermae.isolate;

import dev.thermae.code.CodeKey;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** A code key with the scope that its unit may not leave, held weakly. Immutable. */
final class ScopedKey {
  private final CodeKey code;
  private final WeakReference<Object> scope;
  private final int hash;

  ScopedKey(CodeKey code, Object scope) {
    this.code = code;
    this.scope = new WeakReference<>(scope);
    this.hash = code.hashCode() ^ System.identityHashCode(scope);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof ScopedKey)) {
      return false;
    }
    ScopedKey that = (ScopedKey) other;
    Object own = scope.get();
    return hash == that.hash && own != null && own == that.scope.get() && code.equals(that.code);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
