package dev.thermae.engine.rhino;

import dev.thermae.code.Source;
import dev.thermae.engine.EngineSamples;
import java.util.ArrayList;
import java.util.List;

/** A source for everything that Rhino's interpreter code can hold. */
final class RhinoFeatures {
  private RhinoFeatures() {}

  static List<Source> all() {
    List<Source> sources = new ArrayList<>();
    sources.add(Source.of("many-functions.js", manyFunctions()));
    for (String[] feature : SMALL) {
      sources.add(Source.of(feature[0] + ".js", feature[1]));
    }
    sources.add(Source.of("long-jumps.js", longJumps()));
    sources.add(Source.of("nested-200.js", nested(200)));
    sources.add(Source.of("large-function.js", largeFunction()));
    sources.add(Source.of("many-constants.js", manyConstants()));
    return sources;
  }

  static EngineSamples samples() {
    return new EngineSamples(
        all(),
        Source.of("text.js", "var x;\nfunction  f ( a ) { /* kept */\n return a }\nf.toString()"),
        Source.of("failing.js", "function f() {\n  throw new TypeError('on purpose');\n}\nf();"),
        2,
        Source.of("invalid.js", "var a = 1;\nvar b = ;\n"),
        2,
        Source.of("calling.js", "(function () { return '' + callback(); })()"),
        Source.of(
            "small.js",
            "var n = 0; function f(a) { return /x/g.test(a) ? [a, 1.5, {k: `t${a}`}] : 2n; }"
                + " for (var i = 0; i < 3; i++) try { n += f('x' + i).length } finally { n-- } n"));
  }

