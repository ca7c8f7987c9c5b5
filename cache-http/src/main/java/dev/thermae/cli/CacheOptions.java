package dev.thermae.cli;

import dev.thermae.engine.Engine;
import dev.thermae.http.compile.Engines;
import dev.thermae.http.resource.ResourceRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of commands that load scripts, or tell what loading one would do. */
final class CacheOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--engine",
      defaultValue = "rhino",
      paramLabel = "NAME",
      description = "What compiles (default: ${DEFAULT-VALUE}).")
  private String engine;

  @Mixin private FolderOptions place;

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'NAME: VALUE'",
      description = "A header field of the request; may be given several times.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "--policy",
      defaultValue = "chrome",
      paramLabel = "NAME",
      description =
          "When code is kept: chrome at the second load within 72 hours, firefox at the fourth,"
              + " eager at the first (default: ${DEFAULT-VALUE}).")
  private PolicyChoice policy;

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  CacheOptions() {}

  /** A new engine of the chosen kind. */
  Engine<?> engine() {
    try {
      return Engines.named(engine);
    } catch (IllegalArgumentException e) {
      throw wrong("--engine", e);
    }
  }

  String engineName() {
    return engine;
  }

  /** The folder, chosen or by default; it need not exist. */
  Path folder() {
    return place.folder();
  }

  /** Where the cache is, and how to print. */
  FolderOptions place() {
    return place;
  }

  String namespace() {
    return place.namespace();
  }

  PolicyChoice policy() {
    return policy;
  }

  boolean isJson() {
    return place.isJson();
  }

  /** A request for {@code url} with the fields given. */
  ResourceRequest request(String url) {
    ResourceRequest request = ResourceRequest.get(url);
    for (String header : headers) {
      int colon = header.indexOf(':');
      if (colon <= 0) {
        String form = "a field is 'Name: value', not '" + header + "'";
        throw wrong("--header", new IllegalArgumentException(form));
      }
      try {
        request = request.header(header.substring(0, colon), header.substring(colon + 1).trim());
      } catch (IllegalArgumentException e) {
        throw wrong("--header", e);
      }
    }
    return request;
  }

  private ParameterException wrong(String option, IllegalArgumentException fault) {
    return new ParameterException(spec.commandLine(), option + ": " + fault.getMessage(), fault);
  }
}
