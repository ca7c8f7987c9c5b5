package dev.thermae.testing;

import dev.thermae.disk.DiskStore;

/** Tells where the cache is by default. */
public final class FolderProgram {
  private FolderProgram() {}

  /** No arguments: the environment is what counts. */
  public static void main(String[] arguments) {
    ChildJvm.say(DiskStore.defaultFolder().toString());
  }
}
