package dev.thermae.samples;

import dev.thermae.http.resource.OnReplace;
import java.io.IOException;

/** One script on its way through the steps, under one rule for replacement. */
final class Journey {
  private final ScriptLibrary library;
  private final Edition[] editions;
  private final OnReplace onReplace;
  private Edition edition;
  private int tag;

  /** {@code editions} are the first body and the one that replaces it. */
  Journey(ScriptLibrary library, Edition[] editions, OnReplace onReplace) {
    this.library = library;
    this.editions = editions.clone();
    this.onReplace = onReplace;
    this.edition = editions[0];
  }

  ScriptLibrary library() {
    return library;
  }

  OnReplace onReplace() {
    return onReplace;
  }

  /** Bytes that the origin serves now. */
  int size() {
    return edition.body().length;
  }

  /** Where the origin serves the script. */
  String path() {
    return "/" + onReplace + "/" + library.name() + ".js";
  }

  /** For messages. */
  String where(Step step) {
    return library.name() + ", " + onReplace + ", step " + step.title();
  }

  /** Lets happen at the origin what the step begins with. */
  void prepare(Step step, Origin origin) {
    if (step.change() == Step.Change.BODY) {
      edition = editions[1];
    }
    if (step.change() == Step.Change.BODY || step.change() == Step.Change.TAG) {
      tag++;
    }
    origin.publish(path(), edition.body(), "tag-" + tag);
  }

  Visit visit(Isolate isolate, Origin origin) throws IOException {
    return isolate.visit(origin.url(path()), library);
  }

  /** Temperature, compiles, what the cache itself found wrong, and the result. */
  void check(Step step, Visit visit, Findings findings) {
    String where = where(step);
    findings.check(where + ": temperature", step.temperature(onReplace), visit.temperature());
    findings.check(where + ": compiles", step.compiles(onReplace), visit.compiles());
    findings.check(where + ": rejections and faults", 0L, visit.faults());
    findings.checkText(where + ": result", edition.result(), visit.result());
  }
}
