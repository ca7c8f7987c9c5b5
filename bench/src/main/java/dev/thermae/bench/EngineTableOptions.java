package dev.thermae.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * How {@link EngineTable} measures.
 *
 * @param only names of workloads; empty for all
 * @param inputs folder that keeps what npm fetched
 */
record EngineTableOptions(List<String> only, int shots, Path inputs) {
  boolean takes(String name) {
    return only.isEmpty() || only.contains(name);
  }

  static EngineTableOptions parse(String[] args) {
    List<String> only = List.of();
    int shots = 5;
    Path inputs = Path.of("bench", "target", "inputs");
    for (int i = 1; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value");
      }
      String value = args[i + 1];
      switch (args[i]) {
        case "--only" -> only = List.of(value.split(",", -1));
        case "--shots" -> shots = Integer.parseInt(value);
        case "--inputs" -> inputs = Path.of(value);
        default -> throw new IllegalArgumentException("no such option: " + args[i]);
      }
    }
    only.forEach(Workload::named);
    return new EngineTableOptions(only, shots, inputs);
  }
}
