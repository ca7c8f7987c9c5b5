package dev.thermae.cli;

import org.slf4j.LoggerFactory;

/**
 * Makes warnings one line on standard error, whichever way they are logged, and the libraries
 * silent, for which one of them has to do without something. What the user set before is left
 * alone.
 */
final class Logging {
  private Logging() {}

  /** To be called before anything is logged. */
  static void configure() {
    // In a place of its own, so that the library brings no configuration to anybody else's program.
    setUnlessSet("logback.configurationFile", "dev/thermae/cli/logback.xml");
    // Else Kryo takes sun.misc.Unsafe, of which newer JDKs warn in four lines.
    setUnlessSet("kryo.unsafe", "false");
    setUnlessSet("java.util.logging.SimpleFormatter.format", "thermae: %4$s: %5$s%n");
  }

  /** To be called before several threads log: SLF4J reports it when they meet at its start. */
  static void start() {
    LoggerFactory.getILoggerFactory();
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
