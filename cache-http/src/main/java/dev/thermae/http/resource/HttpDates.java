package dev.thermae.http.resource;

import org.jspecify.annotations.Nullable;

/**
 * HTTP dates (RFC 9110 section 5.6.7): the preferred form and the two obsolete ones, names without
 * regard to case and no zone but GMT (RFC 9111 section 4.2). Total: what is not a date is null.
 */
final class HttpDates {
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };
  private static final String[] DAYS = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"
  };
  private static final long DAY_MILLIS = 86_400_000;

  private HttpDates() {}

  /**
   * Milliseconds since 1970, or null.
   *
   * @param now decides the century of a year with two digits
   */
  static @Nullable Long parse(@Nullable String text, long now) {
    if (text == null) {
      return null;
    }
    int comma = text.indexOf(',');
    if (comma == 3 && text.length() == 29) {
      return isDay(text, 3) ? preferred(text) : null;
    }
    if (comma >= 6 && text.length() == comma + 24) {
      return isDay(text, comma) ? twoDigitYear(text, comma + 2, now) : null;
    }
    return text.length() == 24 && isDay(text, 3) ? asctime(text) : null;
  }

  /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
  private static @Nullable Long preferred(String text) {
    boolean marks = is(text, 4, ' ') && is(text, 7, ' ') && is(text, 11, ' ') && is(text, 16, ' ');
    if (!marks || !text.regionMatches(true, 25, " GMT", 0, 4)) {
      return null;
    }
    return millis(number(text, 12, 4), month(text, 8), number(text, 5, 2), text, 17);
  }

  /** {@code Sunday, 06-Nov-94 08:49:37 GMT}: at most 50 years ahead, else in the past. */
  private static @Nullable Long twoDigitYear(String text, int start, long now) {
    boolean marks =
        is(text, start - 1, ' ')
            && is(text, start + 2, '-')
            && is(text, start + 6, '-')
            && is(text, start + 9, ' ')
            && text.regionMatches(true, start + 18, " GMT", 0, 4);
    int year = number(text, start + 7, 2);
    if (!marks || year < 0) {
      return null;
    }
    int thisYear = yearOf(Math.floorDiv(now, DAY_MILLIS));
    int full = thisYear - Math.floorMod(thisYear, 100) + year;
    if (full > thisYear + 50) {
      full -= 100;
    } else if (full + 100 <= thisYear + 50) {
      full += 100;
    }
    return millis(full, month(text, start + 3), number(text, start, 2), text, start + 10);
  }

  /** {@code Sun Nov 6 08:49:37 1994}. */
  private static @Nullable Long asctime(String text) {
    boolean marks = is(text, 3, ' ') && is(text, 7, ' ') && is(text, 10, ' ') && is(text, 19, ' ');
    int day = is(text, 8, ' ') ? number(text, 9, 1) : number(text, 8, 2);
    return marks ? millis(number(text, 20, 4), month(text, 4), day, text, 11) : null;
  }

  private static boolean isDay(String text, int length) {
    for (String day : DAYS) {
      boolean fits = length == 3 || length == day.length();
      if (fits && text.regionMatches(true, 0, day, 0, length)) {
        return true;
      }
    }
    return false;
  }

  private static boolean is(String text, int at, char c) {
    return text.charAt(at) == c;
  }

  private static int month(String text, int at) {
    for (int i = 0; i < MONTHS.length; i++) {
      if (text.regionMatches(true, at, MONTHS[i], 0, 3)) {
        return i + 1;
      }
    }
    return -1;
  }

  private static int number(String text, int at, int digits) {
    int value = 0;
    for (int i = at; i < at + digits; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + c - '0';
    }
    return value;
  }

  private static @Nullable Long millis(int year, int month, int day, String text, int at) {
    int hour = number(text, at, 2);
    int minute = number(text, at + 3, 2);
    int second = number(text, at + 6, 2);
    boolean clock =
        is(text, at + 2, ':')
            && is(text, at + 5, ':')
            && hour >= 0
            && hour < 24
            && minute >= 0
            && minute < 60
            && second >= 0
            && second <= 60;
    if (!clock || year < 0 || month < 1 || day < 1 || day > daysIn(year, month)) {
      return null;
    }
    long seconds = hour * 3600L + minute * 60L + Math.min(second, 59);
    return epochDay(year, month, day) * DAY_MILLIS + seconds * 1000;
  }

  private static int daysIn(int year, int month) {
    if (month == 2) {
      return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  /** Days since 1970 in the proleptic Gregorian calendar, counted in years that begin in March. */
  private static long epochDay(int year, int month, int day) {
    long y = month <= 2 ? year - 1L : year;
    long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return y * 365
        + Math.floorDiv(y, 4)
        - Math.floorDiv(y, 100)
        + Math.floorDiv(y, 400)
        + dayOfYear
        - 719_468;
  }

  private static int yearOf(long epochDay) {
    int year = (int) (1970 + Math.floorDiv(epochDay * 400, 146_097));
    return epochDay(year, 1, 1) > epochDay
        ? year - 1
        : epochDay(year + 1, 1, 1) <= epochDay ? year + 1 : year;
  }

  /** The preferred form; for times between the years 0 and 9999. */
  static String format(long millis) {
    long days = Math.floorDiv(millis, DAY_MILLIS);
    long seconds = Math.floorMod(millis, DAY_MILLIS) / 1000;
    int year = yearOf(days);
    int month = 12;
    while (epochDay(year, month, 1) > days) {
      month--;
    }
    StringBuilder text = new StringBuilder(29);
    text.append(DAYS[(int) Math.floorMod(days + 4, 7L)], 0, 3).append(", ");
    two(text, days - epochDay(year, month, 1) + 1).append(' ').append(MONTHS[month - 1]);
    two(text.append(' '), year / 100);
    two(text, year % 100).append(' ');
    two(text, seconds / 3600).append(':');
    two(text, seconds / 60 % 60).append(':');
    return two(text, seconds % 60).append(" GMT").toString();
  }

  private static StringBuilder two(StringBuilder text, long value) {
    return text.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
  }
}
