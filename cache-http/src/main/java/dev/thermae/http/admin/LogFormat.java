package dev.thermae.http.admin;

import dev.thermae.event.Temperature;
import dev.thermae.http.proxy.ProxyRequest;
import dev.thermae.http.resource.Forwarding;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** How a request is written to the access log, on one line without its end. */
public enum LogFormat {
  /**
   * What common log readers take for the combined format, and after it {@code cache=}, {@code
   * why=}, {@code temperature=}, {@code total_us=} and {@code origin_us=}.
   */
  COMBINED {
    @Override
    String line(ProxyRequest request) {
      StringBuilder line = new StringBuilder(256);
      line.append(request.client()).append(" - - [");
      CLOCK.formatTo(Instant.ofEpochMilli(request.time()), line);
      quote(line.append("] "), request.method() + ' ' + request.target(), request.protocol());
      line.append(' ').append(request.status()).append(' ').append(request.bytes()).append(' ');
      quote(line, request.referrer().isEmpty() ? "-" : request.referrer(), null);
      quote(line.append(' '), request.agent().isEmpty() ? "-" : request.agent(), null);
      line.append(" cache=").append(request.outcome());
      line.append(" why=").append(or(why(request), "-"));
      line.append(" temperature=").append(or(temperature(request), "-"));
      line.append(" total_us=").append(request.totalNanos() / 1000);
      return line.append(" origin_us=").append(request.originNanos() / 1000).toString();
    }
  },

  /** An object with the same, {@code url} as it is at the origin, times in microseconds. */
  JSON {
    @Override
    String line(ProxyRequest request) {
      return MAPPER.writeValueAsString(
          new Line(
              Instant.ofEpochMilli(request.time()).toString(),
              request.client(),
              request.method(),
              request.target(),
              request.url(),
              request.protocol(),
              request.status(),
              request.bytes(),
              request.outcome().toString(),
              why(request),
              temperature(request),
              request.totalNanos() / 1000,
              request.originNanos() / 1000,
              request.referrer(),
              request.agent()));
    }
  };

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();

  private record Line(
      String time,
      String client,
      String method,
      String target,
      String url,
      String protocol,
      int status,
      long bytes,
      String cache,
      @Nullable String why,
      @Nullable String temperature,
      long totalMicros,
      long originMicros,
      String referrer,
      String agent) {}

  /** The line for a request; whatever a client sent, it is one line. */
  abstract String line(ProxyRequest request);

  private static @Nullable String why(ProxyRequest request) {
    Forwarding why = request.forwarding();
    return why == null ? null : why.toString();
  }

  private static @Nullable String temperature(ProxyRequest request) {
    Temperature found = request.temperature();
    return found == null ? null : found.name().toLowerCase(Locale.ROOT);
  }

  private static String or(@Nullable String text, String other) {
    return text == null ? other : text;
  }

  /** In quotation marks; what is not visible ASCII, quotation marks and backslashes as \xHH. */
  private static void quote(StringBuilder line, String text, @Nullable String more) {
    line.append('"');
    String all = more == null ? text : text + ' ' + more;
    for (int i = 0; i < all.length(); i++) {
      char c = all.charAt(i);
      if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
        line.append(c);
      } else {
        line.append(c > 0xff ? "\\u" : "\\x");
        for (int shift = c > 0xff ? 12 : 4; shift >= 0; shift -= 4) {
          line.append(Character.forDigit(c >> shift & 15, 16));
        }
      }
    }
    line.append('"');
  }
}
