package dev.thermae.bench;

import java.util.ArrayList;
import java.util.List;

/** How {@code fresh-process} measures. */
record Options(
    List<String> scripts,
    int shots,
    List<Integer> processors,
    boolean rhinoFirst,
    boolean oneHistory,
    boolean classes) {

  static Options parse(String[] args) {
    List<String> scripts = List.of("moment", "lodash", "typescript");
    List<Integer> processors = List.of(0, 1);
    int shots = 21;
    boolean rhinoFirst = false;
    boolean oneHistory = false;
    boolean classes = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--scripts" -> scripts = List.of(value(args, ++i).split(",", -1));
        case "--shots" -> shots = Integer.parseInt(value(args, ++i));
        case "--processors" -> processors = numbers(value(args, ++i));
        case "--rhino-first" -> rhinoFirst = true;
        case "--one-history" -> oneHistory = true;
        case "--classes" -> classes = true;
        default -> throw new IllegalArgumentException("no such option: " + args[i]);
      }
    }
    return new Options(scripts, shots, processors, rhinoFirst, oneHistory, classes);
  }

  private static String value(String[] args, int at) {
    if (at >= args.length) {
      throw new IllegalArgumentException(args[at - 1] + " needs a value");
    }
    return args[at];
  }

  private static List<Integer> numbers(String text) {
    List<Integer> numbers = new ArrayList<>();
    for (String number : text.split(",", -1)) {
      numbers.add(Integer.valueOf(number));
    }
    return numbers;
  }
}
