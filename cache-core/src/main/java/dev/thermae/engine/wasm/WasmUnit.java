package dev.thermae.engine.wasm;

import com.dylibso.chicory.runtime.CompiledModule;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.WasmModule;
import dev.thermae.engine.ClassBundle;
import java.util.function.Function;

/**
 * A WebAssembly module with the classes its functions were compiled to. Immutable and thread-safe;
 * an {@link Instance} of it is not.
 *
 * <p>The module is complete but for what only the compiler reads: bodies of compiled functions,
 * names of functions and debug information. Restored or just compiled, it is the same.
 */
public final class WasmUnit implements CompiledModule {
  private final String name;
  private final WasmModule module;
  private final CompiledMachines machines;
  private final ClassBundle bundle;

  WasmUnit(String name, WasmModule module, CompiledMachines machines, ClassBundle bundle) {
    this.name = name;
    this.module = module;
    this.machines = machines;
    this.bundle = bundle;
  }

  /** Name of the source that this unit was loaded for. */
  public String name() {
    return name;
  }

  /** A builder of instances that run the compiled functions; imports are still to be given. */
  public Instance.Builder instance() {
    return Instance.builder(module).withMachineFactory(machineFactory());
  }

  @Override
  public WasmModule wasmModule() {
    return module;
  }

  @Override
  public Function<Instance, Machine> machineFactory() {
    return new Function<>() {
      @Override
      public Machine apply(Instance instance) {
        return machine(instance);
      }
    };
  }

  @SuppressWarnings("ReferenceEquality") // comparing modules piece by piece takes long
  private Machine machine(Instance instance) {
    if (instance.module() != module) {
      throw new IllegalArgumentException("an instance of another module than " + name);
    }
    return machines.create(instance);
  }

  ClassBundle bundle() {
    return bundle;
  }
}
