package dev.thermae.script;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.script.Bindings;
import javax.script.Compilable;
import javax.script.CompiledScript;
import javax.script.Invocable;
import javax.script.ScriptContext;
import javax.script.ScriptEngine;
import javax.script.SimpleBindings;
import javax.script.SimpleScriptContext;

/** What programs do with Rhino's script engine. */
final class RhinoCalls {
  private final List<ScriptCall> calls = new ArrayList<>();

  private RhinoCalls() {}

  static List<ScriptCall> all() {
    RhinoCalls all = new RhinoCalls();
    all.evaluating();
    all.compiling();
    all.scopes();
    all.invoking();
    all.failing();
    all.settings();
    return all.calls;
  }

  private void call(String name, ScriptCall.Body body) {
    calls.add(new ScriptCall("rhino", name, body));
  }

  private void evaluating() {
    call("eval of a text", (engine, notes) -> notes.of(() -> engine.eval("1 + 1")));
    call(
        "values",
        (engine, notes) -> {
          for (String each :
              List.of(
                  "1.5",
                  "'a'",
                  "true",
                  "null",
                  "undefined",
                  "[1, 2].length",
                  "0.1 + 0.2",
                  "1 / 0",
                  "2147483648",
                  "")) {
            notes.of(() -> engine.eval(each));
          }
        });
    call(
        "eval of a reader",
        (engine, notes) -> notes.of(() -> engine.eval(new StringReader("'a' + 3"))));
    call(
        "eval with bindings",
        (engine, notes) -> {
          Bindings bindings = new SimpleBindings(new HashMap<>(Map.of("x", 3)));
          notes.of(() -> engine.eval("var y = x + 1; z = 2; y", bindings));
          notes.value(new java.util.TreeSet<>(bindings.keySet()).toString());
          notes.of(() -> engine.get("y"));
        });
    call(
        "eval with a context",
        (engine, notes) -> {
          ScriptContext context = new SimpleScriptContext();
          context.setAttribute("x", 5, ScriptContext.ENGINE_SCOPE);
          StringWriter out = new StringWriter();
          context.setWriter(out);
          notes.of(() -> engine.eval("print(x); print('a', 1); x", context));
          notes.of(() -> engine.eval(new StringReader("x * 2"), context));
          notes.value(out.toString());
        });
    call("a null text", (engine, notes) -> notes.of(() -> engine.eval((String) null)));
    call("a null reader", (engine, notes) -> notes.of(() -> engine.eval((java.io.Reader) null)));
    call(
        "newer language",
        (engine, notes) ->
            notes.of(
                () ->
                    engine.eval(
                        "const f = (a, b = 2) => `${a}-${b}`; let m = new Map([[1, f(1)]]); [...m.values()].join()")));
    call(
        "texts of functions",
        (engine, notes) ->
            notes.of(
                () -> engine.eval("function f( a ) { return a; } String(f) + (function g(){}) ")));
    call(
        "templates",
        (engine, notes) -> {
          String text =
              "function tag(s) { tag.all = (tag.all || []); tag.all.push(s); return s.raw[0]; } function t() { return tag`a\\n`; } t() + t() + (tag.all[0] === tag.all[1])";
          notes.of(() -> engine.eval(text));
          notes.of(() -> engine.eval(text));
        });
    call(
        "java",
        (engine, notes) ->
            notes.of(
                () ->
                    engine.eval(
                        "var l = new java.util.ArrayList(); l.add('x'); l.size() + ':' + l.get(0)")));
    call(
        "eval and Function within",
        (engine, notes) ->
            notes.of(
                () ->
                    engine.eval(
                        "eval('var q = 3; q * 2') + new Function('a', 'return a + 1')(4)")));
    call(
        "regular expressions",
        (engine, notes) ->
            notes.of(
                () ->
                    engine.eval("var r = /(a)(b+)/gi; 'xabbAB'.replace(r, '[$2]') + r.lastIndex")));
    call(
        "texts that bytes cannot hold",
        (engine, notes) -> {
          notes.of(() -> engine.eval("'\uD83D'.charCodeAt(0)"));
          notes.of(() -> engine.eval("'?'.charCodeAt(0)"));
          notes.of(() -> engine.eval("\uFEFF1 + 1"));
          notes.of(() -> engine.eval("'\uD83D\uDE00'.length"));
        });
  }

