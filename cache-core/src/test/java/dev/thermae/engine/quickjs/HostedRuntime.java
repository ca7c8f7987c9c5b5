package dev.thermae.engine.quickjs;

import io.roastedroot.quickjs4j.core.Builtins;
import io.roastedroot.quickjs4j.core.Engine;
import io.roastedroot.quickjs4j.core.GuestException;
import java.util.concurrent.Callable;

/** A runtime with {@code host.result(text)} and {@code host.callback()}. Used by one thread. */
final class HostedRuntime {
  private final QuickJsRuntime runtime;
  private Callable<String> callback = () -> "";
  private String result = "undefined";

  HostedRuntime() {
    Builtins host =
        Builtins.builder("host")
            .addStringToVoid("result", text -> result = text)
            .addVoidToString("callback", this::call)
            .build();
    runtime = QuickJsRuntime.over(Engine.builder().addBuiltins(host).build());
  }

  private String call() {
    try {
      return callback.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * What the unit gave as its result.
   *
   * @throws GuestException when it throws, after which this is finished
   */
  String run(QuickJsUnit unit, Callable<String> calls) {
    callback = calls;
    result = "undefined";
    runtime.run(unit);
    return result;
  }

  String output() {
    return runtime.output();
  }
}
