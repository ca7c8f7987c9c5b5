package dev.thermae.event.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** {@code dev.thermae.Compile}: an engine compiled a source, or found it at fault. */
@Name("dev.thermae.Compile")
@Label("Compile")
@Description("An engine compiled a source, or found it at fault")
@Category({"Thermae"})
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // read by the flight recorder
final class CompileEvent extends Event {
  @Label("Source")
  final String source;

  @Label("Compile Time")
  @Timespan(Timespan.NANOSECONDS)
  final long compileTime;

  @Label("Succeeded")
  final boolean succeeded;

  @Label("Remembered")
  @Description("A fault that was known, so that no compile was needed")
  final boolean remembered;

  CompileEvent(String source, long compileTime, boolean succeeded, boolean remembered) {
    this.source = source;
    this.compileTime = compileTime;
    this.succeeded = succeeded;
    this.remembered = remembered;
  }
}
