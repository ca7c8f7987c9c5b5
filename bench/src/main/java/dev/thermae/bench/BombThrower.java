package dev.thermae.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask for code of one bomb after the other. Thread-safe. */
final class BombThrower implements AutoCloseable {
  private final int port;
  private final Map<String, String> fingerprints;
  private final AtomicInteger next;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, AtomicInteger> answers = new ConcurrentSkipListMap<>();

  /**
   * Begins.
   *
   * @param fingerprints by the names of engines
   * @param next number of a bomb, that none is thrown twice
   */
  BombThrower(int port, Map<String, String> fingerprints, AtomicInteger next, int clients) {
    this.port = port;
    this.fingerprints = fingerprints;
    this.next = next;
    for (int i = 0; i < clients; i++) {
      threads.add(new Thread(this::run, "bombs-" + i));
    }
    threads.forEach(Thread::start);
  }

  /** The value of {@code Accept} that asks for code. */
  static String accept(String fingerprint) {
    return "Accept: application/vnd.thermae.code; fp=" + fingerprint + ", */*;q=0.1";
  }

  private void run() {
    while (!closed.get()) {
      int n = next.getAndIncrement();
      Bomb bomb = Bomb.values()[n % Bomb.values().length];
      String outcome;
      try (HttpSocket socket = HttpSocket.open(port)) {
        String path = bomb.path(n);
        HttpSocket.Answer answer = socket.get(path, accept(fingerprints.get(bomb.engine)));
        boolean source = Arrays.equals(answer.body(), Bomb.source(path));
        outcome = answer.status() + (source ? " the source" : " SOMETHING ELSE");
      } catch (HttpFailure e) {
        outcome = e.toString();
      }
      answers.computeIfAbsent(bomb + ": " + outcome, key -> new AtomicInteger()).incrementAndGet();
    }
  }

  /** How requests for code of each bomb were answered. */
  Map<String, AtomicInteger> answers() {
    return answers;
  }

  /** Returns when no request is under way; compiles may be. */
  @Override
  public void close() throws InterruptedException {
    closed.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
