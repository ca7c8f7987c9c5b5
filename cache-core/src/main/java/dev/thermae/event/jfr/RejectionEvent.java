package dev.thermae.event.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** {@code dev.thermae.Rejection}: stored bytes were refused. */
@Name("dev.thermae.Rejection")
@Label("Rejection")
@Description("Stored bytes were refused, which made a load a miss")
@Category({"Thermae"})
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // read by the flight recorder
final class RejectionEvent extends Event {
  @Label("Where")
  final String where;

  @Label("Reason")
  final String reason;

  @Label("Detail")
  final String detail;

  RejectionEvent(String where, String reason, String detail) {
    this.where = where;
    this.reason = reason;
    this.detail = detail;
  }
}