  private void compiling() {
    call(
        "a compiled script",
        (engine, notes) -> {
          CompiledScript script =
              ((Compilable) engine).compile("var x = (typeof x == 'undefined' ? 0 : x) + 1; x");
          notes.value(script.getEngine() == engine);
          notes.value(script.getClass().getName());
          notes.of(script::eval);
          notes.of(script::eval);
          notes.of(() -> script.eval(new SimpleBindings(new HashMap<>(Map.of("x", 40)))));
          notes.of(() -> script.eval(new SimpleScriptContext()));
          notes.of(() -> engine.get("x"));
        });
    call(
        "a compiled reader",
        (engine, notes) ->
            notes.of(() -> ((Compilable) engine).compile(new StringReader("3 * 4")).eval()));
    call(
        "a compiled error",
        (engine, notes) -> {
          CompiledScript script = ((Compilable) engine).compile("\n\nnull.x");
          notes.of(script::eval);
        });
  }

  private void scopes() {
    call(
        "put and get",
        (engine, notes) -> {
          engine.put("a", 1);
          notes.of(() -> engine.eval("var b = a + 1; a = 7; b"));
          notes.of(() -> engine.get("a"));
          notes.of(() -> engine.get("b"));
          notes.of(() -> engine.get("c"));
          notes.of(() -> engine.eval("typeof c"));
        });
    call(
        "global and engine scope",
        (engine, notes) -> {
          Bindings global = engine.createBindings();
          global.put("g", "global");
          global.put("both", "global");
          engine.setBindings(global, ScriptContext.GLOBAL_SCOPE);
          engine.put("both", "engine");
          notes.of(() -> engine.eval("g + both"));
          notes.of(() -> engine.eval("g = 'changed'; g"));
          notes.value(global.get("g"));
        });
    call(
        "output of the engine's context",
        (engine, notes) -> {
          StringWriter out = new StringWriter();
          engine.getContext().setWriter(out);
          notes.of(() -> engine.eval("print('one', 2); print()"));
          notes.value(out.toString());
        });
    call(
        "this and top-level functions",
        (engine, notes) -> {
          notes.of(() -> engine.eval("function f() { return 4; } this.f === f"));
          notes.of(() -> engine.eval("f() + 1"));
        });
  }

  private void invoking() {
    call(
        "functions",
        (engine, notes) -> {
          engine.eval(
              "function add(a, b) { return a + b; } var o = { n: 1, up: function (by) { this.n += by; return this.n; } }; var five = 5;");
          notes.of(() -> ((Invocable) engine).invokeFunction("add", 3, 4));
          notes.of(() -> ((Invocable) engine).invokeFunction("missing"));
          notes.of(() -> ((Invocable) engine).invokeFunction("five"));
          Object it = engine.get("o");
          notes.of(() -> ((Invocable) engine).invokeMethod(it, "up", 5));
          notes.of(() -> ((Invocable) engine).invokeMethod(it, "up", 5));
          notes.of(() -> ((Invocable) engine).invokeMethod(it, "down"));
        });
    call(
        "functions that throw",
        (engine, notes) -> {
          engine.eval("function f() {\n  throw new TypeError('no');\n}\nfunction g() { f(); }");
          notes.of(() -> ((Invocable) engine).invokeFunction("g"));
        });
    call(
        "interfaces",
        (engine, notes) -> {
          engine.eval(
              "function call() { return 'called'; } var o = { call: function () { return 'object'; } };");
          notes.of(() -> ((Invocable) engine).getInterface(Callable.class).call());
          notes.of(() -> ((Invocable) engine).getInterface(engine.get("o"), Callable.class).call());
          notes.of(() -> ((Invocable) engine).getInterface(Runnable.class));
          notes.of(() -> ((Invocable) engine).getInterface(String.class));
        });
  }

