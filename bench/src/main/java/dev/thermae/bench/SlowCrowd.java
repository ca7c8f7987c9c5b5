package dev.thermae.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that are slow, hundreds at a time, from an address of their own, moved by one thread.
 * Whoever is thrown out is replaced, until the crowd is told to come no more.
 */
final class SlowCrowd implements AutoCloseable {
  private static final long SECOND = 1_000_000_000;
  private static final String FROM = "127.0.0.2";

  private final int port;
  private final int size;
  private final List<SlowKind> kinds;
  private final Map<SlowKind, List<Double>> ended = new EnumMap<>(SlowKind.class);
  private final List<Member> members = new ArrayList<>();
  private final ByteBuffer bin = ByteBuffer.allocate(64 << 10);
  private final Thread thread = new Thread(this::move, "slow-crowd");
  private int opened;
  private int refused;
  private volatile int present;
  private volatile boolean comes = true;
  private volatile boolean closed;

  SlowCrowd(int port, int size, List<SlowKind> kinds) {
    this.port = port;
    this.size = size;
    this.kinds = kinds;
    thread.setDaemon(true);
    thread.start();
  }

  /** One of them. */
  private static final class Member {
    final SlowKind kind;
    final SocketChannel channel;
    final long since = System.nanoTime();
    int seconds;

    Member(SlowKind kind, SocketChannel channel) {
      this.kind = kind;
      this.channel = channel;
    }

    double age() {
      return (System.nanoTime() - since) / 1e9;
    }
  }

  /** Waits until they are as many as they are to be, for half a minute at most. */
  SlowCrowd gather() {
    long end = System.nanoTime() + 30 * SECOND;
    while (present < size && System.nanoTime() < end) {
      LockSupport.parkNanos(SECOND / 20);
    }
    return this;
  }

  /** No more come; waits until all were thrown out, for so long at most. How many were not. */
  int leave(double seconds) throws InterruptedException {
    comes = false;
    long end = System.nanoTime() + (long) (seconds * SECOND);
    while (present > 0 && System.nanoTime() < end) {
      LockSupport.parkNanos(SECOND / 20);
    }
    closed = true;
    thread.join();
    return present;
  }

  private void move() {
    try (Selector selector = Selector.open()) {
      while (!closed) {
        while (comes && members.size() < size && !closed) {
          join(selector, kinds.get(opened % kinds.size()));
        }
        selector.select(50);
        Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
        while (ready.hasNext()) {
          Member member = (Member) ready.next().attachment();
          ready.remove();
          read(member);
        }
        tick();
        members.removeIf(member -> !member.channel.isOpen());
        present = members.size();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      members.forEach(SlowCrowd::drop);
    }
  }

  private void join(Selector selector, SlowKind kind) throws IOException {
    opened++;
    SocketChannel channel = SocketChannel.open();
    try {
      if (!kind.reads()) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
      }
      channel.bind(new InetSocketAddress(FROM, 0));
      channel.connect(new InetSocketAddress("127.0.0.1", port));
    } catch (IOException e) {
      refused++;
      channel.close();
      return;
    }
    channel.configureBlocking(false);
    Member member = new Member(kind, channel);
    members.add(member);
    if (kind.reads()) {
      channel.register(selector, SelectionKey.OP_READ, member);
    }
    write(member, kind.opening());
  }

  /** Each goes on once a second, all at times of their own. */
  private void tick() {
    long now = System.nanoTime();
    for (Member member : members) {
      if (now - member.since > (member.seconds + 1) * SECOND) {
        member.seconds++;
        ByteBuffer next = member.kind.next(member.seconds);
        if (next != null && member.channel.isOpen()) {
          write(member, next);
        }
      }
    }
  }

  private void write(Member member, ByteBuffer bytes) {
    try {
      member.channel.write(bytes);
    } catch (IOException e) {
      end(member);
    }
  }

  private void read(Member member) {
    try {
      bin.clear();
      if (member.channel.read(bin) < 0) {
        end(member);
      }
    } catch (IOException e) {
      end(member);
    }
  }

  private void end(Member member) {
    ended.computeIfAbsent(member.kind, kind -> new ArrayList<>()).add(member.age());
    drop(member);
  }

  private static void drop(Member member) {
    try {
      member.channel.close();
    } catch (IOException e) {
      // it is gone
    }
  }

  /** How many were thrown out, when, and which limit does that; after {@link #leave}. */
  void print(PrintStream out) {
    out.println("  " + opened + " slow connections, " + refused + " not accepted");
    for (SlowKind kind : kinds) {
      double[] ages = ages(kind);
      long left = members.stream().filter(member -> member.kind == kind).count();
      String when =
          ages.length == 0
              ? ""
              : String.format(
                  Locale.ROOT,
                  " after %.1f s (%.1f to %.1f)",
                  ages[ages.length / 2],
                  ages[0],
                  ages[ages.length - 1]);
      out.println(
          "  "
              + kind.words
              + ": the proxy closed "
              + ages.length
              + when
              + ", "
              + kind.limit
              + (left > 0 ? "; " + left + " STILL THERE" : ""));
    }
  }

  private double[] ages(SlowKind kind) {
    return ended.getOrDefault(kind, List.of()).stream().mapToDouble(age -> age).sorted().toArray();
  }

  /** How many of a kind were thrown out; after {@link #leave}. */
  int ended(SlowKind kind) {
    return ages(kind).length;
  }

  @Override
  public void close() {
    closed = true;
  }
}
