package dev.thermae.http.admin;

import dev.thermae.event.Temperature;
import dev.thermae.http.proxy.ProxyRequest;
import dev.thermae.http.resource.Forwarding;
import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** {@code dev.thermae.Request}: the proxy answered a request. */
@Name("dev.thermae.Request")
@Label("Request")
@Description("The proxy answered a request")
@Category({"Thermae"})
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // read by the flight recorder
final class RequestEvent extends Event {
  @Label("URL")
  final String url;

  @Label("Method")
  final String method;

  @Label("Status")
  final int status;

  @Label("Bytes")
  @DataAmount
  final long bytes;

  @Label("Outcome")
  @Description("hit, revalidated, stale, miss, pass, forwarded, failed, refused or published")
  final String outcome;

  @Label("Reason")
  @Description("Why the origin was asked; empty where it was not")
  final String reason;

  @Label("Temperature")
  @Description("cold, warm or hot, where code was asked for; empty otherwise")
  final String temperature;

  @Label("Total Time")
  @Timespan(Timespan.NANOSECONDS)
  final long totalTime;

  @Label("Origin Time")
  @Timespan(Timespan.NANOSECONDS)
  final long originTime;

  RequestEvent(ProxyRequest request) {
    Forwarding why = request.forwarding();
    Temperature found = request.temperature();
    url = request.url();
    method = request.method();
    status = request.status();
    bytes = request.bytes();
    outcome = request.outcome().toString();
    reason = why == null ? "" : why.toString();
    temperature = found == null ? "" : found.name().toLowerCase(Locale.ROOT);
    totalTime = request.totalNanos();
    originTime = request.originNanos();
  }
}
