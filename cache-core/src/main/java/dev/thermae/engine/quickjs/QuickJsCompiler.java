package dev.thermae.engine.quickjs;

import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import io.roastedroot.quickjs4j.core.Engine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import run.endive.wasm.WasmEngineException;

/** Compiles in a QuickJS of its own, since one that has refused a source is finished. Stateless. */
final class QuickJsCompiler {
  /** What is printed when a source is refused; the rest tells of Rust. */
  private static final Pattern REFUSAL =
      Pattern.compile(
          "value: (?:Error: )?(.*?)\\n +at function\\.mjs:(\\d+):(\\d+)", Pattern.DOTALL);

  private QuickJsCompiler() {}

  static byte[] compile(Source source, String prologue) {
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    try (Engine engine = Engine.builder().withCache(NoCache.INSTANCE).withStderr(errors).build()) {
      String text = prologue + source.text();
      int code = engine.compileRaw(text.getBytes(StandardCharsets.UTF_8));
      return engine.readCompiled(code);
    } catch (IllegalArgumentException e) {
      throw refused(source, errors.toString(StandardCharsets.UTF_8), e);
    } catch (WasmEngineException | StackOverflowError e) {
      throw new CompileException(String.valueOf(e.getMessage()), source.name(), 0, 0, e);
    }
  }

  private static CompileException refused(Source source, String printed, Throwable cause) {
    Matcher found = REFUSAL.matcher(printed);
    if (!found.find()) {
      return new CompileException(printed.strip(), source.name(), 0, 0, cause);
    }
    return new CompileException(
        found.group(1), source.name(), number(found.group(2)), number(found.group(3)), cause);
  }

  private static int number(String digits) {
    return digits.length() > 9 ? 0 : Integer.parseInt(digits);
  }
}