  private static final String[][] SMALL = {
    {"empty", ""},
    {"comment", "// nothing"},
    {"completion", "var x = 1; x + 1"},
    {
      "regexps",
      "[/a.c/, /b/g, /C/i, /^d$/m, /e.f/s, /g/y, /\\u{1F600}/u, /[\\/\\]x]+/gim]"
          + ".map(function (r) { return r.source + '|' + r.flags + '|' + r.lastIndex"
          + " + r.test('abc\\nd\\ne\\nf'); }).join()"
    },
    {
      "regexp-state",
      "function f() { return /a/g; } var a = f(); a.test('xa');"
          + "[a.lastIndex, f().lastIndex, a === f()].join()"
    },
    {
      "regexp-groups",
      "var m = /(?<year>\\d+)-(?<month>\\d+)/.exec('on 2026-11');"
          + "[m.groups.year, m.groups.month, m.index].join()"
    },
    {"regexp-unicode", "/[\u03b1-\u03c9]+/i.exec('xx \u0391\u03b2\u03b3')[0]"},
    {"template", "var a = 1; `x${a}y${a + 1}\\n\\u0041`"},
    {
      "template-tagged",
      "function t(s) { return s.raw.join('|') + s.join('|')"
          + " + [].slice.call(arguments, 1).join() + Object.isFrozen(s); }"
          + "function f() { return t`a\\n${1}b${2}`; } f() + f()"
    },
    {
      "template-site",
      "function t(s) { return s; } function f() { return t`x${1}`; }"
          + "[f() === f(), t`x${1}` === f()].join()"
    },
    {
      "generator",
      "function* g(n) { for (var i = 0; i < n; i++) { var x = yield i * 2;"
          + " if (x) return x; } } var r = []; for (var v of g(4)) r.push(v);"
          + "var it = g(9); it.next(); r.push(it.next('end').value); r.join()"
    },
    {
      "generator-delegate",
      "function* a() { yield 1; return 2; }"
          + "function* b() { var r = yield* a(); yield r; try { yield 3 } finally { yield 4 } }"
          + "var r = []; for (var v of b()) r.push(v); r.join()"
    },
    {
      "closures",
      "var f = []; for (let i = 0; i < 3; i++) f.push(function () { return i++; });"
          + "[f[0](), f[0](), f[1](), f[2]()].join()"
    },
    {
      "counter",
      "function make() { var n = 0; return { up: function () { return ++n; } }; }"
          + "var a = make(), b = make(); a.up(); a.up(); [a.up(), b.up()].join()"
    },
    {
      "accessors",
      "var o = { _v: 1, get v() { return this._v; }, set v(x) { this._v = x * 2; } };"
          + "o.v = 21; [o.v, Object.keys(o)].join()"
    },
    {
      "destructuring",
      "var [a, , b = 5] = [1, 2]; var {c, d: {e}} = {c: 3, d: {e: 4}};"
          + "function f({x, y = 9}) { return x + y; } [a, b, c, e, f({x: 1})].join()"
    },
    {
      "defaults",
      "function f(a, b = a + 1, c = function () { return b; }) { return a + b + c(); }"
          + "[f(1), f(1, 5), f.length].join()"
    },
    {"rest", "function f(a, ...r) { return a + ':' + r.length + r.join(); } f(1) + f(1, 2, 3)"},
    {
      "spread",
      "function f(a, b, c) { return a + b + c; } var x = [1, 2, 3];"
          + "[...x, ...'ab'].join() + JSON.stringify({...{p: 1}, q: 2})"
    },
    {
      "arrows",
      "function F() { this.v = 7; this.get = () => () => this.v; }"
          + "[new F().get()(), ((a, b) => a * b)(3, 4), (() => ({x: 1}))().x,"
          + "(function () { return (() => arguments[0])(); })(5)].join()"
    },
    {
      "try",
      "function f(n) { var r = ''; try { r += 't'; if (n) throw new Error('e' + n); r += 'u' }"
          + " catch (e) { r += e.message; if (n > 1) return r + 'R' } finally { r += 'f' } return r"
          + " }f(0) + f(1) + f(2)"
    },
    {
      "try-nested",
      "var r = []; for (var i = 0; i < 3; i++) { try { try { if (i == 1) continue;"
          + " if (i == 2) throw i; r.push('a' + i) } finally { r.push('f' + i) } }"
          + " catch (e) { r.push('c' + e) } } r.join()"
    },
    {
      "switch",
      "function f(x) { switch (x) { case 1: return 'one'; case 'a': case 'b': x = 'ab'; default:"
          + " return x + '!'; case 1.5: return 'half' } } [f(1), f('b'), f(1.5), f(0)].join()"
    },
    {
      "labels",
      "var r = ''; out: for (var i = 0; i < 3; i++) { for (var j = 0; j < 3; j++) {"
          + " if (j == 2) continue out; if (i == 2) break out; r += i + '' + j + ' ' } } r"
    },
    {
      "loops",
      "var r = []; for (var k in {a: 1, b: 2}) r.push(k); for (var v of [3, 4]) r.push(v);"
          + "var i = 0; do { r.push(i) } while (++i < 2); while (i--) r.push(-i); r.join()"
    },
    {
      "let-const",
      "const C = 5; let r = C; { let d = 6; r += d } try { later; let later = 1 }"
          + " catch (e) { r += e.name } r"
    },
    {"const-write", "const C = 5; var r; try { C = 6; r = C } catch (e) { r = e.name } r"},
    {
      "bigint",
      "[10n ** 30n, -7n / 2n, 0n, -1n, 123456789012345678901234567890n,"
          + "0xffffffffffffffffffn, typeof 1n].join()"
    },
    {
      "numbers",
      "[-0, 1 / -0, NaN, Infinity, 1e308 * 10, 5e-324, 0.1, 2147483648, -2147483649,"
          + "65535, 65536, 32768, -32769, 1.7976931348623157e308, 0x7fffffff, 0b101, 0o17].join()"
          + " + Object.is(-0, 0 * -1)"
    },
    {
      "symbols",
      "var s = Symbol('d'); var o = {}; o[s] = 1; [s.toString(), o[s],"
          + "Symbol.for('a') === Symbol.for('a'), typeof Symbol.iterator].join()"
    },
    {
      "iterators",
      "var o = {[Symbol.iterator]: function () { var n = 0; return { next: function () { return"
          + " {value: n, done: n++ > 2} } } } }; var r = []; for (var v of o) r.push(v); r.join()"
    },
    {
      "eval",
      "var x = 1; function f() { var x = 2; return eval('x + 1') + (0, eval)('x'); }"
          + "f() + new Function('a', 'b', 'return a * b')(6, 7)"
    },
    {
      "with",
      "var o = {a: 1, b: 2}; var a = 9; with (o) { a = a + b; var c = a } [o.a, a, c].join()"
    },
    {
      "strict",
      "'use strict'; function f() { return this === undefined }"
          + "var r; try { undeclared = 1 } catch (e) { r = e.name } [f(), r].join()"
    },
    {
      "strict-function",
      "function f() { 'use strict'; return typeof this }"
          + "function g() { return typeof this } f() + g()"
    },
    {"xml", "var x = <a b=\"c\"><d>e</d></a>; x.d.toString()"},
    {
      "object-literals",
      "var k = 'x', n = 0; var o = {a: 1, 'b c': 2, 3: 4, 1.5: 6, ['p' + k]: 7,"
          + "[++n]: 8, [Symbol.iterator]: 9, f() { return 10 }, k, __proto__: {up: 11}};"
          + "JSON.stringify(o) + o.f() + o.up + o[Symbol.iterator] + Object.keys(o)"
    },
    {
      "object-literals-again",
      "function f(i) { return {['k' + i]: i, s: i}; }" + "JSON.stringify([f(1), f(2), f(3)])"
    },
    {"sparse", "var a = [, 1, , 2, ,]; [a.length, 0 in a, 1 in a, a.join('-')].join()"},
    {
      "operators",
      "var o = {a: {b: 1}}; var n = null; [o?.a?.b, n?.x, n ?? 'd', 2 ** 10, typeof q,"
          + "void 0, delete o.a, 'a' in o, 7 % 3, 5 >>> 1, ~5, !0, 3 & 6 | 8 ^ 1, (1, 2)].join()"
    },
    {
      "compound",
      "var a = 1, o = {n: 1}, r = [1]; a += 2; a <<= 2; o.n++; --o.n; r[0] *= 5; o['n'] -= 3;"
          + "var i = 0; r[i++]++; [a, o.n, r[0], i].join()"
    },
    {
      "logical-assignment",
      "var a = null, b = 0, c = 1; a ??= 4; b ||= 5; c &&= 6; [a, b, c].join()"
    },
    {
      "unicode",
      "var \u03b1\u03b2 = '\\ud800 \\udc00 \ud83d\ude00 \\0 \u00e9 \\u2028';"
          + "\u03b1\u03b2.length + escape(\u03b1\u03b2)"
    },
    {
      "lone-surrogate-names", "var o = {'\\ud800': 1, '\\udc00x': 2}; escape(Object.keys(o).join())"
    },
    {"latin-source", "var \u00e9\u00df = 'na\u00efve \u00ff'; '\u00e9'.length + \u00e9\u00df;"},
    {
      "this",
      "var v = 3; function F() { this.v = 4 } F.prototype.g = function () { return this.v };"
          + "var f = new F(); [f.g(), f.g.call({v: 5}), f.g.apply({v: 6}, []), f.g.bind({v: 7})(),"
          + "f instanceof F].join()"
    },
    {"arguments", "function f(a) { arguments[0] = 9; return a + arguments.length } f(1, 2, 3)"},
    {
      "hoisting",
      "var r = typeof f + typeof g; function f() {} var g = function h() { return typeof h };"
          + "r + g() + typeof h + f.name + g.name"
    },
    {"recursion", "(function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) })(15)"},
    {"json-date", "JSON.stringify({a: [1, {b: null}]}) + new Date(0).toISOString()"},
    {"promise", "var r = []; Promise.resolve(1).then(function (v) { r.push(v) }); r.push(0); r"},
    {
      "methods",
      "var o = {m() { return super.toString === Object.prototype.toString },"
          + "*g() { yield 1 }}; [o.m(), o.g().next().value].join()"
    },
    {
      "errors",
      """
      var r = [];
      try { null.x } catch (e) { r.push(e.message, e.lineNumber) }
      try { undefined.y() } catch (e) { r.push(e.message, e.lineNumber) }
      try { nope() } catch (e) { r.push(e.name, e.fileName, e.stack) }
      r.join()
      """
    },
    {"debugger", "debugger; 1"},
    {
      "to-string",
      "function f ( a,b ) { /* c */ return a\t+ b } var g = (x) =>  x;"
          + "f.toString() + g + ({ m ( ) { } }).m"
    },
  };

