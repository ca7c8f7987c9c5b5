package dev.thermae.http.admin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a proxy does, as of one moment: what {@code /status} answers, and what the page shows. Sums
 * and ratios are made from the counts beside them. Immutable.
 *
 * @param time UTC, to the millisecond
 * @param version of this program, or {@code dev}
 * @param started UTC, to the second
 * @param uptimeSeconds since then
 * @param ready whether requests are taken
 * @param url where clients find the proxy; null before it listens
 * @param origin where requests lead; null before it listens
 * @param misses why the origin was asked, by the token of RFC 9211; each reason that occurred
 * @param temperatures what requests for code were answered
 * @param rejections why stored bytes were refused; each reason that occurred
 * @param topByHits resources with the most answers from the store
 * @param topByBytes resources with the most bytes sent
 * @param accessLog null where none is written
 */
public record Status(
    String time,
    String version,
    String started,
    long uptimeSeconds,
    boolean ready,
    @Nullable String url,
    @Nullable String origin,
    Requests requests,
    Map<String, Long> misses,
    Temperatures temperatures,
    Code code,
    Map<String, Long> rejections,
    Storage store,
    List<Top> topByHits,
    List<Top> topByBytes,
    @Nullable Log accessLog) {

  /**
   * Requests that were answered.
   *
   * @param total of all outcomes
   * @param outcomes by {@link dev.thermae.http.proxy.ProxyRequest.Outcome}, in its order
   * @param statuses by class: {@code 2xx} and so on
   * @param fromStore hits, revalidated and stale ones
   * @param cacheable all but other methods and those refused
   * @param hitRatio {@code fromStore} of {@code cacheable}, 0 to 1; null where there are none
   * @param bytes of bodies sent
   * @param bytesFromStore of these, those of {@code fromStore}
   */
  public record Requests(
      long total,
      Map<String, Long> outcomes,
      Map<String, Long> statuses,
      long fromStore,
      long cacheable,
      @Nullable Double hitRatio,
      long bytes,
      long bytesFromStore) {}

  /** Cold: nothing was there; warm: a mark; hot: code. */
  public record Temperatures(long cold, long warm, long hot) {}

  /**
   * What this process compiled and restored.
   *
   * @param memory units that were in memory
   * @param compileMillis that compiles took together
   * @param savedMillis the compile time, as this process last measured it, of every source that was
   *     hot, less what restoring took here
   * @param unmeasured how often a source was hot whose compile this process has not measured
   */
  public record Code(
      long cold,
      long warm,
      long hot,
      long memory,
      long compiles,
      long compileErrors,
      double compileMillis,
      double savedMillis,
      long unmeasured,
      long attached) {}

  /**
   * What is kept.
   *
   * @param index {@code chronicle}, {@code heap}, {@code opening} or {@code memory}
   * @param entries resources; null until the index is open
   * @param limitBytes null where it is not known
   * @param slots with code; null where that is not known
   * @param evicted by this process, to make room
   * @param stored by this process
   * @param faults of the store, all gone around
   * @param dropped background work that was dropped
   */
  public record Storage(
      String index,
      @Nullable Long entries,
      @Nullable Long bytes,
      @Nullable Long limitBytes,
      @Nullable Long slots,
      long evicted,
      long stored,
      long faults,
      long dropped) {}

  /** A resource among those asked for most. */
  public record Top(String url, long requests, long hits, long bytes) {}

  /** Lines written, and those dropped because the disk did not keep up. */
  public record Log(long written, long dropped) {}
}
