package dev.thermae.engine.quickjs;

import dev.thermae.code.Source;
import java.util.List;

/** Modules that use what the language has gained since Rhino's. */
final class QuickJsFeatures {
  private QuickJsFeatures() {}

  static List<Source> all() {
    return List.of(
        Source.of(
            "classes.js",
            """
            class A { #x = 1; static s = 2; get x() { return this.#x } static { A.t = 3 } }
            class B extends A { constructor() { super(); this.y = super.x } *[Symbol.iterator]() {
              yield this.y; yield* [A.s, A.t] } }
            host.result([...new B()].join())
            """),
        Source.of(
            "syntax.js",
            """
            const { a, ...rest } = { a: 1, b: { c: [2, 3] } };
            const [x = 5, [y] = [6]] = [];
            const tag = (s, ...v) => s.raw.join('|') + v.join();
            outer: for (const i of [1, 2]) { for (;;) { if (i == 1) continue outer; break outer } }
            const date = /(?<y>\\d{4})-(?<m>\\d\\d)/.exec('on 2026-11').groups;
            host.result(JSON.stringify([rest?.b?.c?.at(-1), x ?? 0, y, tag`p${a}q`, 2n ** 70n + '',
              date.y, 'ä€𝄞'.length, new Map([[1, 2]]).size, null?.q, typeof this, 0.1 + 0.2]))
            """),
        Source.of(
            "later.js",
            """
            const order = [];
            async function f() { order.push(1); await null; order.push(3); return 4 }
            const p = f(); order.push(2);
            order.push(await p);
            for await (const v of (async function* () { yield 5 })()) order.push(v);
            host.result(order.join())
            """),
        Source.of(
            "closures.js",
            """
            var fs = []; for (let i = 0; i < 3; i++) fs.push(() => i);
            function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) }
            let caught; try { null.f } catch ({ name }) { caught = name } finally { caught += '!' }
            const proxy = new Proxy({}, { get: (_, k) => k.toUpperCase() });
            host.result([fs.map(f => f()), fib(12), caught, proxy.key].join(';'))
            """));
  }
}
