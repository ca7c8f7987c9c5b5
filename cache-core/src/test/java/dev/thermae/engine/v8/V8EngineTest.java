package dev.thermae.engine.v8;

import dev.thermae.code.Source;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineContract;
import dev.thermae.engine.EngineSamples;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;

final class V8EngineTest extends EngineContract<V8Unit> {
  private final Runtimes runtimes = new Runtimes();

  @AfterEach
  void close() {
    runtimes.close();
  }

  @Override
  protected Engine<V8Unit> engine() {
    return V8Engine.of(runtimes.next());
  }

  @Override
  protected Engine<V8Unit> engineWithOtherOptions() {
    return V8Engine.of(runtimes.fromSnapshot());
  }

  /** V8 writes what it happens to hold, hashes of strings by a seed of the runtime's included. */
  @Override
  protected boolean hasReproducibleBytes() {
    return false;
  }

  @Override
  protected EngineSamples samples() {
    return new EngineSamples(
        List.of(
            Source.of(
                "features.js",
                """
                (() => {
                  class A { #x = 1; static s = 2n; get x() { return this.#x; } async f() {} }
                  function* g(n) { for (let i = 0; i < n; i++) yield i ** 2; }
                  const {a, ...rest} = {a: /x(?<y>z)/gu, b: 1, c: [1, 2]};
                  label: for (const k of g(9)) { if (k > 20) break label; }
                  const t = (s, ...v) => s.raw.join('|') + v;
                  return [new A().x, A.s, [...g(4)], a.flags, JSON.stringify(rest), t`p${1}\\n`,
                    a?.missing ?? 'none', typeof Symbol.iterator, eval('1 + 1')].join();
                })()
                """),
            Source.of("unicode.js", "'\u00e4\u20ac' + '\ud83d\ude00'.length"),
            Source.of("empty.js", ""),
            Source.of("lazy.js", "(() => { function never() { return 1; } return 2; })()"),
            Source.of("top.js", "var counter = 1; counter + 1")),
        Source.of("text.js", "var x;\nfunction  f ( a ) { /* kept */\n return a }\nf.toString()"),
        Source.of("failing.js", "function f() {\n  throw new TypeError('on purpose');\n}\nf();"),
        2,
        Source.of("invalid.js", "var a = 1;\nvar b = ;\n"),
        2,
        Source.of("calling.js", "(function () { return '' + callback(); })()"),
        Source.of("small.js", "(function f(a) { return /x/g.test(a) ? [a, 1.5] : 2n; })('x') + 1"));
  }

  @Override
  protected String run(V8Unit unit, Callable<String> callback) {
    return Runtimes.run(unit, callback);
  }
}
