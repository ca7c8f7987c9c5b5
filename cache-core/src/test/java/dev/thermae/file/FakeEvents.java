package dev.thermae.file;

import java.io.IOException;
import java.nio.file.Path;

/** A system that tells of changes when the test says so. */
final class FakeEvents implements FileEvents.Opener {
  private volatile FileEvents.Sink sink;
  private volatile IOException fault;
  private volatile int opened;
  private volatile int closed;

  @Override
  public FileEvents open(Roots roots, FileEvents.Sink told) throws IOException {
    if (fault != null) {
      throw fault;
    }
    opened++;
    sink = told;
    return () -> closed++;
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
    return opened;
  }

  int closed() {
    return closed;
  }
}
