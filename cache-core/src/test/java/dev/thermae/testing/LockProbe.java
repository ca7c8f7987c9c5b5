package dev.thermae.testing;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Tells for byte positions of a file whether another process holds their locks. */
public final class LockProbe {
  private LockProbe() {}

  /** Arguments: file, positions. */
  public static void main(String[] arguments) throws Exception {
    try (FileChannel channel =
        FileChannel.open(
            Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (int i = 1; i < arguments.length; i++) {
        FileLock lock = channel.tryLock(Long.parseLong(arguments[i]), 1, false);
        ChildJvm.say(lock == null ? "held" : "free");
      }
    }
  }
}
