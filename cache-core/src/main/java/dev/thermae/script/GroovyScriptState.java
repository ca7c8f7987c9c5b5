package dev.thermae.script;

/**
 * A script as its engine knows it. Immutable.
 *
 * @param type its class
 * @param modified when its file was last changed, as far as is known
 * @param checked when that was looked at
 * @param uses addresses of all files it depends on, itself included
 * @param stale whether its file was found changed
 */
record GroovyScriptState(
    Class<?> type, long modified, long checked, java.util.Set<String> uses, boolean stale) {
  GroovyScriptState checkedAt(long now) {
    return new GroovyScriptState(type, modified, now, uses, false);
  }

  GroovyScriptState changedAt(long time) {
    return new GroovyScriptState(type, modified, time, uses, true);
  }
}
