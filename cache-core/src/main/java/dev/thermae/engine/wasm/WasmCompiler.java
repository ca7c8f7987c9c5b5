package dev.thermae.engine.wasm;

import com.dylibso.chicory.compiler.internal.ByteClassCollector;
import com.dylibso.chicory.compiler.internal.Compiler;
import com.dylibso.chicory.compiler.internal.CompilerResult;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import dev.thermae.code.Source;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.RestoreException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.MethodTooLargeException;

/**
 * Compiles a module to a bundle that holds its outline too. Chicory's compiler is called past its
 * cache, whose jars do not say which functions are left to the interpreter. Stateless.
 */
final class WasmCompiler {
  /** The outline's place among the classes of a bundle; no class has such a name. */
  static final String OUTLINE = "/module";

  private WasmCompiler() {}

  static ClassBundle compile(Source source, WasmOptions options) {
    WasmModule module = parse(source);
    try {
      CompilerResult result =
          Compiler.builder(module)
              .withMaxFunctionsPerClass(options.functionsPerClass())
              .withInterpreterFallback(options.fallback())
              .withInterpretedFunctions(options.interpreted())
              .withClassCollectorFactory(ByteClassCollector::new)
              .build()
              .compile();
      Map<String, byte[]> classes = new TreeMap<>();
      for (Map.Entry<String, byte[]> each : result.classBytes().entrySet()) {
        classes.put(each.getKey().replace('/', '.'), each.getValue());
      }
      Set<Integer> kept = defined(module, result.interpretedFunctions());
      classes.put(OUTLINE, ModuleOutline.of(source.bytes(), kept));
      return ClassBundle.of(result.collector().mainClassName(), classes);
    } catch (ChicoryException | MethodTooLargeException | ClassTooLargeException e) {
      throw error(source, e);
    } catch (RestoreException e) {
      throw error(source, e);
    }
  }

  /** Whatever goes wrong here, the bytes are at fault. */
  private static WasmModule parse(Source source) {
    try {
      return Parser.parse(source.bytes());
    } catch (RuntimeException | StackOverflowError e) {
      throw error(source, e);
    }
  }

  /** Numbers of functions without the imported ones, which come first. */
  private static Set<Integer> defined(WasmModule module, Set<Integer> functions) {
    int imported = module.importSection().count(ExternalType.FUNCTION);
    Set<Integer> defined = new HashSet<>();
    for (Integer each : functions) {
      defined.add(each - imported);
    }
    return defined;
  }

  private static CompileException error(Source source, Throwable fault) {
    return new CompileException(String.valueOf(fault.getMessage()), source.name(), 0, 0, fault);
  }
}
