package dev.thermae.script;

import groovy.lang.GroovyClassLoader;
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

/** What programs do with Groovy's script engine. */
final class GroovyCalls {
  private final List<ScriptCall> calls = new ArrayList<>();

  private GroovyCalls() {}

  static List<ScriptCall> all() {
    GroovyCalls all = new GroovyCalls();
    all.evaluating();
    all.compiling();
    all.globals();
    all.invoking();
    all.failing();
    all.definingClasses();
    all.engine();
    all.otherTexts();
    return all.calls;
  }

  private void call(String name, ScriptCall.Body body) {
    calls.add(new ScriptCall("groovy", name, body));
  }

  private void evaluating() {
    call("eval of a text", (engine, notes) -> notes.of(() -> engine.eval("1 + 1")));
    call(
        "eval twice",
        (engine, notes) -> twice(notes, () -> engine.eval("[1, 2].collect { it * 2 }")));
    call(
        "eval of a reader",
        (engine, notes) -> notes.of(() -> engine.eval(new StringReader("'a' * 3"))));
    call(
        "eval with bindings",
        (engine, notes) -> {
          Bindings bindings = new SimpleBindings(new HashMap<>(Map.of("x", 3)));
          notes.of(() -> engine.eval("y = x + 1; y", bindings));
          notes.value(new java.util.TreeMap<>(bindings).toString());
          notes.of(() -> engine.get("y"));
        });
    call(
        "eval with a context",
        (engine, notes) -> {
          ScriptContext context = new SimpleScriptContext();
          context.setAttribute("x", 5, ScriptContext.ENGINE_SCOPE);
          StringWriter out = new StringWriter();
          context.setWriter(out);
          notes.of(() -> engine.eval("println x; print 'z'; context.is(null)", context));
          notes.of(() -> engine.eval(new StringReader("x * 2"), context));
          notes.value(out.toString());
        });
    call(
        "closures",
        (engine, notes) -> notes.of(() -> engine.eval("def f = { a -> { -> a * 2 } }; f(4)()")));
    call(
        "strings",
        (engine, notes) -> notes.of(() -> engine.eval("def n = 'you'; \"hi ${n} ${ -> n }\"")));
    call("null", (engine, notes) -> notes.of(() -> engine.eval("null")));
    call("an empty text", (engine, notes) -> notes.of(() -> engine.eval("")));
    call("a null text", (engine, notes) -> notes.of(() -> engine.eval((String) null)));
    call("a null reader", (engine, notes) -> notes.of(() -> engine.eval((java.io.Reader) null)));
  }

  private void compiling() {
    call(
        "a compiled script",
        (engine, notes) -> {
          CompiledScript script =
              ((Compilable) engine).compile("x = (binding.hasVariable('x') ? x : 0) + 1");
          notes.value(script.getEngine() == engine);
          twice(notes, script::eval);
          notes.of(() -> script.eval(new SimpleBindings(new HashMap<>(Map.of("x", 40)))));
          ScriptContext context = new SimpleScriptContext();
          notes.of(() -> script.eval(context));
          notes.of(() -> engine.get("x"));
        });
    call(
        "a compiled reader",
        (engine, notes) ->
            notes.of(() -> ((Compilable) engine).compile(new StringReader("3 * 4")).eval()));
  }

  private void globals() {
    call(
        "put and get",
        (engine, notes) -> {
          engine.put("a", 1);
          notes.of(() -> engine.eval("b = a + 1; a = 7; b"));
          notes.of(() -> engine.get("a"));
          notes.of(() -> engine.get("b"));
          notes.of(() -> engine.get("c"));
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
          notes.of(() -> engine.eval("g = 'changed'; h = 1; g"));
          notes.value(global.get("g"));
          notes.value(global.containsKey("h"));
        });
    call(
        "output of the engine's context",
        (engine, notes) -> {
          StringWriter out = new StringWriter();
          engine.getContext().setWriter(out);
          notes.of(() -> engine.eval("println 'one'; out.print 'two'"));
          notes.value(out.toString());
        });
    call("a missing variable", (engine, notes) -> notes.of(() -> engine.eval("missing + 1")));
    call(
        "kept globals",
        (engine, notes) -> {
          engine.put("#jsr223.groovy.engine.keep.globals", "weak");
          notes.of(() -> engine.eval("def f() { 3 }; f()"));
          notes.of(() -> engine.eval("f() + 1"));
        });
  }

