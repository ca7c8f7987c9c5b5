package dev.thermae.http;

import dev.thermae.http.ModelCode.Slot;
import dev.thermae.http.ModelOrigin.Answer;
import dev.thermae.http.ModelRules.Ask;
import dev.thermae.http.ModelRules.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A private cache as RFC 9111 and our documents describe it, with nothing but the rules in it.
 * Times are milliseconds.
 */
final class ModelCache {
  private final boolean keepSameBytes;
  private final ModelCode code;
  private final Map<Integer, Resource> resources = new HashMap<>();

  ModelCache(boolean keepSameBytes, ModelCode code) {
    this.keepSameBytes = keepSameBytes;
    this.code = code;
  }

  /** A request on its way to the origin. */
  record Pending(Ask ask, Stored candidate, long requested) {
    String match() {
      return candidate == null ? null : candidate.fields().get("ETag");
    }

    String since() {
      return candidate == null ? null : candidate.fields().get("Last-Modified");
    }
  }

  /** What the reader gets; {@code slot} is null when there is nothing to attach code to. */
  record Result(String outcome, int status, String body, long age, Slot slot) {}

  private static final class Resource {
    private final List<Stored> stored = new ArrayList<>();
    private long notBefore = Long.MIN_VALUE;
  }

  private Resource resource(int url) {
    return resources.computeIfAbsent(url, absent -> new Resource());
  }

  /** Section 4.1. */
  private Stored select(Ask ask) {
    for (Stored each : resource(ask.url()).stored) {
      if (each.selecting().equals(ask.selecting(each.vary()))) {
        return each;
      }
    }
    return null;
  }

  /** Section 4: a {@link Result} from the store, or a {@link Pending} request. */
  Object begin(Ask ask, long now) {
    Stored stored = select(ask);
    if (stored != null && ModelRules.mayUse(ask, stored, now)) {
      return result("FRESH", stored, now);
    }
    return ask.says("only-if-cached")
        ? new Result("PASSED", 504, "", 0, null)
        : new Pending(ask, stored, now);
  }

  private static Result result(String outcome, Stored stored, long now) {
    return new Result(outcome, stored.status(), stored.body(), stored.age(now), stored.slot());
  }

  /** A {@link Result}, or a further {@link Pending} request; {@code answer} is null for none. */
  Object finish(Pending pending, Answer answer, long now) {
    Stored candidate = pending.candidate;
    if (answer == null) {
      return candidate != null && ModelRules.mayStandIn(pending.ask, candidate, now, true)
          ? result("STALE", candidate, now)
          : new Result("FAILED", 0, "", 0, null);
    }
    if (answer.status() == 304) {
      boolean asked = pending.match() != null || pending.since() != null;
      return asked ? validate(pending, answer, now) : new Result("FAILED", 304, "", 0, null);
    }
    if (candidate != null && answer.status() >= 500) {
      return ModelRules.mayStandIn(pending.ask, candidate, now, false)
          ? result("STALE", candidate, now)
          : passed(pending, answer, now);
    }
    return write(pending, answer, now);
  }

  private static Result passed(Pending pending, Answer answer, long now) {
    long age = ModelRules.firstAge(answer, pending.requested, now);
    return new Result("PASSED", answer.status(), answer.body(), age, null);
  }

  /** Sections 4.3.3 and 4.3.4: the generation stays; a 304 for anything else asks anew. */
  private Object validate(Pending pending, Answer answer, long now) {
    Stored candidate = pending.candidate;
    if (!ModelRules.isAbout(candidate, answer)) {
      return new Pending(pending.ask, null, now);
    }
    String control = answer.fields().getOrDefault("Cache-Control", "");
    if (ModelRules.says(control, "no-store") || pending.ask.says("no-store")) {
      return result("REVALIDATED", candidate, now);
    }
    List<Stored> all = resource(pending.ask.url()).stored;
    for (int i = 0; i < all.size(); i++) {
      Stored known = all.get(i);
      if (known.slot() == candidate.slot()) {
        NavigableMap<String, String> fields = new TreeMap<>(known.fields());
        fields.putAll(ModelRules.kept(answer, now));
        Stored updated =
            stored(pending, known.status(), fields, known.body(), known.slot(), answer, now);
        if (!ModelRules.stands(known, updated, now)) {
          all.set(i, updated);
        }
        return result("REVALIDATED", updated, now);
      }
    }
    return new Pending(pending.ask, null, now);
  }

  private static Stored stored(
      Pending pending,
      int status,
      NavigableMap<String, String> fields,
      String body,
      Slot slot,
      Answer answer,
      long now) {
    String selecting = pending.ask.selecting(fields.getOrDefault("Vary", ""));
    long age = ModelRules.firstAge(answer, pending.requested, now);
    return new Stored(slot, status, fields, body, selecting, pending.requested, now, age);
  }

  /** Section 3. */
  private Result write(Pending pending, Answer answer, long now) {
    Ask ask = pending.ask;
    NavigableMap<String, String> fields = ModelRules.kept(answer, now);
    Stored fresh = stored(pending, answer.status(), fields, answer.body(), new Slot(), answer, now);
    boolean forbidden = fresh.says("no-store") || fresh.vary().equals("*");
    boolean useful = answer.status() == 200 || fresh.lifetime() > 0;
    if (ask.says("no-store") || forbidden || !useful) {
      if (!ask.says("no-store") && answer.status() == 200 && select(ask) != null) {
        invalidate(ask.url(), pending.requested + 1, now);
      }
      return passed(pending, answer, now);
    }
    Stored old = select(ask);
    boolean same =
        keepSameBytes
            && old != null
            && old.status() == 200
            && answer.status() == 200
            && old.requested() <= fresh.requested()
            && old.vary().equals(fresh.vary())
            && old.body().equals(fresh.body());
    if (same) {
      Stored kept = stored(pending, 200, fields, old.body(), old.slot(), answer, now);
      resource(ask.url())
          .stored
          .replaceAll(
              each ->
                  each.slot() == old.slot() && !ModelRules.stands(each, kept, now) ? kept : each);
      return result("KEPT", kept, now);
    }
    return put(resource(ask.url()), fresh, now)
        ? result("STORED", fresh, now)
        : passed(pending, answer, now);
  }

  private boolean put(Resource resource, Stored fresh, long now) {
    if (fresh.requested() < resource.notBefore && resource.notBefore <= now + ModelRules.SKEW) {
      return false;
    }
    List<Stored> replaced = new ArrayList<>();
    for (Stored each : resource.stored) {
      boolean alike = !each.vary().isEmpty() && each.vary().equals(fresh.vary());
      if (!alike || each.selecting().equals(fresh.selecting())) {
        replaced.add(each);
      }
    }
    for (Stored each : replaced) {
      if (ModelRules.stands(each, fresh, now)) {
        return false;
      }
    }
    replaced.forEach(each -> forget(resource, each));
    resource.stored.add(fresh);
    return true;
  }

  private void forget(Resource resource, Stored stored) {
    resource.stored.remove(stored);
    code.forget(stored.slot());
  }

  /** Section 4.4; what a wrong clock dated ahead goes, too. */
  void invalidate(int url, long time, long now) {
    Resource resource = resource(url);
    boolean wrong = resource.notBefore > now + ModelRules.SKEW;
    resource.notBefore = wrong ? time : Math.max(resource.notBefore, time);
    for (Stored each : List.copyOf(resource.stored)) {
      if (each.requested() < time || each.requested() > now + ModelRules.SKEW) {
        forget(resource, each);
      }
    }
  }
}
