package dev.thermae.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server as a process on the first processor, and wrk on the second. */
final class LoadedServer implements AutoCloseable {
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern COUNT = Pattern.compile("(\\d+) requests in");
  private static final Pattern LATE = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");
  private static final Pattern BAD = Pattern.compile("Non-2xx or 3xx responses|Socket errors");
  private static final long TICK_NANOS = 10_000_000; // USER_HZ is 100 wherever Linux runs

  private final ServerProcess process;

  private LoadedServer(ServerProcess process) {
    this.process = process;
  }

  /**
   * One measured stretch.
   *
   * @param rate requests a second
   * @param cpuMicros processor time of the server for a request
   * @param lateMillis that 99 of 100 requests took at most
   */
  record Stretch(double rate, double cpuMicros, double lateMillis) {}

  /** Starts it and waits until it listens. */
  static LoadedServer start(String name, int port, Path log, String... command) throws Exception {
    List<String> pinned = new ArrayList<>(List.of("taskset", "-c", "0"));
    pinned.addAll(List.of(command));
    return new LoadedServer(ServerProcess.start(name, port, log, pinned).awaitPort());
  }

  String name() {
    return process.name();
  }

  String url(String path) {
    return "http://127.0.0.1:" + process.port() + path;
  }

  /** Asks for {@code path} for so many seconds, with header fields. */
  Stretch load(String path, int seconds, String... fields) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("taskset", "-c", "1", "wrk", "-t1", "-c32", "--latency"));
    command.add("-d" + seconds + "s");
    for (String field : fields) {
      command.add("-H");
      command.add(field);
    }
    command.add(url(path));
    long before = cpuNanos();
    Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    long used = cpuNanos() - before;
    if (wrk.waitFor() != 0 || BAD.matcher(text).find()) {
      throw new IOException(name() + ' ' + path + ": " + text);
    }
    double count = number(COUNT, text);
    return new Stretch(number(RATE, text), used / 1e3 / count, late(text));
  }

  private static double number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("wrk says no " + pattern + ": " + text);
    }
    return Double.parseDouble(matcher.group(1));
  }

  private static double late(String text) {
    Matcher matcher = LATE.matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("wrk tells no latency: " + text);
    }
    double value = Double.parseDouble(matcher.group(1));
    return switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
      case "us" -> value / 1e3;
      case "ms" -> value;
      default -> value * 1e3;
    };
  }

  /** Of the process and its children. */
  private long cpuNanos() {
    try (Stream<ProcessHandle> family = process.family()) {
      return family.mapToLong(each -> cpuNanos(each.pid())).sum();
    }
  }

  private static long cpuNanos(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_NANOS;
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