  private void invoking() {
    call(
        "functions of earlier scripts",
        (engine, notes) -> {
          notes.of(
              () -> engine.eval("def add(a, b) { a + b }; def twice = { it * 2 }; k = { it + 1 }"));
          notes.of(() -> engine.eval("add(1, 2)"));
          notes.of(() -> ((Invocable) engine).invokeFunction("add", 3, 4));
          notes.of(() -> ((Invocable) engine).invokeFunction("k", 5));
          notes.of(() -> ((Invocable) engine).invokeFunction("twice", 5));
          notes.of(() -> ((Invocable) engine).invokeFunction("missing"));
        });
    call(
        "methods",
        (engine, notes) -> {
          Object it = engine.eval("class Counter { int n; def up(by) { n += by } }; new Counter()");
          twice(notes, () -> ((Invocable) engine).invokeMethod(it, "up", 5));
          notes.of(() -> ((Invocable) engine).invokeMethod(it, "down"));
          notes.of(() -> ((Invocable) engine).invokeMethod(null, "up"));
        });
    call(
        "interfaces",
        (engine, notes) -> {
          engine.eval("def call() { 'called' }");
          notes.of(() -> ((Invocable) engine).getInterface(Callable.class).call());
          Object it = engine.eval("[call: { -> 'map' }]");
          notes.of(() -> ((Invocable) engine).getInterface(it, Callable.class).call());
          notes.of(() -> ((Invocable) engine).getInterface(String.class));
        });
  }

  private void failing() {
    call("a syntax error", (engine, notes) -> twice(notes, () -> engine.eval("def x = \n )")));
    call(
        "a syntax error when compiling",
        (engine, notes) -> notes.of(() -> ((Compilable) engine).compile("class {")));
    call("an unknown class", (engine, notes) -> notes.of(() -> engine.eval("new Nowhere()")));
    call(
        "an exception",
        (engine, notes) ->
            twice(
                notes,
                () ->
                    engine.eval(
                        "\n\ndef f() {\n  [1].each { throw new IllegalStateException('x') }\n}\nf()")));
    call(
        "an error",
        (engine, notes) -> notes.of(() -> engine.eval("throw new AssertionError('x')")));
    call(
        "a power assertion",
        (engine, notes) -> notes.of(() -> engine.eval("def a = 3\nassert a * 2 == 7")));
    call(
        "errors of a named script",
        (engine, notes) -> {
          engine.put(ScriptEngine.FILENAME, "billing.groovy");
          notes.of(() -> engine.eval("\nthrow new IllegalStateException('x')"));
          notes.of(() -> engine.eval("\n\n(("));
          notes.of(() -> engine.eval("getClass().name"));
        });
  }

