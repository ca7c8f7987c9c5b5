package dev.thermae.engine.v8;

import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.V8Runtime;
import java.nio.file.Path;

/** A process that keeps V8's library in a folder and runs a script. */
final class LibraryProcess {
  private LibraryProcess() {}

  public static void main(String[] arguments) throws Exception {
    System.out.println(V8Library.keepIn(Path.of(arguments[0])));
    try (V8Runtime runtime = V8Host.getV8Instance().createV8Runtime()) {
      System.out.println(runtime.getExecutor("6 * 7").executeInteger());
    }
  }
}
