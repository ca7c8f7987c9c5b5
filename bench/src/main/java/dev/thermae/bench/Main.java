package dev.thermae.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The command of the benchmark jar: our own measurements by name, everything else is JMH's. */
public final class Main {
  private static final String USAGE =
      """
      Benchmarks of Thermae. JAR stands for java -jar bench/target/thermae-bench.jar.

      JAR ColdWarmHot           load and first run of six libraries, each once per fresh JVM:
                                cold, warm, hot, and Rhino without a cache, default and
                                interpreted (some 10 minutes)
      JAR ColdWarmHot -p script=lodash,typescript
                                the same for some of them
      JAR IsolateHit            compile of the same source again in one isolate, beside
                                Caffeine alone, by one and by two threads (4 minutes)
      JAR CachedHit             a fresh response from the HTTP cache of a client, ours beside
                                OkHttp's, Methanol's and Apache's, disk and memory (9 minutes)
      JAR hot-read              reading code of 2 KB to 1 MB from the disk tier, in turns with its
                                floor in one process: at 20 KB at most 1.3 times (a minute)
      JAR hot-put               publishing code of 20 KB to 1 MB, in turns with plain files and
                                RocksDB in one process, wall and CPU time (half a minute)
      JAR "StoreRead|StorePut" -rf csv -rff stores.csv
                                reads and puts beside RocksDB, LMDB, MVStore, Chronicle Map and
                                plain files (20 minutes)
      JAR store-table stores.csv
                                the tables of such a run, with what each store is safe from
      JAR scale [N]             a folder of 1,000 entries beside one of N, 1,000,000 unless told:
                                look-up, miss, first hot load, blocks and inodes (needs some 13 GB
                                and 3 N inodes in the temporary folder, and half an hour)
      JAR proxy-hits [JAR] [N]  cached hits of the proxy beside nginx's, as requests a second and CPU
                                time of a request, in turns, N rounds, 7 unless told; JAR is the
                                command, cache-http/target/thermae.jar unless told. Needs nginx,
                                wrk and taskset (7 minutes)
      JAR proxy-slow [JAR] [N] [SECONDS] [KINDS]
                                cached hits of the proxy alone and beside 1,000 slow connections,
                                in turns, N pairs of so many seconds, 5 of 25 unless told; KINDS are
                                of HEAD, BODY, ANSWER, IDLE, SETTINGS, WINDOW, HELLO, HELLO_SLOWLY
                                (12 minutes)
      JAR proxy-kill [JAR] [N]  the proxy killed under load and started again, N times, 20 unless
                                told: wrong bodies, and seconds until its hits are back (3 minutes)
      JAR proxy-takeover [JAR] [REQUESTS] [N]
                                new processes take over under load, N times and until so many
                                requests were made, 10 and 100,000 unless told: how many fail
                                (2 minutes)
      JAR proxy-bombs [JAR] [N] [SECONDS] [SETTINGS]
                                cached hits alone and while code of bombs is asked for, in turns, N
                                pairs of so many seconds, 5 of 20 unless told; SETTINGS are lines of
                                the proxy's, such as compile.niceness=0 (6 minutes)
      JAR rhino-forms [N]       steady state of interpreter code and of class files beside Rhino's
                                default mode: calls, loops and text, a JVM for each, in turns, N
                                rounds, 7 unless told (6 minutes)
      JAR -l                    all JMH benchmarks; JAR -h lists JMH's options
      JAR engines               load and first run of real programs on other engines, a new JVM per
                                shot: SQLite as WebAssembly, three.js on QuickJS, commons-lang3 by
                                javac, a class by Janino, CodeNarc by Groovy, Babel and TypeScript
                                on V8, TypeScript on Rhino; compiled, from an engine's own cache,
                                and hot; with bytes stored. Needs npm and tar (10 minutes)
          --only A,B            of sqlite, three, lang3, janino, codenarc, v8-babel, v8-typescript,
                                rhino-typescript, rhino-transpile
          --shots N             shots a way, instead of 5
          --inputs FOLDER       keeps what npm fetched, instead of bench/target/inputs
      JAR nashorn [N] [A,B]     load and first run of lodash, moment, handlebars, acorn and typescript,
                                or A and B alone, on Rhino with this cache, beside Nashorn with its
                                persistent code cache, in all its modes; N shots, 5 unless told;
                                with what each takes on disk (15 minutes, 2 GB)
      JAR fresh-process         a new JVM per shot: a hot load with the shipped defaults beside
                                reading and checking the same files, wall and CPU time (3 minutes)
          --scripts A,B         instead of moment,lodash,typescript
          --shots N             shots per side, instead of 21
          --processors 0,1      settings of -XX:ActiveProcessorCount, 0 for none
          --rhino-first         initialise Rhino (Context and scope) before the clock starts
          --one-history         no look-ups of different numbers before each pair of shots
          --classes             list the classes that the hot load needs beyond the other side

      On a machine with other work to do trust ratios and differences, not single figures.""";

