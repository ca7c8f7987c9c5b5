package dev.thermae.http.compile;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.event.TimeSource;
import dev.thermae.http.proxy.CodeCompiler;
import dev.thermae.http.proxy.CompileRefusedException;
import dev.thermae.http.proxy.CompileRefusedException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;

/**
 * Compiles in JVMs of their own, which are killed when a source takes too much time, memory or
 * stack, and replaced. What they cost is bounded: memory by the heap, processors by the number of
 * workers, the line of those who wait by its length.
 *
 * <p>A worker compiles and never executes a source, but it is no sandbox: an engine that runs parts
 * of a source while it compiles could harm what the worker compiles next. Rhino, QuickJS and the
 * Java compilers run nothing; of Groovy's sources those that could are refused, and Groovy has
 * workers of its own, which compile nothing else: each kind has the number, the heap and the queue
 * that were set. Offer an engine only where its users' sources may be compiled on this machine.
 *
 * <p>The same unit, asked for by several at a time, is compiled once; what cannot be compiled is
 * remembered for a while. Thread-safe.
 */
public final class CompileWorkers implements CodeCompiler {
  private final WorkerSettings settings;
  private final List<WorkerPool> pools;
  private final Refusals refusals;
  private final ConcurrentMap<Unit, CompletableFuture<byte[]>> underWay = new ConcurrentHashMap<>();
  private volatile boolean closed;

  CompileWorkers(WorkerSettings settings, TimeSource time) {
    this.settings = settings;
    this.refusals = new Refusals(time);
    List<WorkerPool> made = new ArrayList<>();
    for (List<String> engines : Engines.apart(settings.engines())) {
      made.add(new WorkerPool(settings.withEngines(engines), time));
    }
    this.pools = List.copyOf(made);
  }

  /** Settings for workers with some engines, by their names, such as {@code rhino}. */
  public static CompileWorkersBuilder builder(String... engines) {
    return new CompileWorkersBuilder(engines);
  }

  /** Some engines bake the name in, and who asks need not say so. */
  private record Unit(Fingerprint fingerprint, String source, String name, Shape shape) {}

  private record Refused(Fingerprint fingerprint, String source, Shape.Kind kind) {}

  /**
   * What workers say that they can make, which nobody else can know: it depends on their JVM and on
   * the jars they see. Starts a worker when none has run yet; empty while none can be started.
   */
  @Override
  public Map<Fingerprint, String> producible() {
    Map<Fingerprint, String> all = new LinkedHashMap<>();
    for (WorkerPool pool : pools) {
      WorkerReport report = pool.report();
      if (report != null) {
        all.putAll(report.engines());
      }
    }
    return all;
  }

  /** Engines that cannot be offered, each with the reason. Waits as {@link #producible} does. */
  public Map<String, String> missing() {
    Map<String, String> all = new LinkedHashMap<>();
    for (WorkerPool pool : pools) {
      WorkerReport report = pool.report();
      if (report != null) {
        all.putAll(report.missing());
      }
    }
    return all;
  }

  /** The same, and all engines of a worker that does not start, with the reason. */
  Map<String, String> unavailable() {
    Map<String, String> all = new LinkedHashMap<>();
    for (WorkerPool pool : pools) {
      try {
        all.putAll(pool.firstReport().missing());
      } catch (WorkerException e) {
        for (String engine : pool.engines()) {
          all.put(engine, String.valueOf(e.getMessage()));
        }
      }
    }
    return all;
  }

  /**
   * {@inheritDoc} The time that was set bounds the compile, and before it the wait for a worker and
   * the start of one, each.
   */
  @Override
  public byte[] compile(Fingerprint fingerprint, Source source, Shape shape)
      throws CompileRefusedException {
    if (source.bytes().length > settings.longestSource()) {
      throw new CompileRefusedException(
          Reason.TOO_LONG, "longer than " + settings.longestSource() + " bytes");
    }
    String hash = HexFormat.of().formatHex(source.hash());
    Refused refused = new Refused(fingerprint, hash, shape.kind());
    CompileRefusedException known = refusals.find(refused);
    if (known != null) {
      throw known;
    }
    if (closed) {
      throw new CompileRefusedException(Reason.CLOSED, "closed");
    }
    Unit unit = new Unit(fingerprint, hash, source.name(), shape);
    CompletableFuture<byte[]> own = new CompletableFuture<>();
    CompletableFuture<byte[]> first = underWay.putIfAbsent(unit, own);
    return first == null ? lead(unit, refused, source, own) : follow(first);
  }

  private byte[] lead(Unit unit, Refused refused, Source source, CompletableFuture<byte[]> followed)
      throws CompileRefusedException {
    try {
      WorkerPool pool = pool(unit.fingerprint);
      byte[] code = code(pool.compile(unit.fingerprint, source, unit.shape));
      followed.complete(code);
      return code;
    } catch (WorkerException e) {
      CompileRefusedException fault =
          new CompileRefusedException(e.reason, String.valueOf(e.getMessage()));
      if (e.lasting) {
        refusals.add(refused, fault, kept(e.reason));
      }
      followed.completeExceptionally(fault);
      throw fault;
    } finally {
      underWay.remove(unit, followed);
      followed.completeExceptionally(
          new CompileRefusedException(Reason.CRASHED, "the compile was given up"));
    }
  }

  /** Whose worker makes that; none is started for it while another one is known to make it. */
  private WorkerPool pool(Fingerprint fingerprint) throws WorkerException {
    if (pools.size() == 1) {
      return pools.get(0);
    }
    for (WorkerPool pool : pools) {
      WorkerReport known = pool.known();
      if (known != null && known.engines().containsKey(fingerprint)) {
        return pool;
      }
    }
    WorkerException fault =
        new WorkerException(Reason.UNKNOWN_FINGERPRINT, false, "no engine of that kind");
    for (WorkerPool pool : pools) {
      try {
        if (pool.firstReport().engines().containsKey(fingerprint)) {
          return pool;
        }
      } catch (WorkerException e) {
        fault = e;
      }
    }
    throw fault;
  }

  private Duration kept(Reason reason) {
    return reason == Reason.SOURCE_ERROR ? settings.errorsKept() : settings.bombsKept();
  }

  private static byte[] code(WorkerAnswer answer) throws WorkerException {
    if (answer.outcome() == WorkerAnswer.Outcome.CODE) {
      return answer.bytes();
    }
    Reason reason =
        switch (answer.outcome()) {
          case SOURCE_ERROR -> Reason.SOURCE_ERROR;
          case NOT_SERIALIZABLE -> Reason.NOT_SERIALIZABLE;
          default -> Reason.CRASHED;
        };
    throw new WorkerException(reason, true, answer.words());
  }

  /** The one that leads is bounded in time, so this wait is. */
  private static byte[] follow(CompletableFuture<byte[]> first) throws CompileRefusedException {
    try {
      return first.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompileRefusedException(Reason.CLOSED, "interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CompileRefusedException) {
        throw (CompileRefusedException) e.getCause();
      }
      throw new CompileRefusedException(Reason.CRASHED, String.valueOf(e.getCause()));
    }
  }

  /** Kills all workers; compiles under way are refused with reason CLOSED. */
  @Override
  public void close() {
    closed = true;
    pools.forEach(WorkerPool::close);
  }

  /** Those who share a JVM. */
  WorkerPool pool() {
    return pools.get(0);
  }

  /** All, those with a JVM of their own last. */
  List<WorkerPool> pools() {
    return pools;
  }
}
