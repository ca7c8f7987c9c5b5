package dev.thermae.cli;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.SigningKeys;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskStore;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.event.TimeSource;
import dev.thermae.http.CodeLoader;
import dev.thermae.http.CodeLoaderBuilder;
import dev.thermae.http.report.CurrentEngine;
import dev.thermae.http.report.Json;
import dev.thermae.http.report.Words;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thermae load}: scripts by URL, through both caches. */
@Command(
    name = "load",
    description = {
      "Fetches scripts through the HTTP cache and compiles them through the code cache.",
      "",
      "Nothing is executed: with V8, which compiles functions when they are first called, what is"
          + " kept is the code of the others. A URL that fails is told of, and the others are loaded"
          + " all the same."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {"", "Example:", "  thermae load https://example.org/app.js"})
final class Load implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CacheOptions options;

  @Parameters(arity = "1..*", paramLabel = "URL", description = "What to load.")
  private List<String> urls;

  @Option(
      names = "--repeat",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "Loads each URL N times, every time with nothing in memory, as a new process would;"
              + " times are those of a process that has warmed up (default: ${DEFAULT-VALUE}).")
  private int repeat;

  private final TimeSource time = TimeSource.SYSTEM;
  private final List<LoadReport.Load> loads = new ArrayList<>();
  private @Nullable CurrentEngine current;

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  Load() {}

  @Override
  public Integer call() throws IOException {
    if (repeat < 1) {
      throw new ParameterException(spec.commandLine(), "--repeat is 1 or more: " + repeat);
    }
    List<ResourceRequest> requests = new ArrayList<>();
    for (String url : urls) {
      requests.add(options.request(url));
    }
    Engine<?> engine = options.engine();
    CodeLoaderBuilder<?> settings =
        CodeLoader.builder(engine)
            .namespace(options.namespace())
            .policy(options.policy().policy())
            .listener(new Faults());
    if (options.place().chosen() != null) {
      settings.directory(options.place().chosen());
    }
    SigningKeys keys = options.place().keys();
    if (keys != null) {
      settings.signed(keys);
    }
    try (CodeLoader<?> loader = settings.build()) {
      for (int i = 0; i < requests.size(); i++) {
        for (int run = 1; run <= repeat; run++) {
          tell(load(loader, engine, requests.get(i), urls.get(i), run));
        }
      }
      boolean onDisk = loader.cache().store() instanceof DiskStore;
      if (options.isJson()) {
        String folder = onDisk ? options.folder().toAbsolutePath().normalize().toString() : null;
        say(Json.of(new LoadReport(folder, options.engineName(), loads)));
      }
    }
    return loads.stream().anyMatch(load -> load.error() != null) ? 1 : 0;
  }

  private LoadReport.Load load(
      CodeLoader<?> loader, Engine<?> engine, ResourceRequest request, String url, int run) {
    CodeCache cache = loader.cache();
    cache.clearMemory();
    LoadReport.Http http = null;
    try {
      long start = time.nanos();
      Fetched fetched = loader.fetch(request);
      int length = fetched.source().bytes().length; // decoding is part of fetching
      http = http(fetched, length, time.nanos() - start);
      Compiled<?> unit = loader.compile(fetched);
      unit.ran(); // it did not, but what there is of it is to be kept
      if (!cache.flush()) {
        complain("what is to be kept of " + url + " is not on disk after 5 s");
      }
      return new LoadReport.Load(url, run, http, code(cache, engine, fetched, unit), null);
    } catch (IOException e) {
      return new LoadReport.Load(url, run, http, null, LoadReport.Fault.of(e));
    } catch (CompileException e) {
      return new LoadReport.Load(url, run, http, null, LoadReport.Fault.of(e));
    }
  }

  private static LoadReport.Http http(Fetched fetched, long sourceBytes, long nanos)
      throws IOException {
    return new LoadReport.Http(
        fetched.url(),
        fetched.statusLine(),
        lower(fetched.outcome()),
        fetched.why(),
        fetched.age() / 1000.0,
        fetched.body().length,
        sourceBytes,
        Words.millis(nanos));
  }

  private LoadReport.Code code(CodeCache cache, Engine<?> engine, Fetched fetched, Compiled<?> unit)
      throws IOException {
    return new LoadReport.Code(
        lower(unit.temperature()),
        lower(unit.origin()),
        fetched.isUnstorable() ? "the response could not be stored" : unit.why(),
        storedBytes(cache, engine, fetched),
        Words.millis(unit.compileNanos()),
        Words.millis(unit.loadNanos()));
  }

  private @Nullable Long storedBytes(CodeCache cache, Engine<?> engine, Fetched fetched)
      throws IOException {
    StoredEntry entry = fetched.entry();
    CurrentEngine known = current;
    if (known == null) {
      known = CurrentEngine.of(engine, cache.store());
      current = known;
    }
    Source source = fetched.source();
    String slot = known.slot(source);
    byte[] code = entry == null || slot == null ? null : entry.code(slot);
    return code == null ? null : Long.valueOf(code.length);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private void tell(LoadReport.Load load) {
    loads.add(load);
    if (load.error() != null) {
      complain(load.error().message());
    } else if (!options.isJson()) {
      say(LoadText.of(load, repeat));
    }
  }

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }

  private void complain(String message) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("thermae: " + message);
    err.flush();
  }
}
