package dev.thermae.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A system that tells of changes when the test says so. */
final class FakeEvents implements FileEvents.Opener {
  private volatile FileEvents.Sink sink;
  private volatile IOException fault;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  @Override
  public FileEvents open(Roots roots, FileEvents.Sink told) throws IOException {
    if (fault != null) {
      throw fault;
    }
    opened.incrementAndGet();
    sink = told;
    return closed::incrementAndGet;
  }

  FakeEvents failing(IOException with) {
    fault = with;
    return this;
  }

  void created(Path file) {
    sink.changed(file, FileEvents.Kind.CREATED);
  }

  void modified(Path file) {
    sink.changed(file, FileEvents.Kind.MODIFIED);
  }

  void deleted(Path file) {
    sink.changed(file, FileEvents.Kind.DELETED);
  }

  void lost() {
    sink.lost();
  }

  int opened() {
    return opened.get();
  }

  int closed() {
    return closed.get();
  }
}
