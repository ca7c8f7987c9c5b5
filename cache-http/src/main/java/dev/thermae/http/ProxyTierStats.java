package dev.thermae.http;

/**
 * What a proxy did for a loader. Immutable.
 *
 * @param asked requests that went to the proxy
 * @param sources answers without code that were used, 304 among them
 * @param codes answers with code that was verified
 * @param attached of these, the ones whose code was stored beside the response
 * @param faults answers that were not used by {@link ProxyFault#ordinal()}
 */
@SuppressWarnings("ArrayRecordComponent") // a snapshot made for this record alone
public record ProxyTierStats(long asked, long sources, long codes, long attached, long[] faults) {
  /** How often the origin was asked instead for {@code fault}. */
  @SuppressWarnings("EnumOrdinal") // the enum is append-only
  public long failed(ProxyFault fault) {
    return faults[fault.ordinal()];
  }

  /** How often for any reason. */
  public long failed() {
    long sum = 0;
    for (long count : faults) {
      sum += count;
    }
    return sum;
  }

  /** Every count by its name; of faults those that happened. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("ProxyTierStats[asked=").append(asked);
    text.append(", sources=").append(sources).append(", codes=").append(codes);
    text.append(", attached=").append(attached).append(", faults={");
    String comma = "";
    for (ProxyFault fault : ProxyFault.values()) {
      if (failed(fault) > 0) {
        text.append(comma).append(fault).append('=').append(failed(fault));
        comma = ", ";
      }
    }
    return text.append("}]").toString();
  }
}
