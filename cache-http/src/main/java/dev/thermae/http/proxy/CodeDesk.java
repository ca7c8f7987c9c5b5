package dev.thermae.http.proxy;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.code.WireCode;
import dev.thermae.event.Counters;
import dev.thermae.event.Temperature;
import dev.thermae.event.TimeSource;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.store.EntryHead;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds signed code for responses: in their slots, or by having it compiled once, while whoever
 * asks waits for a bounded time. Code is never executed here. Thread-safe.
 */
final class CodeDesk implements AutoCloseable {
  /** Engines whose units depend on nothing but their source, shape and fingerprint. */
  private static final Set<String> SELF_CONTAINED = Set.of("quickjs", "rhino", "v8", "wasm");

  private static final byte[] UNREAD = new byte[0];

  private final Store store;
  private final Counters counters;
  private final TimeSource time;
  private final CodeCounters counts = new CodeCounters();
  private final CodeCompiler compiler;
  private final Seal seal;
  private final SignedCode signed;
  private final CompileFlights flights;
  private final Semaphore waiting;
  private final long waitNanos;

  /** For what {@code loader} brings; all that is its stays its caller's to close. */
  CodeDesk(ResourceLoader loader, CodeCompiler compiler, CodeSettings settings) {
    this.store = loader.store();
    this.counters = loader.counters();
    this.time = loader.time();
    this.compiler = compiler;
    this.seal = settings.seal();
    this.signed = new SignedCode(settings.signedBytes);
    this.flights = new CompileFlights(settings.maximumCompiles);
    this.waiting = new Semaphore(settings.maximumWaiting);
    this.waitNanos = settings.wait.toNanos();
  }

  /**
   * What there is for a request.
   *
   * @param temperature HOT for stored code, WARM for code that was compiled while it waited
   * @param envelope signed; null, and COLD, where there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // read by one thread
  record Found(Temperature temperature, byte @Nullable [] envelope) {
    static final Found NOTHING = new Found(Temperature.COLD, null);
  }

  /** One unit: the entry that its code belongs to, and what decides it. */
  record Unit(StoredEntry entry, CodeKey key, String slot) {
    /** What its code is known by as long as the response is the same. */
    String name() {
      return entry.head().generation() + "\n" + slot;
    }
  }

  /** Code for a stored response; {@code mayCompile} is false for who only wants to know. */
  Found find(Fetched fetched, CodeWanted wanted, boolean mayCompile) {
    Unit unit = seal.canSeal() ? unit(fetched, wanted) : null;
    if (!seal.canSeal()) {
      counts.unsigned.increment();
    }
    Found found = unit == null ? Found.NOTHING : find(unit, fetched, mayCompile);
    counts.count(found.temperature());
    return found;
  }

  private Found find(Unit unit, Fetched fetched, boolean mayCompile) {
    byte[] known = stored(unit, true);
    if (known != null) {
      return new Found(Temperature.HOT, known);
    }
    if (!mayCompile || !isProducible(unit)) {
      return Found.NOTHING;
    }
    CompileFlights.Flight flight = flights.join(unit.name(), () -> compile(unit, fetched));
    if (flight == null) {
      counts.refused(CompileRefusedException.Reason.QUEUE_FULL);
      return Found.NOTHING;
    }
    byte[] made = await(flight);
    return made == null ? Found.NOTHING : new Found(Temperature.WARM, made);
  }

  private byte @Nullable [] await(CompileFlights.Flight flight) {
    if (waitNanos == 0 || !waiting.tryAcquire()) {
      return flight.now();
    }
    try {
      return flight.await(waitNanos, TimeUnit.NANOSECONDS);
    } finally {
      waiting.release();
    }
  }

  private boolean isProducible(Unit unit) {
    return producible().containsKey(unit.key().fingerprint());
  }

  /** Fingerprints that code can be made for, each with its engine's name. */
  Map<Fingerprint, String> producible() {
    try {
      return compiler.producible();
    } catch (RuntimeException e) {
      counters.onFault("compiler", e);
      return Map.of();
    }
  }

