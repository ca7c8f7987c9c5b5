package dev.thermae.samples;

/** The demonstration. */
public final class Quickstart {
  private Quickstart() {}

  /** Runs the demonstration. */
  public static void main(String[] args) {
    System.out.println("quickstart: nothing to show yet");
  }
}
