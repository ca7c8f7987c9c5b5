package dev.thermae.http.report;

import dev.thermae.code.Source;
import dev.thermae.disk.DiskInspection;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.StoredVariant;
import dev.thermae.event.Temperature;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.HeaderList;
import dev.thermae.http.resource.Inquiry;
import dev.thermae.http.resource.Outlook;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.EntryHead;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Looks at one URL in an open folder; nothing is sent, nothing changes. Thread-safe. */
public final class Explainer {
  private static final int MAXIMUM_HOPS = 20;

  private final Store store;
  private final DiskInspection disk;
  private final Inquiry asked;
  private final Inquiry other;
  private final String hint;
  private final SlotReader slots;
  private final long now;

  private Explainer(DiskStore store, CurrentEngine current, Rules rules, long now) {
    this.store = store;
    this.disk = DiskInspection.of(store);
    this.asked = inquiry(store, rules.namespace(), rules.shared());
    this.other = inquiry(store, rules.namespace(), !rules.shared());
    this.hint = rules.shared() ? "stored there: leave out --shared" : "stored there: say --shared";
    this.slots = new SlotReader(store, current, disk.fingerprints(), rules.policy());
    this.now = now;
  }

  /**
   * By which rules to look.
   *
   * @param namespace tenant or trust domain; empty for the default one
   * @param shared whether at what a shared cache stored
   * @param policy when code is kept
   */
  public record Rules(String namespace, boolean shared, CachePolicy policy) {}

  /** Looks into an open store by these rules, as of {@code now}, in milliseconds. */
  public static Explainer of(DiskStore store, CurrentEngine current, Rules rules, long now) {
    return new Explainer(store, current, rules, now);
  }

  /** What the HTTP cache of a kind would do. */
  public static Inquiry inquiry(Store store, String namespace, boolean isShared) {
    return Inquiry.of(ResourceLoader.builder(store).namespace(namespace).shared(isShared));
  }

  /** The URL of a request, then where stored redirects lead; nothing is stored beside a folder. */
  public static List<Explanation.Url> urls(
      Store store, CurrentEngine current, Rules rules, ResourceRequest request, long now)
      throws IOException {
    Inquiry asked = inquiry(store, rules.namespace(), rules.shared());
    Explainer explainer = store instanceof DiskStore disk ? of(disk, current, rules, now) : null;
    List<Explanation.Url> urls = new ArrayList<>();
    String next = asked.normalize(request.url());
    while (next != null && urls.size() <= MAXIMUM_HOPS) {
      Explanation.Url hop =
          explainer == null ? nothing(asked, request, next) : explainer.explain(request, next);
      urls.add(hop);
      next = location(hop);
    }
    return urls;
  }

  private static Explanation.Url nothing(Inquiry asked, ResourceRequest request, String url) {
    String why = asked.missing(request).why();
    return new Explanation.Url(
        url,
        false,
        List.of(new Explanation.Key(asked.key(url), "", 0, null)),
        List.of(),
        new Explanation.Request("fetched", why, List.of(), false, null, null, null),
        new Explanation.NextRun("cold", "there is no cache folder", null));
  }

  private static @Nullable String location(Explanation.Url hop) {
    for (Explanation.Variant variant : hop.variants()) {
      Explanation.Response response = variant.response();
      if (variant.selected() && response != null) {
        return response.location();
      }
    }
    return null;
  }

  /** One URL, in normal form; redirects are not followed. */
  public Explanation.Url explain(ResourceRequest request, String url) throws IOException {
    String key = asked.key(url);
    StoredEntry found = store.find(key, request);
    StoredVariant selected = null;
    List<Explanation.Variant> variants = new ArrayList<>();
    List<StoredVariant> heads = disk.variants(key);
    for (StoredVariant head : heads) {
      boolean isSelected = found != null && isSame(head, found);
      selected = isSelected ? head : selected;
      variants.add(variant(request, url, head, isSelected));
    }
    Outlook outlook = outlook(request, selected);
    return new Explanation.Url(
        url,
        selected != null,
        List.of(looked(key, heads.size(), null), looked(other.key(url))),
        variants,
        request(outlook),
        nextRun(url, selected, outlook));
  }

  private Explanation.Key looked(String otherKey) {
    int heads = disk.variants(otherKey).size();
    return looked(otherKey, heads, heads == 0 ? null : hint);
  }

  private Explanation.Key looked(String key, int heads, @Nullable String told) {
    return new Explanation.Key(key, disk.place(key), heads, told);
  }

  private static boolean isSame(StoredVariant variant, StoredEntry found) {
    StoredEntry entry = variant.entry();
    return entry != null
        && variant.state() == StoredVariant.State.USABLE
        && entry.head().generation().equals(found.head().generation())
        && entry.head().selecting().equals(found.head().selecting());
  }

