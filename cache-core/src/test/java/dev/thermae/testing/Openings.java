package dev.thermae.testing;

import java.lang.management.ManagementFactory;
import java.util.List;

/** The options of this JVM that a child needs to use Chronicle Map as this one does. */
public final class Openings {
  private Openings() {}

  /** Options that open modules. */
  public static List<String> ofThisJvm() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(
            option ->
                option.startsWith("--add-")
                    || option.startsWith("--enable-native")
                    || option.startsWith("--sun-misc"))
        .toList();
  }
}
