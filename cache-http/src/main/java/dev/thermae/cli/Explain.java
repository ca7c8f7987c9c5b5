package dev.thermae.cli;

import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.http.report.CurrentEngine;
import dev.thermae.http.report.Explainer;
import dev.thermae.http.report.Explanation;
import dev.thermae.http.report.Json;
import dev.thermae.http.report.Words;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.store.MemoryStore;
import dev.thermae.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thermae explain}: what is stored for a URL, and what that means for the next load. */
@Command(
    name = "explain",
    description = {
      "Says what is stored for a URL, and what would become of a request and a load now.",
      "",
      "Nothing is sent, and nothing in the folder changes. Without --policy and --engine the next"
          + " run is told for their defaults."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {"", "Example:", "  thermae explain https://example.org/app.js"})
final class Explain implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CacheOptions options;

  @Parameters(paramLabel = "URL", description = "What to explain.")
  private String url;

  @Option(
      names = "--shared",
      description = "Looks at what the proxy stored, by the rules of a shared cache.")
  private boolean shared;

  private final TimeSource time = TimeSource.SYSTEM;

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  Explain() {}

  @Override
  public Integer call() throws FailedException {
    ResourceRequest request = options.request(url);
    CurrentEngine current;
    Explanation explanation;
    Path folder = options.folder();
    boolean isThere = options.place().isThere();
    try (Store store = open(isThere)) {
      current = CurrentEngine.of(options.engine(), store);
      Explainer.Rules rules =
          new Explainer.Rules(options.namespace(), shared, options.policy().policy());
      List<Explanation.Url> urls = Explainer.urls(store, current, rules, request, time.millis());
      explanation =
          new Explanation(
              folder.toAbsolutePath().normalize().toString(),
              isThere,
              options.namespace(),
              shared,
              options.engineName(),
              current.fingerprint() == null ? null : current.fingerprint().toString(),
              options.policy().name().toLowerCase(Locale.ROOT),
              Words.time(time.millis()),
              urls);
    } catch (IOException e) {
      throw new FailedException(String.valueOf(e.getMessage()), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(options.isJson() ? Json.of(explanation) : ExplainText.of(explanation));
    out.flush();
    return 0;
  }

  /** A folder that is not there is not made: an empty store stands for it. */
  private Store open(boolean isThere) throws FailedException {
    Counters counters = new Counters(new Faults());
    return isThere
        ? options.place().openToLook(counters, time)
        : new MemoryStore(1, counters, time);
  }
}
