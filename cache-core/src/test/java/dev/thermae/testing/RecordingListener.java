package dev.thermae.testing;

import dev.thermae.code.Rejection;
import dev.thermae.event.CacheListener;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.event.Waited;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps every event of interest as a line of text. */
public final class RecordingListener implements CacheListener {
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final List<Rejection> rejections = new CopyOnWriteArrayList<>();
  private final List<Throwable> faults = new CopyOnWriteArrayList<>();

  @Override
  public void onUnit(
      String name, Temperature temperature, Origin origin, long compileNanos, long loadNanos) {
    events.add("unit " + name + ' ' + temperature + ' ' + origin);
  }

  @Override
  public void onCompile(String name, long nanos) {
    events.add("compile " + name);
  }

  @Override
  public void onCompileError(String name, boolean remembered) {
    events.add((remembered ? "remembered error " : "error ") + name);
  }

  @Override
  public void onRejected(String where, Rejection reason, String detail) {
    rejections.add(reason);
    events.add("rejected " + where + ' ' + reason + ": " + detail);
  }

  @Override
  public void onStored(String key, long bytes) {
    events.add("stored " + key + ' ' + bytes);
  }

  @Override
  public void onAttached(String key, long bytes) {
    events.add("attached " + key);
  }

  @Override
  public void onWaited(String name, Waited outcome, long nanos) {
    events.add("waited " + name + ' ' + outcome);
  }

  @Override
  public void onDropped(String what) {
    events.add("dropped " + what);
  }

  @Override
  public void onFault(String where, Throwable fault) {
    faults.add(fault);
    events.add("fault " + where + ": " + fault);
  }

  @Override
  public void onWarning(String message) {
    warnings.add(message);
    events.add("warning " + message);
  }

  /** Everything, in order. */
  public List<String> events() {
    return events;
  }

  /** How many events begin with {@code kind}. */
  public long count(String kind) {
    return events.stream().filter(event -> event.startsWith(kind + " ")).count();
  }

  public List<String> warnings() {
    return warnings;
  }

  public List<Rejection> rejections() {
    return rejections;
  }

  public List<Throwable> faults() {
    return faults;
  }

  /** Forgets what it has seen. */
  public void clear() {
    events.clear();
    warnings.clear();
    rejections.clear();
    faults.clear();
  }
}