  private Explanation.Variant variant(
      ResourceRequest request, String url, StoredVariant head, boolean selected) {
    StoredEntry entry = head.entry();
    String refused = head.rejection() == null ? null : head.rejection() + ": " + head.detail();
    List<String> selecting = entry == null ? List.of() : entry.head().selecting().lines().toList();
    Explanation.Response response = null;
    Source source = null;
    if (entry != null && !entry.head().is(EntryHead.TOMBSTONE)) {
      source = source(url, head);
      try {
        response = response(request, asked.view(url, entry, now), head, source);
      } catch (IOException e) {
        refused = e.getMessage(); // metadata of another version
      }
    }
    return new Explanation.Variant(
        head.file(),
        lower(head.state()),
        selected,
        selecting,
        refused,
        response,
        slots.slots(head, source));
  }

  private Explanation.Response response(
      ResourceRequest request, Fetched view, StoredVariant variant, @Nullable Source source)
      throws IOException {
    StoredEntry entry = view.entry();
    if (entry == null) {
      throw new IllegalArgumentException("a view of a stored response has an entry");
    }
    EntryHead head = entry.head();
    Outlook outlook = asked.outlook(request, head, true, now);
    return new Explanation.Response(
        view.statusLine(),
        lines(view.headers()),
        head.generation().toString(),
        variant.stored() == 0 ? null : Words.time(variant.stored()),
        Words.time(head.responseTime()),
        view.age() / 1000.0,
        head.lifetime() / 1000.0,
        view.timeToLive() > 0,
        Words.time(outlook.staleAt()),
        outlook.rule(),
        lower(variant.body()),
        head.bodyLength(),
        source == null ? null : Long.valueOf(source.bytes().length),
        head.charset().isEmpty() ? null : head.charset(),
        view.location());
  }

  /** The body as a load compiles it; null where it cannot be read or decoded. */
  private @Nullable Source source(String url, StoredVariant variant) {
    StoredEntry entry = variant.entry();
    if (entry == null || variant.body() != StoredVariant.Body.VERIFIED) {
      return null;
    }
    try {
      return asked.view(url, entry, now).source();
    } catch (IOException e) {
      return null;
    }
  }

  private Outlook outlook(ResourceRequest request, @Nullable StoredVariant selected) {
    StoredEntry entry = selected == null ? null : selected.entry();
    if (entry == null || selected == null) {
      return asked.missing(request);
    }
    boolean readable =
        selected.body() == StoredVariant.Body.VERIFIED || entry.head().is(EntryHead.REDIRECT);
    try {
      return asked.outlook(request, entry.head(), readable, now);
    } catch (IOException e) {
      return asked.missing(request); // metadata of another version: fetched anew
    }
  }

  private static Explanation.Request request(Outlook outlook) {
    Outlook.Stale stale = outlook.stale();
    return new Explanation.Request(
        lower(outlook.action()),
        outlook.why(),
        lines(outlook.conditions()),
        stale.onRequest(),
        stale.untilOnError() == null ? null : Words.time(stale.untilOnError()),
        stale.untilUnreachable() == null ? null : Words.time(stale.untilUnreachable()),
        stale.forbiddenBy());
  }

  private Explanation.NextRun nextRun(
      String url, @Nullable StoredVariant selected, Outlook outlook) {
    if (outlook.action() == Outlook.Action.REFUSED) {
      return none("the request forbids to ask the origin");
    }
    StoredEntry entry = selected == null ? null : selected.entry();
    if (entry == null || selected == null || outlook.action() == Outlook.Action.FETCHED) {
      return run(Forecast.ofNothing("what is fetched has a new generation, without slots"), null);
    }
    Fetched view = asked.view(url, entry, now);
    if (view.location() != null) {
      return none("a redirect, which is followed");
    }
    if (!view.isSuccess()) {
      return none("the origin's answer is " + view.status());
    }
    Source source = source(url, selected);
    if (source == null) {
      return none("the body cannot be decoded");
    }
    Forecast forecast = slots.forecast(selected, source, now);
    boolean asks = outlook.action() == Outlook.Action.VALIDATED;
    boolean colder = asks && forecast.temperature() != Temperature.COLD;
    return run(forecast, colder ? "cold: a 200 brings a new generation, without slots" : null);
  }

  private static Explanation.NextRun none(String why) {
    return new Explanation.NextRun("none", why, null);
  }

  private static Explanation.NextRun run(Forecast forecast, @Nullable String otherwise) {
    return new Explanation.NextRun(lower(forecast.temperature()), forecast.why(), otherwise);
  }

  private static List<String> lines(HeaderList fields) {
    return fields.toString().lines().toList();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