  /** Null where no code can belong to the response. */
  private static @Nullable Unit unit(Fetched fetched, CodeWanted wanted) {
    StoredEntry entry = fetched.entry();
    if (entry == null || entry.head().charset().isEmpty()) {
      return null;
    }
    EntryHead head = entry.head();
    try {
      Charset charset = Charset.forName(head.charset());
      Source source = Source.verified(fetched.url(), UNREAD, charset, head.sourceHash());
      CodeKey plain = new CodeKey("", source, Shape.SCRIPT, wanted.fingerprint());
      CodeKey key = wanted.named() ? plain.named() : plain;
      return new Unit(entry, key, StoredEntry.slot(key));
    } catch (IllegalArgumentException e) {
      return null; // stored by a JVM that has more charsets than this one
    }
  }

  /**
   * Signed code from the slot; null where it is empty or what it holds is refused, which is counted
   * at the {@code first} look.
   */
  private byte @Nullable [] stored(Unit unit, boolean first) {
    byte[] known = signed.find(unit.name());
    if (known != null) {
      return known;
    }
    try {
      byte[] code = unit.entry().code(unit.slot());
      if (code == null) {
        return null;
      }
      EntryHead head = unit.entry().head();
      SealedFile file = unit.key().open(code, store.seal(), head.keyHash(), head.generation());
      Rejection rejection = file.rejection();
      if (rejection != null && first) {
        counters.onRejected("code of " + head.key(), rejection, file.detail());
      }
      return rejection != null ? null : sign(unit, file.section(CodeKey.PAYLOAD));
    } catch (IOException | RuntimeException e) {
      counters.onFault("code of " + unit.key().source().name(), e);
      return null;
    }
  }

  private byte @Nullable [] sign(Unit unit, byte[] payload) {
    byte[] envelope = WireCode.seal(unit.key(), seal, payload);
    if (envelope == null) {
      counts.unsigned.increment();
      return null;
    }
    counts.signed.increment();
    signed.put(unit.name(), envelope);
    String engine = compiler.producible().get(unit.key().fingerprint());
    if (unit.key().shape().equals(Shape.SCRIPT)
        && engine != null
        && SELF_CONTAINED.contains(engine)) {
      signed.put(
          address(unit.key().fingerprint().toString(), unit.key().source().hash()), envelope);
    }
    return envelope;
  }

  /** In the background, once at a time for each unit. */
  private byte @Nullable [] compile(Unit unit, Fetched fetched) {
    byte[] since = stored(unit, false);
    if (since != null) {
      return since;
    }
    String name = fetched.url();
    long start = time.nanos();
    try {
      byte[] payload =
          compiler.compile(unit.key().fingerprint(), fetched.source(), unit.key().shape());
      counts.compiles.increment();
      long nanos = time.nanos() - start;
      counts.compileNanos.add(nanos);
      counters.onCompile(name, nanos);
      attach(unit, payload);
      return sign(unit, payload);
    } catch (CompileRefusedException e) {
      counts.refused(e.reason());
    } catch (IOException | RuntimeException e) {
      counters.onFault("code of " + name, e);
    }
    return null;
  }

  /** A slot that cannot be written costs the next start a compile, and this one nothing. */
  private void attach(Unit unit, byte[] payload) {
    EntryHead head = unit.entry().head();
    try {
      byte[] local = unit.key().seal(store.seal(), head.keyHash(), head.generation(), payload);
      unit.entry().attach(unit.slot(), local);
      counts.attached.increment();
      counters.onAttached(head.key(), local.length);
    } catch (IOException | RuntimeException e) {
      counters.onFault("code of " + head.key(), e);
    }
  }

  /** Signed code by what it was compiled from alone; null where none is known. */
  byte @Nullable [] published(String fingerprint, byte[] sourceHash) {
    return signed.find(address(fingerprint, sourceHash));
  }

  private static String address(String fingerprint, byte[] sourceHash) {
    return fingerprint + '/' + HexFormat.of().formatHex(sourceHash);
  }

  /** A line for each fingerprint: its digits, and the engine's name. */
  String fingerprints() {
    StringBuilder text = new StringBuilder();
    compiler.producible().entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue() + "\n")
        .sorted()
        .forEach(text::append);
    return text.toString();
  }

  /** What was counted. */
  CodeCounters counts() {
    return counts;
  }

  @Override
  public void close() {
    flights.close();
  }
}
