package dev.thermae.http.proxy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Which content codings a client takes (RFC 9110 section 12.5.3). Pure and total. */
final class AcceptEncoding {
  /** A weight is written in thousandths, and leaves room for what decides between equal ones. */
  private static final int THOUSAND = 1000;

  private static final int UNSAID = -1;

  private AcceptEncoding() {}

  /**
   * Whether gzip is welcome. A client that says nothing might take any coding, but those that say
   * nothing decode nothing.
   */
  static boolean takesGzip(List<String> values) {
    return read(values).takes(BodyCoding.GZIP);
  }

  /** All that a client takes: the greatest weight first; see {@link #rank}. */
  static Accepted read(List<String> values) {
    int[] weights = new int[BodyCoding.ALL.length];
    Arrays.fill(weights, UNSAID);
    int any = UNSAID;
    for (String value : values) {
      for (String member : value.split(",", -1)) {
        int semicolon = member.indexOf(';');
        String coding = (semicolon < 0 ? member : member.substring(0, semicolon)).trim();
        int weight = semicolon < 0 ? THOUSAND : weight(member.substring(semicolon + 1));
        int which = which(coding);
        if (which >= 0 && weights[which] == UNSAID) {
          weights[which] = weight;
        } else if (which < 0 && any == UNSAID && coding.equals("*")) {
          any = weight;
        }
      }
    }
    return order(weights, any);
  }

  private static Accepted order(int[] weights, int any) {
    int[] ranks = new int[weights.length];
    int count = 0;
    for (BodyCoding coding : BodyCoding.ALL) {
      ranks[coding.index()] = rank(coding, weights[coding.index()], any);
      count += ranks[coding.index()] >= 0 ? 1 : 0;
    }
    BodyCoding[] order = new BodyCoding[count];
    for (int i = 0; i < count; i++) {
      int best = 0;
      for (int j = 1; j < ranks.length; j++) {
        best = ranks[j] > ranks[best] ? j : best;
      }
      order[i] = BodyCoding.ALL[best];
      ranks[best] = -1;
    }
    return new Accepted(order);
  }

  /**
   * Where a coding stands, negative for one that is not taken. Of equal weights what is packed
   * comes before what is not, and zstd before gzip where both were named; an asterisk means gzip
   * before zstd, which more clients can decode. A plain body is always there, as the last resort
   * even of those that refuse it (section 12.5.3 has no answer for them but that or an error).
   */
  private static int rank(BodyCoding coding, int said, int any) {
    boolean named = said != UNSAID;
    int weight = named ? said : Math.max(0, any);
    if (coding == BodyCoding.IDENTITY) {
      return weight * 8;
    }
    boolean first = named == (coding == BodyCoding.ZSTD);
    return weight == 0 ? -1 : weight * 8 + (named ? 4 : 2) + (first ? 1 : 0);
  }

  private static int which(String coding) {
    if (coding.equalsIgnoreCase("identity")) {
      return BodyCoding.IDENTITY.index();
    }
    if (coding.equalsIgnoreCase("zstd")) {
      return BodyCoding.ZSTD.index();
    }
    return isGzip(coding) ? BodyCoding.GZIP.index() : -1;
  }

  /** Whether a {@code Content-Encoding} is gzip and nothing else. */
  static boolean isGzip(String coding) {
    String lower = coding.trim().toLowerCase(Locale.ROOT);
    return lower.equals("gzip") || lower.equals("x-gzip");
  }

  /** A weight that cannot be read counts as none: the client gets what it surely takes. */
  private static int weight(String parameters) {
    String lower = parameters.trim().toLowerCase(Locale.ROOT);
    if (!lower.startsWith("q=")) {
      return lower.isEmpty() ? THOUSAND : 0;
    }
    try {
      double weight = Double.parseDouble(lower.substring(2).trim());
      return weight > 0 ? (int) Math.max(1, Math.min(1, weight) * THOUSAND) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
