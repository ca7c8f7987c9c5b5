package dev.thermae.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server as a process that listens on a port of this machine. */
final class ServerProcess implements AutoCloseable {
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final int TRIES = 1200;

  private final String name;
  private final int port;
  private final Path log;
  private final Process process;

  private ServerProcess(String name, int port, Path log, Process process) {
    this.name = name;
    this.port = port;
    this.log = log;
    this.process = process;
  }

  /** Starts it; what it prints goes to {@code log}. */
  static ServerProcess start(String name, int port, Path log, List<String> command)
      throws IOException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new ServerProcess(name, port, log, process);
  }

  /** A port that nobody listens on now. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private interface Condition {
    boolean isMet() throws IOException;
  }

  /** Waits until somebody listens on its port. */
  ServerProcess awaitPort() throws IOException, InterruptedException {
    return await("does not listen", this::listens);
  }

  /** Waits until it has printed {@code text}. */
  ServerProcess awaitPrinted(String text) throws IOException, InterruptedException {
    return await("does not say " + text, () -> printed().contains(text));
  }

  private ServerProcess await(String otherwise, Condition condition)
      throws IOException, InterruptedException {
    for (int tries = 0; !condition.isMet(); tries++) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS) || tries > TRIES) {
        process.destroyForcibly();
        throw new IOException(name + ' ' + otherwise + ": " + printed());
      }
    }
    return this;
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** All that it printed so far. */
  String printed() throws IOException {
    return Files.readString(log);
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  /** Itself and all that it started. */
  Stream<ProcessHandle> family() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants());
  }

  /** Memory that is in use, in bytes, without that of its children; 0 where nobody tells. */
  long residentBytes() throws IOException {
    try {
      Path status = Path.of("/proc", Long.toString(process.pid()), "status");
      Matcher matcher = RESIDENT.matcher(Files.readString(status));
      return matcher.find() ? Long.parseLong(matcher.group(1)) << 10 : 0;
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL; returns when it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM; does not wait. */
  void terminate() {
    process.destroy();
  }

  /** Waits for its end; false when it lives on after so many seconds. */
  boolean ends(int seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    terminate();
    try {
      ends(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
