package dev.thermae.engine;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Prints which cases of {@link EngineContract} an adapter passed, how often, and which it did not.
 */
final class ContractList implements TestWatcher, AfterAllCallback {
  private final Map<String, Integer> passed = new TreeMap<>();
  private final Map<String, String> others = new TreeMap<>();

  @Override
  public void testSuccessful(ExtensionContext context) {
    if (isContract(context)) {
      passed.merge(name(context), 1, Integer::sum);
    }
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    note(context, "FAILED");
  }

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    note(context, "left out: " + cause.getMessage());
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    note(context, "left out: " + reason.orElse(""));
  }

  private void note(ExtensionContext context, String what) {
    if (isContract(context)) {
      others.put(name(context), what);
    }
  }

  private static boolean isContract(ExtensionContext context) {
    return context.getRequiredTestMethod().getDeclaringClass() == EngineContract.class;
  }

  private static String name(ExtensionContext context) {
    return context.getRequiredTestMethod().getName();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    StringBuilder line = new StringBuilder("engine contract on JDK ");
    line.append(Runtime.version().feature()).append(", ");
    line.append(context.getRequiredTestClass().getSimpleName().replace("Test", ""));
    line.append(": ").append(passed.size()).append(" cases passed: ");
    passed.forEach(
        (name, runs) -> line.append(name).append(runs > 1 ? " x " + runs : "").append(", "));
    others.forEach((name, what) -> line.append(name).append(' ').append(what).append(", "));
    System.out.println(line.substring(0, line.length() - 2));
  }
}
