package dev.thermae.cli;

/** The {@code thermae} command. */
public final class Main {
  private Main() {}

  /** Runs the command. */
  public static void main(String[] args) {
    System.out.println("thermae " + args.length);
  }
}
