package dev.thermae.http;

import dev.thermae.http.ModelOrigin.Answer;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** RFC 9111, section by section, without a store. Times are milliseconds. */
final class ModelRules {
  /** Clocks differ by so much at most. */
  static final long SKEW = 60_000;

  static final long DAY = 86_400_000;

  private static final List<Integer> HEURISTIC =
      List.of(200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501);

  private ModelRules() {}

  /** What a reader asks for. */
  record Ask(int url, String kind, String control) {
    boolean says(String directive) {
      return ModelRules.says(control, directive);
    }

    long seconds(String directive) {
      return ModelRules.seconds(control, directive);
    }

    /** The values of the fields that {@code vary} names. */
    String selecting(String vary) {
      return vary.contains("X-Kind") ? "kind " + kind : "";
    }
  }

  /** One stored response. */
  record Stored(
      ModelCode.Slot slot,
      int status,
      NavigableMap<String, String> fields,
      String body,
      String selecting,
      long requested,
      long arrived,
      long firstAge) {
    String field(String name) {
      return fields.getOrDefault(name, "");
    }

    String vary() {
      return field("Vary");
    }

    boolean says(String directive) {
      return ModelRules.says(field("Cache-Control"), directive);
    }

    long age(long now) {
      return firstAge + Math.max(0, now - arrived);
    }

    long lifetime() {
      return ModelRules.lifetime(status, fields);
    }
  }

  static boolean says(String control, String directive) {
    for (String each : control.split(", ", -1)) {
      if (each.split("=", -1)[0].equals(directive)) {
        return true;
      }
    }
    return false;
  }

  /** Negative where there is none. */
  static long seconds(String control, String directive) {
    for (String each : control.split(", ", -1)) {
      if (each.startsWith(directive + "=")) {
        return Long.parseLong(each.substring(directive.length() + 1));
      }
    }
    return -1;
  }

  /** Section 4.2.1. */
  static long lifetime(int status, Map<String, String> fields) {
    String control = fields.getOrDefault("Cache-Control", "");
    long date = ModelOrigin.millis(fields.get("Date"));
    if (says(control, "no-cache")) {
      return 0;
    } else if (says(control, "max-age")) {
      return seconds(control, "max-age") * 1000;
    } else if (fields.containsKey("Expires")) {
      Long expires = ModelOrigin.millis(fields.get("Expires"));
      return expires == null ? 0 : Math.max(0, expires - date);
    }
    Long modified = ModelOrigin.millis(fields.get("Last-Modified"));
    boolean guess = HEURISTIC.contains(status) || says(control, "public");
    return guess && modified != null ? Math.max(0, Math.min(DAY, (date - modified) / 10)) : 0;
  }

  /** Section 4.2.3. */
  static long firstAge(Answer answer, long requested, long now) {
    Long date = ModelOrigin.millis(answer.field("Date"));
    long apparent = date == null ? 0 : Math.max(0, now - date);
    long told = Long.parseLong(answer.fields().getOrDefault("Age", "0")) * 1000;
    return Math.max(apparent, told + Math.max(0, now - requested));
  }

  /** Sections 4.2 and 5.2.1. A clock that went back makes every age unknown. */
  static boolean mayUse(Ask ask, Stored stored, long now) {
    long age = stored.age(now);
    long left = stored.lifetime() - age;
    if (ask.says("no-cache") || stored.says("no-cache") || now < stored.arrived) {
      return false;
    }
    boolean tooStale = ask.says("min-fresh") && left < ask.seconds("min-fresh") * 1000;
    if (tooStale || isTooOld(ask, age)) {
      return false;
    } else if (left > 0) {
      return true;
    }
    boolean any = ask.control.equals("max-stale");
    boolean accepts = any || ask.says("max-stale") && -left <= ask.seconds("max-stale") * 1000;
    return accepts && !stored.says("must-revalidate");
  }

  private static boolean isTooOld(Ask ask, long age) {
    long maximum = ask.seconds("max-age");
    return maximum == 0 || maximum > 0 && age > maximum * 1000;
  }

  /** Section 4.2.4 and RFC 5861: a day when nobody answers, else what stale-if-error says. */
  static boolean mayStandIn(Ask ask, Stored stored, long now, boolean disconnected) {
    boolean forbidden =
        ask.says("no-cache")
            || ask.says("min-fresh")
            || isTooOld(ask, stored.age(now))
            || stored.says("no-cache")
            || stored.says("must-revalidate");
    long said =
        Math.max(
            ask.seconds("stale-if-error"),
            seconds(stored.field("Cache-Control"), "stale-if-error"));
    long limit = Math.max(said * 1000, disconnected ? DAY : 0);
    return !forbidden && limit > 0 && stored.age(now) - stored.lifetime() <= limit;
  }

  static boolean isAbout(Stored candidate, Answer answer) {
    String vary = answer.fields().getOrDefault("Vary", candidate.vary());
    String tag = answer.field("ETag");
    String modified = answer.field("Last-Modified");
    if (!vary.equals(candidate.vary())) {
      return false;
    } else if (tag != null) {
      String own = candidate.field("ETag");
      return tag.equals(own) || tag.startsWith("W/") && tag.equals("W/" + own.replace("W/", ""));
    }
    return modified == null || modified.equals(candidate.field("Last-Modified"));
  }

  /** Section 3.1, and a date where there is none. */
  static NavigableMap<String, String> kept(Answer answer, long now) {
    NavigableMap<String, String> fields = new TreeMap<>(answer.fields());
    fields.remove("Age");
    fields.putIfAbsent("Date", ModelOrigin.date(now));
    return fields;
  }

  /** Whether {@code old} began later: by a clock that is right, as far as one can tell. */
  static boolean stands(Stored old, Stored other, long now) {
    return old.requested <= now + SKEW
        && (old.requested > other.requested
            || old.requested == other.requested && old.arrived > other.arrived);
  }
}
