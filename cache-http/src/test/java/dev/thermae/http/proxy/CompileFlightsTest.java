package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One compile for each name, a bounded number in all, and nobody waits for one that is over. */
class CompileFlightsTest {
  private static final byte[] CODE = {1};

  private static byte[] after(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
    return CODE;
  }

  @Test
  void theSameNameIsTheSameFlightUntilItEnds() {
    CountDownLatch gate = new CountDownLatch(1);
    try (CompileFlights flights = new CompileFlights(1)) {
      CompileFlights.Flight one = flights.join("a", () -> after(gate));
      assertThat(flights.join("a", () -> new byte[] {2})).isSameAs(one);
      assertThat(one.now()).isNull();
      assertThat(one.await(1, TimeUnit.MILLISECONDS)).isNull();
      gate.countDown();
      assertThat(one.await(1, TimeUnit.MINUTES)).isEqualTo(CODE);
      assertThat(one.now()).isEqualTo(CODE);
      CompileFlights.Flight next = flights.join("a", () -> new byte[] {2});
      assertThat(next.await(1, TimeUnit.MINUTES)).isEqualTo(new byte[] {2});
    }
  }

  @Test
  void whatFailsOrHasNoCodeEndsToo() {
    try (CompileFlights flights = new CompileFlights(1)) {
      assertThat(flights.join("none", () -> null).await(1, TimeUnit.MINUTES)).isNull();
      CompileFlights.Flight broken =
          flights.join(
              "broken",
              () -> {
                throw new IllegalStateException("on purpose");
              });
      assertThat(broken.await(1, TimeUnit.MINUTES)).isNull();
      assertThat(flights.join("a", () -> CODE).await(1, TimeUnit.MINUTES)).isEqualTo(CODE);
    }
  }

  @Test
  void moreThanAreQueuedAreRefusedAndAClosedOneFreesWhoWaits() {
    CountDownLatch never = new CountDownLatch(1);
    CompileFlights flights = new CompileFlights(1);
    CompileFlights.Flight last = null;
    int taken = 0;
    for (int i = 0; i < 400; i++) {
      CompileFlights.Flight flight = flights.join("unit " + i, () -> after(never));
      taken += flight == null ? 0 : 1;
      last = flight == null ? last : flight;
    }
    assertThat(taken).isEqualTo(257);
    flights.close();
    assertThat(last.await(1, TimeUnit.MINUTES)).isNull();
    assertThat(flights.join("later", () -> CODE)).isNull();
  }

  @Test
  void whoIsInterruptedHasNoCodeAndStaysInterrupted() {
    CountDownLatch gate = new CountDownLatch(1);
    try (CompileFlights flights = new CompileFlights(1)) {
      CompileFlights.Flight flight = flights.join("a", () -> after(gate));
      Thread.currentThread().interrupt();
      assertThat(flight.await(1, TimeUnit.MINUTES)).isNull();
      assertThat(Thread.interrupted()).isTrue();
      gate.countDown();
    }
  }
}
