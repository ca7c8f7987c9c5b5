package dev.thermae.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A folder filled by another process, and a stage: this JVM has compiled nothing yet. */
@State(Scope.Thread)
public abstract class Prepared {
  /** The library that is loaded. */
  @Param({"mustache", "moment", "handlebars", "acorn", "lodash", "typescript"})
  public String script;

  private final Prepare.State kind;
  private Path folder;
  private String url;
  private Stage stage;

  private Prepared(Prepare.State kind) {
    this.kind = kind;
  }

  /** Nothing is attached to the response. */
  @State(Scope.Thread)
  public static class Cold extends Prepared {
    public Cold() {
      super(Prepare.State.COLD);
    }
  }

  /** A mark is attached. */
  @State(Scope.Thread)
  public static class Warm extends Prepared {
    public Warm() {
      super(Prepare.State.WARM);
    }
  }

  /** Code is attached. */
  @State(Scope.Thread)
  public static class Hot extends Prepared {
    public Hot() {
      super(Prepare.State.HOT);
    }
  }

  /** On the thread that measures: a Context belongs to it. */
  @Setup(Level.Trial)
  public void setUp() throws IOException, InterruptedException {
    folder = Folders.create();
    url = Prepare.elsewhere(ChildJvm.classPath(), folder, script, kind);
    stage = new Stage();
  }

  /** Deletes the folder. */
  @TearDown(Level.Trial)
  public void tearDown() throws IOException {
    Folders.delete(folder);
  }

  Path cache() {
    return Prepare.cache(folder);
  }

  Path file() {
    return Prepare.script(folder);
  }

  String url() {
    return url;
  }

  Stage stage() {
    return stage;
  }
}
