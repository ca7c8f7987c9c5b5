package dev.thermae.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/** An origin whose resources change as they are told; the same question gets the same answer. */
final class ModelOrigin {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private final Map<Integer, Resource> resources = new HashMap<>();

  /** How it answers. */
  enum Mode {
    /** As RFC 9110 has it. */
    HONEST,
    /** In full, whatever the conditions. */
    FULL,
    /** 304 to conditions, naming a tag that nobody has. */
    FOREIGN_304,
    /** 304 to conditions, without any validator. */
    BARE_304,
    /** 304 to everything. */
    UNASKED_304,
    ERROR_500,
    /** 503 with the resource's own freshness. */
    FRESH_503,
    NOT_FOUND,
    /** No answer. */
    FAILED,
    /** A body shorter than announced. */
    CUT;

    static Mode any(Random random) {
      return random.nextInt(100) < 64 ? HONEST : values()[random.nextInt(values().length)];
    }
  }

  /** What arrives. */
  record Answer(int status, NavigableMap<String, String> fields, String body) {
    String field(String name) {
      return fields.get(name);
    }
  }

  private static final class Resource {
    private int body;
    private int tag;
    private String control = "";
    private String expires = "";
    private String validators = "strong";
    private String age = "0";
    private String vary = "";
  }

  private Resource resource(int url) {
    return resources.computeIfAbsent(url, absent -> new Resource());
  }

  void change(ModelScript.Change change) {
    Resource resource = resource(change.url());
    switch (change.what()) {
      case "body" -> resource.body++;
      case "tag" -> resource.tag++;
      case "body and tag" -> {
        resource.body++;
        resource.tag++;
      }
      case "control" -> resource.control = change.value();
      case "expires" -> resource.expires = change.value();
      case "validators" -> resource.validators = change.value();
      case "age" -> resource.age = change.value();
      case "vary" -> resource.vary = change.value();
      default -> throw new IllegalArgumentException(change.what());
    }
  }

  static String date(long millis) {
    return DATE.format(Instant.ofEpochMilli(millis));
  }

  /** Null where it is no date. */
  static Long millis(String date) {
    try {
      return date == null ? null : Instant.from(DATE.parse(date)).toEpochMilli();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Null when nothing whole arrives. */
  Answer answer(int url, String kind, String match, String since, Mode mode, long now) {
    Resource resource = resource(url);
    boolean conditional = match != null || since != null;
    NavigableMap<String, String> fields = fields(resource, kind, now);
    boolean not = mode == Mode.UNASKED_304;
    switch (mode) {
      case HONEST -> not = conditional && isCurrent(fields, match, since);
      case FOREIGN_304 -> {
        not = conditional;
        fields.put("ETag", not ? "\"foreign\"" : fields.getOrDefault("ETag", "\"own\""));
      }
      case BARE_304 -> {
        not = conditional;
        if (not) {
          fields.remove("ETag");
          fields.remove("Last-Modified");
        }
      }
      case ERROR_500, FRESH_503, NOT_FOUND -> {
        return error(mode, fields);
      }
      case FAILED, CUT -> {
        return null;
      }
      default -> {}
    }
    boolean varies = resource.vary.contains("X-Kind");
    String body = "url " + url + " body " + resource.body + (varies ? " kind " + kind : "");
    return new Answer(not ? 304 : 200, fields, not ? "" : body);
  }

  private static Answer error(Mode mode, NavigableMap<String, String> fields) {
    fields.remove("ETag");
    fields.remove("Last-Modified");
    if (mode == Mode.ERROR_500) {
      fields.remove("Cache-Control");
      fields.remove("Expires");
    }
    int status = mode == Mode.NOT_FOUND ? 404 : mode == Mode.FRESH_503 ? 503 : 500;
    return new Answer(status, fields, "error " + status);
  }

  private static boolean isCurrent(Map<String, String> fields, String match, String since) {
    String tag = fields.get("ETag");
    return match != null
        ? tag != null && match.replace("W/", "").equals(tag.replace("W/", ""))
        : since.equals(fields.get("Last-Modified"));
  }

  private static NavigableMap<String, String> fields(Resource resource, String kind, long now) {
    NavigableMap<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    String variant = resource.vary.contains("X-Kind") ? kind : "";
    String tag = "\"" + resource.tag + variant + "\"";
    switch (resource.validators) {
      case "strong" -> fields.put("ETag", tag);
      case "weak" -> fields.put("ETag", "W/" + tag);
      case "date" -> fields.put("Last-Modified", date(1_000_000_000_000L + resource.tag * 1000L));
      default -> {}
    }
    put(fields, "Cache-Control", resource.control);
    put(fields, "Vary", resource.vary);
    boolean dated = !resource.age.equals("undated");
    long age = dated ? Long.parseLong(resource.age) : 0;
    if (dated) {
      // A negative age is a clock that is behind.
      fields.put("Date", date(now + Math.min(0, age) * 1000));
      put(fields, "Age", age > 0 ? resource.age : "");
    }
    if (resource.expires.equals("never")) {
      fields.put("Expires", "0");
    } else if (!resource.expires.isEmpty()) {
      fields.put("Expires", date(now + Long.parseLong(resource.expires) * 1000));
    }
    return fields;
  }

  private static void put(Map<String, String> fields, String name, String value) {
    if (!value.isEmpty()) {
      fields.put(name, value);
    }
  }
}