  private Main() {}

  /** Runs what the first argument says. */
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (args.length == 0) {
      out.println(USAGE);
    } else if (args[0].equals("fresh-process")) {
      new FreshProcess(out, Options.parse(Arrays.copyOfRange(args, 1, args.length))).run();
    } else if (args[0].equals("engines")) {
      new EngineTable(out, EngineTableOptions.parse(args)).run();
    } else if (args[0].equals("hot-read")) {
      new HotRead(out, 2_048, 20_480, 102_400, 1_048_576).run();
    } else if (args[0].equals("hot-put")) {
      new HotPut(out).run(20_480, 102_400, 1_048_576);
    } else if (args[0].equals("proxy-hits")) {
      Path jar = Path.of(args.length > 1 ? args[1] : "cache-http/target/thermae.jar");
      int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 7;
      new ProxyHits(out, jar, rounds, 3).run();
    } else if (args[0].startsWith("proxy-")) {
      rig(out, args);
    } else if (args[0].equals("store-table")) {
      new StoreTable(out).print(Path.of(args[1]));
    } else if (args[0].equals("scale")) {
      new Scale(out, args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000).run();
    } else if (args[0].equals("rhino-forms")) {
      new RhinoForms(out, args.length > 1 ? Integer.parseInt(args[1]) : 7).run();
    } else if (args[0].equals("nashorn")) {
      int shots = args.length > 1 ? Integer.parseInt(args[1]) : 5;
      List<String> scripts =
          args.length > 2 ? List.of(args[2].split(",", -1)) : NashornTable.SCRIPTS;
      new NashornTable(out, shots, scripts).run();
    } else {
      org.openjdk.jmh.Main.main(args);
    }
  }

  /** NAME [JAR] [N] [M]. */
  private static void rig(PrintStream out, String[] args) throws Exception {
    String jar = args.length > 1 ? args[1] : "cache-http/target/thermae.jar";
    ServeCommand serve = ServeCommand.jar(Path.of(jar));
    switch (args[0]) {
      case "proxy-slow" -> {
        ProxySlow.Settings settings =
            ProxySlow.Settings.full(number(args, 2, 5), number(args, 3, 25));
        if (args.length > 4) {
          List<String> kinds = List.of(args[4].split(",", -1));
          new ProxySlow(out, serve, settings.with(kinds.stream().map(SlowKind::valueOf).toList()))
              .run();
        } else {
          new ProxySlow(out, serve, settings).run();
          new ProxySlow(out, serve, settings.with(SlowKind.ofTls())).run();
        }
      }
      case "proxy-kill" ->
          new ProxyKill(out, serve, ProxyKill.Settings.full(number(args, 2, 20))).run();
      case "proxy-takeover" ->
          new ProxyTakeover(
                  out,
                  serve,
                  ProxyTakeover.Settings.full(number(args, 2, 100_000), number(args, 3, 10)))
              .run();
      case "proxy-bombs" -> {
        String more = args.length > 4 ? args[4] : "";
        ProxyBombs.Settings settings =
            ProxyBombs.Settings.full(number(args, 2, 5), number(args, 3, 20), more);
        new ProxyBombs(out, serve, settings).run();
      }
      default -> throw new IllegalArgumentException("no such rig: " + args[0]);
    }
  }

  private static int number(String[] args, int at, int otherwise) {
    return args.length > at ? Integer.parseInt(args[at]) : otherwise;
  }
}