  /** A function whose jumps do not fit 16 bits. */
  private static String longJumps() {
    StringBuilder text = new StringBuilder("function f(a, n) { var s = 0;\n");
    text.append("for (var i = 0; i < n; i++) { if (a) {\n");
    for (int i = 0; i < 6000; i++) {
      text.append("s = s + i * ").append(i).append("; a = a && true;\n");
    }
    text.append("} else { s -= 1 } if (s < 0) continue; try { s += 2 } finally { s += 3 } }\n");
    return text.append("return s } [f(true, 3), f(false, 2)].join()").toString();
  }

  private static String manyFunctions() {
    StringBuilder text = new StringBuilder("var s = 0;\n");
    for (int i = 0; i < 1500; i++) {
      text.append("function f")
          .append(i)
          .append("(x) { return /^\\d+$/.test(x) && (() => x + ")
          .append(i);
      text.append(")() }\n");
    }
    return text.append("for (var i = 0; i < 1500; i += 7) s += this['f' + i](i); s").toString();
  }

  private static String nested(int depth) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      text.append("(function f").append(i).append("(v").append(i).append(") { return v").append(i);
      text.append(" + ");
    }
    text.append('0');
    for (int i = depth - 1; i >= 0; i--) {
      text.append(" })(").append(i).append(')');
    }
    return text.toString();
  }

  private static String largeFunction() {
    StringBuilder text = new StringBuilder("function f() { var r = 0;\n");
    for (int i = 0; i < 4000; i++) {
      text.append("r += 'name").append(i).append("'.length * ").append(i).append(".25;\n");
    }
    return text.append("return r } f()").toString();
  }

  /** More strings, doubles and literals than one byte can number. */
  private static String manyConstants() {
    StringBuilder text = new StringBuilder("var a = [");
    for (int i = 0; i < 70000; i++) {
      text.append(i).append(i % 2 == 0 ? ".5," : ",");
    }
    text.append("]; var o = [");
    for (int i = 0; i < 400; i++) {
      text.append("{k").append(i).append(": ").append(i).append("n, r: /x").append(i).append("/},");
    }
    return text.append("]; '' + a.length + a[69998] + o[399].k399 + o[399].r").toString();
  }
}
