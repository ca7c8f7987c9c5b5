package dev.thermae.code;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Who holds public keys alone makes nothing that is believed. {@link Forgery} run as a program
 * tries 10,000 times, or as often as it is told; here a slice.
 */
class ForgeryTest {
  @Test
  void nothingThatIsMadeWithoutTheKeyIsBelieved() {
    assertThat(new Forgery(1).believed(500)).isEmpty();
  }

  /** The same tries with the key succeed: the test can fail. */
  @Test
  void whatIsMadeWithTheKeyIs() {
    assertThat(new Forgery(1).isGenuineBelieved()).isTrue();
  }
}
