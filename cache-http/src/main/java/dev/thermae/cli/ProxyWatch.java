package dev.thermae.cli;

import dev.thermae.http.ProxyFault;
import dev.thermae.http.ProxyTier;
import dev.thermae.http.ProxyTierStats;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells what a proxy did for each load, by what it counted. Used by one thread. */
final class ProxyWatch {
  private final ProxyTier tier;
  private final boolean hasKeys;
  private ProxyTierStats before;

  ProxyWatch(ProxyTier tier, boolean hasKeys) {
    this.tier = tier;
    this.hasKeys = hasKeys;
    this.before = tier.stats();
  }

  /** What it did since the last call. */
  LoadReport.Proxy next() {
    ProxyTierStats then = before;
    ProxyTierStats now = tier.stats();
    before = now;
    if (now.codes() > then.codes()) {
      return now.attached() > then.attached()
          ? told("code", null, "code and source in one round trip; the signature is good")
          : told("code", null, "code and source in one round trip; the policy keeps none of it");
    }
    if (now.sources() > then.sources()) {
      return told(
          "source",
          null,
          hasKeys
              ? "the source alone: it has no code of this engine, or none yet"
              : "the source alone: code is asked for with --public-key");
    }
    ProxyFault fault = fault(then, now);
    return fault == null
        ? told("unasked", null, "not asked: the response is fresh, or not of its origin")
        : told("failed", fault, advice(fault) + "; the origin was asked");
  }

  private static LoadReport.Proxy told(String answer, @Nullable ProxyFault fault, String why) {
    String reason = fault == null ? null : fault.name().toLowerCase(Locale.ROOT);
    return new LoadReport.Proxy(answer, reason, why);
  }

  private static @Nullable ProxyFault fault(ProxyTierStats then, ProxyTierStats now) {
    for (ProxyFault fault : ProxyFault.values()) {
      if (now.failed(fault) > then.failed(fault)) {
        return fault;
      }
    }
    return null;
  }

  private static String advice(ProxyFault fault) {
    return switch (fault) {
      case UNREACHABLE -> "nobody answers there";
      case TIMEOUT -> "it took too long";
      case NOT_FORWARDED ->
          "it did not answer for that origin, which it has to --allow, or to stand in front of:"
              + " --proxy-origin says so";
      case MALFORMED -> "its answer is damaged";
      case WRONG_URL -> "its answer is about another URL";
      case TOO_LONG -> "its answer is too long";
      case CODE -> "its code is of another source or engine, or damaged";
      case CIRCUIT_OPEN -> "it failed several times, and was left alone";
      case KEY -> "its signature is of another key than --public-key";
    };
  }
}
