package dev.thermae.http.proxy;

/**
 * What became of requests for code since a proxy was started. Immutable.
 *
 * @param cold answered with the source alone
 * @param warm answered with code that was compiled while they waited
 * @param hot answered with code that was stored
 * @param compiles units that the compiler made
 * @param compileNanos time that the compiler took for them, waiting included
 * @param signed envelopes signed
 * @param unsigned envelopes that were not signed, as there is no signing key
 * @param attached units attached to the responses they were compiled from
 * @param published answers to {@code /code/}
 * @param refusals compiles refused by {@link CompileRefusedException.Reason#ordinal()}
 */
@SuppressWarnings("ArrayRecordComponent") // a snapshot made for this record alone
public record CodeStats(
    long cold,
    long warm,
    long hot,
    long compiles,
    long compileNanos,
    long signed,
    long unsigned,
    long attached,
    long published,
    long[] refusals) {
  /** How often a compile was refused for {@code reason}. */
  @SuppressWarnings("EnumOrdinal") // the enum is append-only
  public long refused(CompileRefusedException.Reason reason) {
    return refusals[reason.ordinal()];
  }

  /** One line: {@code 12 requests for code: 9 hot, 1 warm, 2 cold, ...}. */
  @Override
  public String toString() {
    StringBuilder refused = new StringBuilder();
    for (CompileRefusedException.Reason reason : CompileRefusedException.Reason.values()) {
      if (refused(reason) > 0) {
        refused.append(refused.isEmpty() ? "; refused: " : ", ");
        refused.append(refused(reason)).append(' ').append(reason);
      }
    }
    return (cold + warm + hot)
        + " requests for code: "
        + hot
        + " hot, "
        + warm
        + " warm, "
        + cold
        + " cold; "
        + compiles
        + " compiled in "
        + compileNanos / 1_000_000
        + " ms"
        + refused;
  }
}