  private void definingClasses() {
    call(
        "classes of earlier scripts",
        (engine, notes) -> {
          notes.of(() -> engine.eval("class Rate { static of(x) { x * 2 } }"));
          notes.of(() -> engine.eval("Rate.of(4)"));
          notes.of(() -> engine.eval("class Rate { static of(x) { x * 3 } }; 1"));
          notes.of(() -> engine.eval("Rate.of(4) "));
          notes.of(
              () -> engine.eval("Class.forName('Ra' + 'te', true, getClass().classLoader).of(5)"));
        });
    call(
        "a name that is a class later",
        (engine, notes) -> {
          engine.put("Later", "variable");
          notes.of(() -> engine.eval("Later.toString()"));
          notes.of(() -> engine.eval("class Later {}; 1"));
          notes.of(() -> engine.eval(" Later.toString()"));
        });
    call(
        "classes that extend earlier ones",
        (engine, notes) -> {
          engine.eval(
              "interface Shape { int area() }; abstract class Base implements Shape { int n = 3 }");
          engine.eval("class Square extends Base { int area() { n * n } }");
          notes.of(() -> engine.eval("def s = new Square(); [s.area(), s instanceof Shape]"));
        });
    call(
        "a script with classes",
        (engine, notes) ->
            notes.of(
                () ->
                    engine.eval("class A { B b = new B() }; class B { def t = 4 }; new A().b.t")));
    call(
        "traits, enums and packages",
        (engine, notes) ->
            notes.of(
                () ->
                    engine.eval(
                        "package p.q\ntrait T { def hi() { 'hi' } }\nenum E { ONE, TWO }\nclass I implements T {}\n[new I().hi(), E.TWO, getClass().name, I.name]")));
    call(
        "its own name",
        (engine, notes) ->
            notes.of(
                () ->
                    engine.eval(
                        "[this.class.name, { -> this }().class.simpleName, getClass().package]")));
    call(
        "names of other scripts",
        (engine, notes) -> notes.of(() -> engine.eval("Script1 == null")));
    call(
        "a base script class",
        (engine, notes) -> {
          notes.of(
              () -> engine.eval("abstract class Base extends Script { def own() { 'own' } }; 1"));
          notes.of(() -> engine.eval("@groovy.transform.BaseScript Base b\nown()"));
        });
    call(
        "files in folders",
        (engine, notes) -> {
          engine.put(ScriptEngine.FILENAME, "com/shop/Tax.groovy");
          notes.of(() -> engine.eval("package com.shop; class Tax { static rate() { 19 } }"));
          engine.put(ScriptEngine.FILENAME, "use tax.groovy");
          notes.of(() -> engine.eval("com.shop.Tax.rate() + ' ' + getClass().name"));
          notes.of(() -> engine.eval("throw new IllegalStateException()"));
        });
    call(
        "escapes and comments",
        (engine, notes) -> {
          engine.eval("class Hidden { static x() { 5 } }");
          notes.of(() -> engine.eval("Hidd\\u0065n.x()"));
          notes.of(() -> engine.eval("/* Hidden */ 1"));
          notes.of(() -> engine.eval("#!/usr/bin/env groovy\n3"));
        });
    call(
        "meta classes",
        (engine, notes) -> {
          notes.of(() -> engine.eval("metaClass.extra = { 7 }; extra()"));
          notes.of(() -> engine.eval("Integer.metaClass.twice = { -> delegate * 2 }; 4.twice()"));
          notes.of(() -> engine.eval("GroovySystem.metaClassRegistry.removeMetaClass(Integer); 1"));
        });
    call(
        "a main method",
        (engine, notes) ->
            notes.of(
                () -> engine.eval("class M { static void main(String[] a) { println 'main' } }")));
    call(
        "jars that are asked for",
        (engine, notes) -> notes.of(() -> engine.eval("@Grab\nimport java.util.List\n1")));
    call(
        "many classes",
        (engine, notes) ->
            notes.of(
                () ->
                    engine.eval(
                        "(1..3).collect { i -> (1..3).collect { j -> { -> i * j } } }.flatten()*.call().sum()")));
    call(
        "switches on types",
        (engine, notes) ->
            notes.of(
                () ->
                    engine.eval(
                        "def f(x) { switch (x) { case Integer: return 'i'; case ~/a.*/: return 'a'; default: return 'd' } }; [f(1), f('abc'), f(null)]")));
    call(
        "static imports",
        (engine, notes) ->
            notes.of(
                () ->
                    engine.eval(
                        "import static java.lang.Math.max\nimport groovy.transform.*\n@Field int q = 4\n@CompileStatic int f(int a) { max(a, 2) }\nf(q)")));
  }

  private void engine() {
    call(
        "the engine's own answers",
        (engine, notes) -> {
          notes.value(engine.getClass().getName());
          notes.value(engine.getFactory().getClass().getName());
          notes.value(engine.getFactory().getEngineName());
          notes.value(engine.createBindings().getClass().getName());
          notes.value(engine.getContext().getClass().getName());
        });
    call(
        "scripts that compile more",
        (engine, notes) -> {
          notes.of(() -> engine.eval("new GroovyShell(getClass().classLoader).evaluate('6 * 7')"));
          notes.of(() -> engine.eval("Eval.me('1 + 2')"));
          notes.of(
              () ->
                  engine.eval(
                      "getClass().classLoader.parseClass('class Made { def x = 9 }').name"));
          notes.of(() -> engine.eval("new Made().x"));
        });
    call(
        "a class loader that was given more",
        (engine, notes) -> {
          GroovyClassLoader loader =
              ((org.codehaus.groovy.jsr223.GroovyScriptEngineImpl) engine).getClassLoader();
          loader.parseClass("class Given { def x = 11 }");
          notes.of(() -> engine.eval("new Given().x"));
        });
  }

  private void otherTexts() {
    call(
        "characters beyond the first plane",
        (engine, notes) -> notes.of(() -> engine.eval("'\uD83D\uDE00\u00e9'.length()")));
    call(
        "half a character",
        (engine, notes) -> notes.of(() -> engine.eval("(int) ('\uD83D' as char)")));
    call("a byte order mark", (engine, notes) -> notes.of(() -> engine.eval("\uFEFF1 + 1")));
    call(
        "a replaced character",
        (engine, notes) -> notes.of(() -> engine.eval("(int) ('?' as char)")));
  }

  private static void twice(Notes notes, Callable<?> call) {
    notes.of(call);
    notes.of(call);
  }
}
