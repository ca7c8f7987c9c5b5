package dev.thermae.cli;

import dev.thermae.code.SigningKeys;
import dev.thermae.code.Source;
import dev.thermae.disk.BaseFolder;
import dev.thermae.engine.Engine;
import dev.thermae.http.CodeLoader;
import dev.thermae.http.CodeLoaderBuilder;
import dev.thermae.http.Precompiler;
import dev.thermae.http.compile.Engines;
import dev.thermae.http.report.Words;
import dev.thermae.http.resource.ResourceRequest;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thermae precompile}: code into a folder, before anybody loads it. */
@Command(
    name = "precompile",
    description = {
      "Compiles scripts into a cache folder, so that the first load of each is hot.",
      "",
      "Files are found again by what they contain, whatever they are called then; URLs as usual, by"
          + " URL and for as long as their responses are good. A script that fails is"
          + " told of, and the others are compiled all the same.",
      "",
      "Nothing is executed. V8 compiles most functions when they are first called: its code has the"
          + " others, until an application that runs it adds what it called (Compiled.ran).",
      "",
      "Code is good for the very build of the engine that made it, told by its jar, and the one in"
          + " thermae.jar is another than the application's. So put the application's class path"
          + " first:",
      "  java -cp APPLICATION:thermae.jar dev.thermae.cli.Main precompile ..."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {"", "Example:", "  thermae precompile --dir image/thermae --finish scripts/"})
final class Precompile implements Callable<Integer> {
  @Mixin private FolderOptions options;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR|FILE|URL",
      description = "What to compile; of folders all files that --match, links not followed.")
  private List<String> what;

  @Option(
      names = "--engine",
      defaultValue = "rhino",
      paramLabel = "NAME",
      description = "What compiles (default: ${DEFAULT-VALUE}).")
  private String engineName;

  @Option(
      names = "--match",
      paramLabel = "GLOB",
      description =
          "Which files of a folder (default: **.js, **.groovy, **.java, **.wasm, by engine).")
  private @Nullable String match;

  @Option(
      names = "--finish",
      description = {
        "Makes a base of the folder when all is compiled: readable for everybody, writable for"
            + " nobody. Folders above it that are made here are opened for everybody, too."
      })
  private boolean finishes;

  @Option(
      names = "--charset",
      defaultValue = "UTF-8",
      paramLabel = "NAME",
      description = "How the bytes of files become text (default: ${DEFAULT-VALUE}).")
  private Charset charset = StandardCharsets.UTF_8;

  private final Faults faults = new Faults();
  private final List<PrecompileReport.Script> scripts = new ArrayList<>();

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  Precompile() {}

  @Override
  public Integer call() throws FailedException {
    if (finishes && options.chosen() == null) {
      throw options.wrong("--finish", "makes a folder read-only: say which with --dir", null);
    }
    Engine<?> engine = engine();
    List<String> all = new ArrayList<>();
    for (String one : what) {
      all.addAll(isUrl(one) ? List.of(one) : files(Path.of(one)));
    }
    BaseParents parents = BaseParents.of(options.folder());
    compile(engine, all);
    long failed = count(Precompiler.Outcome.FAILED) + count(Precompiler.Outcome.NOT_KEPT);
    if (finishes && failed == 0) {
      finish(parents);
    } else if (finishes) {
      options.complain("not finished, as not every script has its code: " + options.folderName());
    }
    PrecompileReport report =
        new PrecompileReport(
            options.folderName(),
            engineName,
            count(Precompiler.Outcome.COMPILED),
            count(Precompiler.Outcome.FOUND),
            failed,
            scripts);
    options.print(report, text(report));
    return report.failed() == 0 ? 0 : 1;
  }

  private Engine<?> engine() {
    try {
      return Engines.named(engineName);
    } catch (IllegalArgumentException e) {
      throw options.wrong("--engine", String.valueOf(e.getMessage()), e);
    }
  }

  private void finish(BaseParents parents) throws FailedException {
    try {
      BaseFolder.finish(options.folder());
      for (Path closed : parents.open()) {
        options.complain(closed + " is closed to others, who so cannot reach the base in it");
      }
    } catch (IOException e) {
      throw new FailedException("no base can be made: " + e.getMessage(), e);
    }
  }

  private static boolean isUrl(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.startsWith("http://") || lower.startsWith("https://");
  }

  private List<String> files(Path path) throws FailedException {
    if (!Files.isDirectory(path)) {
      return List.of(path.toString());
    }
    String glob = match == null ? Engines.files(engineName) : match;
    PathMatcher matcher;
    try {
      matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (IllegalArgumentException e) {
      throw options.wrong("--match", String.valueOf(e.getMessage()), e);
    }
    try (Stream<Path> files = Files.walk(path)) {
      List<String> found =
          files
              .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .filter(matcher::matches)
              .map(Path::toString)
              .sorted()
              .toList();
      if (found.isEmpty()) {
        throw new FailedException("no file in " + path + " matches " + glob, null);
      }
      return found;
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new FailedException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  private <C> void compile(Engine<C> engine, List<String> all) throws FailedException {
    CodeLoaderBuilder<C> settings =
        CodeLoader.builder(engine)
            .directory(options.folder())
            .namespace(options.namespace())
            .listener(faults);
    SigningKeys keys = options.keys();
    if (keys != null) {
      settings.signed(keys);
    }
    try (Precompiler<C> precompiler = Precompiler.of(settings);
        Progress progress = Progress.of("precompile", all.size(), options.isJson())) {
      if (!precompiler.hasFolder()) {
        throw new FailedException("the folder cannot be used: " + options.folderName(), null);
      }
      for (String one : all) {
        tell(isUrl(one) ? precompiler.load(ResourceRequest.get(one)) : file(precompiler, one));
        progress.step();
      }
    }
  }

  private Precompiler.Result file(Precompiler<?> precompiler, String name) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of(name));
      return precompiler.compile(Source.of(name, bytes, charset));
    } catch (NoSuchFileException e) {
      String why = "there is no such file";
      return new Precompiler.Result(name, Precompiler.Outcome.FAILED, 0, 0, why);
    } catch (IOException e) {
      boolean denied = e instanceof AccessDeniedException;
      String why = "cannot be read: " + (denied ? "no permission" : e.getMessage());
      return new Precompiler.Result(name, Precompiler.Outcome.FAILED, 0, 0, why);
    }
  }

  private void tell(Precompiler.Result result) {
    String outcome = result.outcome().name().toLowerCase(Locale.ROOT);
    boolean unstored = result.why().equals(Precompiler.NOT_STORED) && !faults.last().isEmpty();
    String why = unstored ? result.why() + ": " + faults.last() : result.why();
    scripts.add(
        new PrecompileReport.Script(
            result.name(), outcome, result.sourceBytes(), Words.millis(result.nanos()), why));
    if (!why.isEmpty()) {
      options.complain(result.name() + ": " + why);
    }
  }

  private long count(Precompiler.Outcome outcome) {
    String name = outcome.name().toLowerCase(Locale.ROOT);
    return scripts.stream().filter(script -> script.outcome().equals(name)).count();
  }

  private static String text(PrecompileReport report) {
    StringBuilder text = new StringBuilder();
    for (PrecompileReport.Script script : report.scripts()) {
      if (script.why().isEmpty()) {
        text.append(
            String.format(
                Locale.ROOT,
                "%s: %s, %s, %s%n",
                script.name(),
                script.outcome(),
                Words.bytes(script.sourceBytes()),
                Words.millis(script.millis())));
      }
    }
    return text
        + String.format(
            Locale.ROOT,
            "%s: %,d compiled with %s, %,d found, %,d without code",
            report.folder(),
            report.compiled(),
            report.engine(),
            report.found(),
            report.failed());
  }
}
