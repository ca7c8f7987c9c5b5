package dev.thermae.event.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** {@code dev.thermae.Load}: a unit was handed out. */
@Name("dev.thermae.Load")
@Label("Load")
@Description("A unit was handed out by a cache")
@Category({"Thermae"})
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // read by the flight recorder
final class LoadEvent extends Event {
  @Label("Source")
  final String source;

  @Label("Temperature")
  @Description("cold, warm or hot: what the load found in its slot")
  final String temperature;

  @Label("Origin")
  @Description("compiled, restored or memory: where the unit came from")
  final String origin;

  @Label("Compile Time")
  @Timespan(Timespan.NANOSECONDS)
  final long compileTime;

  @Label("Load Time")
  @Timespan(Timespan.NANOSECONDS)
  final long loadTime;

  LoadEvent(String source, String temperature, String origin, long compileTime, long loadTime) {
    this.source = source;
    this.temperature = temperature;
    this.origin = origin;
    this.compileTime = compileTime;
    this.loadTime = loadTime;
  }
}
