package dev.thermae.cli;

import dev.thermae.engine.CompileException;
import dev.thermae.http.resource.FetchException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code thermae load} did, as it is printed. Immutable.
 *
 * @param folder the cache folder; null where everything stays in memory
 * @param engine its name
 * @param loads one for each URL and repetition
 */
record LoadReport(@Nullable String folder, String engine, List<Load> loads) {

  /**
   * One load; of http and code, what was reached.
   *
   * @param proxy null where none was named
   * @param url as given
   * @param run from 1
   */
  record Load(
      String url,
      int run,
      @Nullable Http http,
      @Nullable Proxy proxy,
      @Nullable Code code,
      @Nullable Fault error) {}

  /**
   * What a proxy did for it.
   *
   * @param answer code, source, unasked or failed
   * @param fault why its answer was not used, by the name of the reason; null for others
   * @param why in words
   */
  record Proxy(String answer, @Nullable String fault, String why) {}

  /**
   * What HTTP did.
   *
   * @param url after redirects
   */
  record Http(
      String url,
      String status,
      String outcome,
      String why,
      double ageSeconds,
      long receivedBytes,
      long sourceBytes,
      double fetchMillis) {}

  /**
   * What the code cache did.
   *
   * @param storedBytes of the code in the slot, sealed; null where there is none
   */
  record Code(
      String temperature,
      String origin,
      String why,
      @Nullable Long storedBytes,
      double compileMillis,
      double loadMillis) {}

  /**
   * Why there is no unit.
   *
   * @param kind fetch or compile
   * @param message the whole of it
   * @param status of the origin's answer; null where there was none
   * @param name of the source at fault, its line and its column, where they are known
   */
  record Fault(
      String kind,
      String message,
      @Nullable Integer status,
      @Nullable String name,
      @Nullable Integer line,
      @Nullable Integer column) {

    static Fault of(IOException fault) {
      String message = fault.getMessage();
      String said = message == null ? fault.toString() : message;
      int status = fault instanceof FetchException ? ((FetchException) fault).status() : 0;
      return new Fault("fetch", said, positive(status), null, null, null);
    }

    static Fault of(CompileException fault) {
      return new Fault(
          "compile",
          String.valueOf(fault.getMessage()),
          null,
          fault.name(),
          positive(fault.line()),
          positive(fault.column()));
    }

    private static @Nullable Integer positive(int number) {
      return number > 0 ? number : null;
    }
  }
}
