package dev.thermae.engine.quickjs;

import io.roastedroot.quickjs4j.core.ScriptCache;

/** Keeps nothing, instead of a map that digests every source. Stateless. */
final class NoCache implements ScriptCache {
  static final NoCache INSTANCE = new NoCache();

  private static final byte[] NOTHING = {};

  private NoCache() {}

  @Override
  public boolean exists(byte[] code) {
    return false;
  }

  @Override
  public void set(byte[] code, byte[] compiled) {}

  @Override
  public byte[] get(byte[] code) {
    return NOTHING;
  }
}
