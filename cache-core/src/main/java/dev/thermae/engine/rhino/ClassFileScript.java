package dev.thermae.engine.rhino;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.JSDescriptor;
import org.mozilla.javascript.JSScript;

/**
 * A script of class files, which keeps the bytes it came from and hears of errors when its classes
 * are linked further while they run. Thread-safe.
 */
final class ClassFileScript extends JSScript implements Consumer<LinkageError> {
  private final String entry;
  private final byte[] bytes;
  private final int offset;
  private final int length;
  private final boolean scoped;
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile @Nullable Consumer<? super LinkageError> listener;

  ClassFileScript(
      JSDescriptor<JSScript> descriptor,
      String entry,
      byte[] bytes,
      int offset,
      int length,
      boolean scoped) {
    super(descriptor, null);
    this.entry = entry;
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    this.scoped = scoped;
  }

  boolean isScoped() {
    return scoped;
  }

  byte[] bytes() {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }

  /** Has {@code next} told of the first such error, after those that are told already. */
  synchronized void onFault(Consumer<Throwable> next) {
    Consumer<? super LinkageError> before = listener;
    listener =
        before == null
            ? next
            : error -> {
              before.accept(error);
              next.accept(error);
            };
  }

  /** Called by the script's own classes, for every error that passes them. */
  @Override
  public void accept(LinkageError error) {
    Consumer<? super LinkageError> heard = listener;
    if (heard != null && isOurs(error) && told.compareAndSet(false, true)) {
      heard.accept(error);
    }
  }

  /** Whether it arose in a class of this script, and not in Java code that the script called. */
  private boolean isOurs(LinkageError error) {
    String main = entry.substring(0, entry.length() - "_unit".length());
    for (StackTraceElement each : error.getStackTrace()) {
      String type = each.getClassName();
      boolean links = type.startsWith("java.lang.") || type.startsWith("dev.thermae.engine.Bundle");
      if (!links) {
        return type.startsWith(main);
      }
    }
    return false;
  }
}