  private void failing() {
    call(
        "a syntax error",
        (engine, notes) -> {
          notes.of(() -> engine.eval("var x = \n ;"));
          notes.of(() -> engine.eval("var x = \n ;"));
          notes.of(() -> ((Compilable) engine).compile("var x = \n ;"));
        });
    call(
        "a thrown error",
        (engine, notes) ->
            notes.of(() -> engine.eval("\n\nfunction f() {\n  throw new Error('x');\n}\nf()")));
    call("a thrown value", (engine, notes) -> notes.of(() -> engine.eval("throw 5")));
    call(
        "an exception of Java",
        (engine, notes) -> notes.of(() -> engine.eval("\njava.lang.Integer.parseInt('x')")));
    call("a reference error", (engine, notes) -> notes.of(() -> engine.eval("\n  missing.x")));
    call(
        "errors that scripts look at",
        (engine, notes) ->
            notes.of(
                () ->
                    engine.eval(
                        "\nfunction f() { null.x }\ntry { f() } catch (e) { [e.name, e.lineNumber, e.fileName, e.message].join() }")));
    call(
        "stacks that scripts look at",
        (engine, notes) ->
            notes.of(() -> engine.eval("function f() { return new Error('x').stack } f()")));
    call(
        "errors of a named script",
        (engine, notes) -> {
          engine.put(ScriptEngine.FILENAME, "billing.js");
          notes.of(() -> engine.eval("\nnull.x"));
          notes.of(() -> engine.eval("\n(("));
          notes.of(() -> ((Compilable) engine).compile("\nnull.x").eval());
        });
    call(
        "endless recursion",
        (engine, notes) -> {
          notes.of(() -> engine.eval("function f() { return 1 + f(); } f()"));
          notes.of(() -> ((Invocable) engine).invokeFunction("f"));
          notes.of(() -> engine.eval("1 + 1"));
        });
  }

  private void settings() {
    call(
        "types of numbers in bindings",
        (engine, notes) -> {
          engine.eval(
              "a = 7; b = 7.5; c = 3 + 4; d = a * 2; e = 1 << 3; f = [1].length; var g = -0;");
          for (String each : List.of("a", "b", "c", "d", "e", "f", "g")) {
            notes.of(() -> engine.get(each));
          }
        });
    call(
        "numbers given to Java",
        (engine, notes) -> {
          engine.put("list", new ArrayList<Object>());
          notes.of(
              () ->
                  engine.eval("list.add(7); list.add(7.5); list.add(a = 3 * 2); list.toString()"));
          notes.of(() -> String.valueOf(((List<?>) engine.get("list")).get(0).getClass()));
        });
    call(
        "generators and closures",
        (engine, notes) -> {
          notes.of(
              () ->
                  engine.eval(
                      "function* g() { let n = 0; while (n < 3) { yield n++; } } Array.from(g()).join()"));
          notes.of(
              () ->
                  engine.eval(
                      "var fs = []; for (let i = 0; i < 3; i++) { fs.push(() => i); } fs.map(f => f()).join()"));
        });
    call(
        "a function of two scripts",
        (engine, notes) -> {
          engine.eval("var n = 0; function up() { return ++n; }");
          notes.of(() -> engine.eval("up(); up()"));
          notes.of(() -> engine.eval("var up2 = up; n = 10; up2()"));
          notes.of(() -> ((Invocable) engine).invokeFunction("up"));
        });
    call(
        "strict mode",
        (engine, notes) -> {
          notes.of(() -> engine.eval("'use strict'; undeclared = 1"));
          notes.of(() -> engine.eval("(function () { 'use strict'; return typeof this; })()"));
        });
    call(
        "a long script",
        (engine, notes) -> {
          StringBuilder text = new StringBuilder("var sum = 0;");
          for (int i = 0; i < 3000; i++) {
            text.append("sum += ")
                .append(i)
                .append("; if (sum == -")
                .append(i + 1)
                .append(") sum = 'x';\n");
          }
          notes.of(() -> engine.eval(text + "sum"));
        });
    call(
        "language versions",
        (engine, notes) -> {
          for (Object each : new Object[] {180, "200", 0, "x", 7, 1.5}) {
            engine.put(ScriptEngine.LANGUAGE_VERSION, each);
            notes.of(() -> engine.eval("typeof Symbol + [1].map(function (a) { return a; })"));
            notes.of(() -> engine.eval("let a = 1; a"));
          }
        });
    call(
        "interpreted mode",
        (engine, notes) -> {
          engine.put("org.mozilla.javascript.interpreted_mode", "true");
          notes.of(() -> engine.eval("1 + 2"));
          engine.put("org.mozilla.javascript.optimization_level", -1);
          notes.of(() -> engine.eval("1 + 3"));
          engine.put("org.mozilla.javascript.optimization_level", "x");
          notes.of(() -> engine.eval("1 + 3"));
        });
    call(
        "the engine's own answers",
        (engine, notes) -> {
          notes.value(engine instanceof org.mozilla.javascript.engine.RhinoScriptEngine);
          notes.value(engine.getFactory().getClass().getName());
          notes.value(engine.getFactory().getEngineName());
          notes.value(engine.createBindings().getClass().getName());
        });
  }
}
